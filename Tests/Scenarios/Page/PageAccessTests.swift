import Catalog
import TestTraits
import Testing

/// Coming in, leaving, and what each page is to everybody.
@Suite(.serialized, .waiting, .enabled(if: Browser.isThere, "`.ci/prepare test` installs chromium"))
struct PageAccessTests {
    @Test func whoLeavesSeesNothingMoreAndComesInAgainByAToken() throws {
        try PageStage.with(sounds: 1) { stage in
            let browser = stage.browser
            try stage.waitForTitles(["song 0"])
            #expect(try browser.run("return location.href") == .string("\(stage.url)/"))
            try browser.click("#leave")
            try browser.wait("a token is asked for", until: "document.querySelector('#token')")
            #expect(try stage.titles().isEmpty)
            try browser.type("wrong", into: "#token")
            try browser.press(Key.enter)
            try browser.wait("it says so", until: "!document.querySelector('.login .explanation').hidden")
            try browser.run("document.querySelector('#token').value = ''")
            try browser.type(stage.token, into: "#token")
            try browser.press(Key.enter)
            try stage.waitForTitles(["song 0"])
            try browser.reload()
            try stage.waitForTitles(["song 0"])
        }
    }

    @Test func theOtherTabOfWhoLeavesIsLeftToo() throws {
        try PageStage.with(sounds: 1) { stage in
            let browser = stage.browser
            try stage.waitForTitles(["song 0"])
            _ = try browser.newTab()
            try stage.open("/")
            try stage.waitForTitles(["song 0"])
            try browser.click("#leave")
            try browser.wait("a token is asked for", until: "document.querySelector('#token')")
            try browser.open(stage.url)
            try browser.wait("here as well", until: "document.querySelector('#token')")
        }
    }

    @Test(arguments: [1280, 390]) func everyPageCanBeUsedByEverybody(width: Int) throws {
        try PageStage.with(sounds: 2, width: width) { stage in
            for theme in ["light", "dark"] {
                for path in ["/", "/dashboard", "/cache", "/sync"] {
                    try stage.open(path)
                    try stage.browser.run("document.documentElement.dataset.theme = '\(theme)'")
                    if path == "/" { try soon("it is filled") { try stage.titles().count == 2 } }
                    #expect(try stage.browser.faults().isEmpty, "\(path) \(theme)")
                }
            }
        }
    }

    @Test func noPageAsksAnybodyElse() throws {
        try PageStage.with(sounds: 1) { stage in
            for path in ["/", "/dashboard", "/cache", "/sync"] {
                try stage.open(path)
                let others = try stage.browser.run(
                    """
                    return performance.getEntriesByType('resource').map(({ name }) => name)
                      .filter((name) => new URL(name).origin !== location.origin)
                    """)
                #expect(others == [], "\(path)")
            }
        }
    }
}
