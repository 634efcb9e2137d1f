import Catalog
import Files
import TestSupport

/// A library that `offbeat serve` serves, and a browser that looks at it.
struct PageStage {
    let studio: Studio
    let browser: Browser
    let url: String
    let token: String

    /// Calls `body` with a store that Ana has and so many short sounds in it, its server, and a browser that was let in.
    static func with(
        sounds: Int = 0, width: Int = 1280, _ body: (PageStage) throws -> Void
    ) throws {
        try Studio.withStore { studio in
            for number in 0..<sounds {
                try studio.sound(FilePath("in/song \(number).wav"), seed: UInt64(number + 1))
            }
            if sounds > 0 { try studio.offbeat("add", "in").done() }
            let server = try studio.start([
                Word(Scenarios.program()), "--json", "serve", "--port", "0",
            ])
            defer {
                server.child.interrupt()
                _ = try? server.child.wait(timeout: 10)
            }
            var hello = JSON.null
            try soon("it is served") {
                let said = try FileSystem.readIfExists(server.out) ?? []
                guard said.last == UInt8(ascii: "\n") else { return false }
                hello = try JSON.parse(said)
                return true
            }
            let (url, token) = (hello["url"]?.asString ?? "", hello["token"]?.asString ?? "")
            try Browser.with(in: studio, width: width) { browser in
                let stage = PageStage(studio: studio, browser: browser, url: url, token: token)
                try browser.open("\(url)/?token=\(token)")
                try body(stage)
                let complaints = try browser.complaints()
                guard complaints.isEmpty else { throw Unexpected("the page complains: \(complaints)") }
            }
        }
    }

    /// Opens a page, and waits until it is drawn.
    func open(_ path: String) throws {
        try browser.open(url + path)
        try browser.wait("the page is drawn", until: "document.querySelector('main > *')")
    }

    /// Waits until the list shows these titles, from the top.
    func waitForTitles(_ titles: [String], in place: String = ".library") throws {
        try soon("the list shows \(titles), not \((try? self.titles(in: place)) ?? [])") {
            try self.titles(in: place) == titles
        }
    }

    /// The titles that the list shows, from the top.
    func titles(in place: String = ".library") throws -> [String] {
        let found = try browser.run(
            """
            return [...document.querySelectorAll('\(place) .row.track:not([hidden])')]
              .filter((row) => row.track)
              .sort((one, other) => one.getAttribute('aria-posinset') - other.getAttribute('aria-posinset'))
              .map((row) => row.parts.title.textContent)
            """)
        return (found.asArray ?? []).compactMap(\.asString)
    }
}

/// Asks again and again, for a quarter of a minute at most: pages are drawn when the browser comes to it.
func soon(_ what: @autoclosure () -> String, _ condition: () throws -> Bool) throws {
    let watch = Stopwatch()
    while watch.seconds < 15 {
        if try condition() { return }
        SystemClock.sleep(seconds: 0.01)
    }
    throw Unexpected("it never came to be that \(what())")
}
