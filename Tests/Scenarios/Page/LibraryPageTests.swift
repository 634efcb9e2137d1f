import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// The library in a real browser.
@Suite(.serialized, .waiting, .enabled(if: Browser.isThere, "`.ci/prepare test` installs chromium"))
struct LibraryPageTests {
    @Test func whatTheCommandLineAddsIsInAnOpenPageWithoutReload() throws {
        try PageStage.with(sounds: 1) { stage in
            try stage.waitForTitles(["song 0"])
            try stage.browser.run("window.isTheSame = true")
            try stage.studio.sound("later.wav", seed: 77)
            try stage.studio.offbeat("add", "later.wav").done()
            let watch = Stopwatch()
            try stage.waitForTitles(["later", "song 0"])
            #expect(watch.seconds < 1)
            // The row that was the active one still is, though another came before it.
            let active = "document.querySelector('.row.track[aria-selected=true]')?.parts.title.textContent"
            #expect(try stage.browser.run("return \(active)") == "song 0")
            try stage.studio.offbeat("edit", "later", "title=Earlier").done()
            try stage.waitForTitles(["Earlier", "song 0"])
            #expect(try stage.browser.run("return window.isTheSame") == true)
        }
    }

    @Test func itIsSearchedAsOneTypesAndByKeysOnly() throws {
        try PageStage.with(sounds: 3) { stage in
            let browser = stage.browser
            try soon("three are listed") { try stage.titles().count == 3 }
            try browser.press("/")
            try browser.press("song 1")
            try stage.waitForTitles(["song 1"])
            try browser.press(Key.enter)
            try browser.press(Key.enter)
            try browser.wait("the track is open", until: "!document.querySelector('.detail').hidden")
            #expect(try browser.run("return document.querySelector('#field-title').value") == "song 1")
            try browser.press(Key.escape)
            try browser.wait("it is closed", until: "document.querySelector('.detail').hidden")
            try browser.press("/")
            try browser.press(Key.escape + Key.escape)
            try soon("all are listed again") { try stage.titles().count == 3 }
            try browser.press("?")
            try browser.wait("the keys are shown", until: "document.querySelector('dialog[open] kbd')")
            try browser.press(Key.escape)
            try browser.press("gd")
            try browser.wait("the dashboard is there", until: "location.pathname === '/dashboard'")
        }
    }

    @Test func aSearchThatCannotBeUnderstoodSaysSoAndNothingMoreBreaks() throws {
        try PageStage.with(sounds: 1) { stage in
            let browser = stage.browser
            try stage.waitForTitles(["song 0"])
            try browser.type("bpm:fast..", into: "#search")
            try browser.wait(
                "it says what is wrong", until: "document.querySelector('#search').ariaInvalid === 'true'")
            try browser.wait("in words", until: "document.querySelector('.nothing').textContent.length > 10")
            try browser.run("document.querySelector('#search').value = ''")
            try browser.type("song", into: "#search")
            try stage.waitForTitles(["song 0"])
        }
    }

    @Test func titlesThatLookLikePagesAreShownAsTheyAre() throws {
        try PageStage.with(sounds: 1) { stage in
            let title = "<img src=x onerror=alert(1)>"
            try stage.studio.offbeat("edit", "song", "title=\(title)").done()
            try stage.waitForTitles([title])
            try stage.browser.press(Key.enter)
            try stage.browser.wait("it is open", until: "!document.querySelector('.detail').hidden")
            #expect(try stage.browser.run("return document.querySelectorAll('main img').length") == 0)
        }
    }

    /// A browser has six connections to a server: a stream for each tab would use them up.
    @Test func manyTabsAreLiveAtOnce() throws {
        try PageStage.with(sounds: 1) { stage in
            try stage.waitForTitles(["song 0"])
            var tabs = [try stage.browser.tab()]
            for _ in 0..<7 {
                tabs.append(try stage.browser.newTab())
                try stage.open("/")
                try stage.waitForTitles(["song 0"])
            }
            // The one that hears the events for the others is closed: another takes its place.
            try stage.browser.go(to: tabs[0])
            try stage.browser.open("about:blank")
            try stage.studio.offbeat("edit", "song", "title=For all").done()
            for tab in tabs.dropFirst() {
                try stage.browser.go(to: tab)
                try stage.waitForTitles(["For all"])
            }
        }
    }

    @Test func aLinkToASearchShowsIt() throws {
        try PageStage.with(sounds: 2) { stage in
            try stage.open("/?q=song+1")
            try stage.waitForTitles(["song 1"])
            #expect(try stage.browser.run("return document.querySelector('#search').value") == "song 1")
        }
    }
}
