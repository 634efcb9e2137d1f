import Catalog
import Files
import HTTP
import TestSupport

/// A real browser without a window: Chromium, driven through chromedriver by the W3C's WebDriver protocol.
///
/// One browser has several tabs. What is done in a page is done by keys and clicks as a person would, and what is there is
/// asked by a script in the page.
final class Browser {
    /// Whether there is one on this computer.
    static let isThere = isInstalled("chromium") && isInstalled("chromedriver")

    private let driver: Studio.Running
    private let server: String
    private let client = HTTPClient()
    private var session = ""

    /// Calls `body` with a browser that is gone afterwards.
    static func with<R>(in studio: Studio, width: Int = 1280, _ body: (Browser) throws -> R) throws -> R {
        let browser = try Browser(in: studio, width: width)
        defer { browser.quit() }
        return try body(browser)
    }

    private init(in studio: Studio, width: Int) throws {
        // What a browser leaves behind lies where the test's place is swept.
        let driver = try studio.start(["chromedriver", "--port=0"], adding: ["TMPDIR": studio.root.string])
        self.driver = driver
        var port = ""
        try soon("chromedriver listens") {
            let said = String(decoding: try FileSystem.readIfExists(driver.out) ?? [], as: UTF8.self)
            guard let mark = said.firstRange(of: "successfully on port ") else { return false }
            port = String(said[mark.upperBound...].prefix { $0.isNumber })
            return said[mark.upperBound...].contains(".")
        }
        server = "http://127.0.0.1:\(port)"
        let arguments: JSON = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            // It ends when the driver does, however that comes about.
            "--remote-debugging-pipe", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
            .string("--window-size=\(width),800"),
        ]
        let answer = try ask(
            .post, "/session",
            [
                "capabilities": [
                    "alwaysMatch": [
                        "goog:loggingPrefs": ["browser": "ALL"], "goog:chromeOptions": ["args": arguments],
                    ]
                ]
            ])
        session = "/session/\(answer["sessionId"]?.asString ?? "")"
    }

    private func quit() {
        _ = try? ask(.delete, session)
        driver.child.interrupt()
        _ = try? driver.child.wait(timeout: 10)
    }

    // MARK: Tabs

    /// Opens an address in the tab at hand.
    func open(_ url: String) throws { _ = try ask(.post, "\(session)/url", ["url": .string(url)]) }

    /// The tab at hand.
    func tab() throws -> String { try ask(.get, "\(session)/window").asString ?? "" }

    /// Makes a tab and goes to it.
    func newTab() throws -> String {
        let handle = try ask(.post, "\(session)/window/new", ["type": "tab"])["handle"]?.asString ?? ""
        try go(to: handle)
        return handle
    }

    func go(to tab: String) throws { _ = try ask(.post, "\(session)/window", ["handle": .string(tab)]) }

    func reload() throws { _ = try ask(.post, "\(session)/refresh", [:]) }

    // MARK: What a person does

    /// Presses keys where the keyboard stands.
    func press(_ keys: String) throws {
        let presses = keys.flatMap { key -> [JSON] in
            let value = JSON.string(String(key))
            return [["type": "keyDown", "value": value], ["type": "keyUp", "value": value]]
        }
        _ = try ask(
            .post, "\(session)/actions",
            ["actions": [["type": "key", "id": "keyboard", "actions": .array(presses)]]])
    }

    /// Clicks what a CSS selector finds first.
    func click(_ selector: String) throws {
        _ = try ask(.post, "\(session)/element/\(try element(selector))/click", [:])
    }

    /// Types into a field; a path into a field for files.
    func type(_ text: String, into selector: String) throws {
        _ = try ask(.post, "\(session)/element/\(try element(selector))/value", ["text": .string(text)])
    }

    private func element(_ selector: String) throws -> String {
        let found = try ask(
            .post, "\(session)/element", ["using": "css selector", "value": .string(selector)])
        return found["element-6066-11e4-a52e-4f735466cecf"]?.asString ?? ""
    }

    // MARK: What is there

    /// What a script in the page answers.
    @discardableResult
    func run(_ script: String) throws -> JSON {
        try ask(.post, "\(session)/execute/sync", ["script": .string(script), "args": []])
    }

    /// What a script answers when it calls `done`.
    func runToEnd(_ script: String) throws -> JSON {
        try ask(
            .post, "\(session)/execute/async",
            ["script": .string("const done = arguments[arguments.length - 1]; \(script)"), "args": []])
    }

    /// Waits until something is so in the page.
    func wait(_ what: String, until script: String) throws {
        try soon(what) { try run("return Boolean(\(script))") == true }
    }

    /// What the page has complained about so far, refusals of the server left out.
    func complaints() throws -> [String] {
        try (ask(.post, "\(session)/se/log", ["type": "browser"]).asArray ?? []).compactMap { entry in
            let message = entry["message"]?.asString ?? ""
            return entry["level"] == "SEVERE" && !message.contains("Failed to load resource") ? message : nil
        }
    }

    // MARK: The protocol

    private func ask(_ method: HTTPRequest.Method, _ path: String, _ document: JSON? = nil) throws -> JSON {
        var request = HTTPRequest(method, try HTTPURL(server + path))
        if let document {
            request.headers["Content-Type"] = "application/json"
            request.body = .bytes(document.compact())
        }
        var body: [UInt8] = []
        let response = try client.send(request) { bytes in
            body += bytes
            return true
        }
        let value = try JSON.parse(body)["value"] ?? .null
        guard response.isSuccess else {
            throw Unexpected(
                "\(path): \(value["error"]?.asString ?? ""): \(value["message"]?.asString?.prefix(400) ?? "")")
        }
        return value
    }
}

/// Keys that are no letters, as WebDriver names them.
enum Key {
    static let enter = "\u{E007}"
    static let escape = "\u{E00C}"
    static let up = "\u{E013}"
    static let down = "\u{E015}"
    static let end = "\u{E010}"
    static let home = "\u{E011}"
    static let tab = "\u{E004}"
}
