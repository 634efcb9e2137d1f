extension [LoopbackServer.Step] {
    /// An answer as it should be, after which the connection is used again.
    public static func reply(
        _ status: Int = 200, _ headers: [(String, String)] = [], body: [UInt8]
    ) -> Self {
        [.send(head(status, headers + [("Content-Length", "\(body.count)")]) + body)]
    }

    /// An answer as it should be, with text.
    public static func reply(_ status: Int = 200, _ headers: [(String, String)] = [], _ text: String = "") -> Self {
        reply(status, headers, body: [UInt8](text.utf8))
    }

    /// An answer in JSON.
    public static func json(_ text: String, status: Int = 200) -> Self {
        reply(status, [("Content-Type", "application/json")], text)
    }

    /// An answer that leads somewhere else.
    public static func redirect(to url: String, status: Int = 302) -> Self { reply(status, [("Location", url)]) }

    /// A whole head, a part of what it promises, and then nothing more.
    public static func cutOff(after text: String, promising length: Int) -> Self {
        [.send(head(200, [("Content-Length", "\(length)")]) + [UInt8](text.utf8)), .close]
    }

    /// A page for people where a program is asked, as from a hotel's network.
    public static var page: Self {
        reply(200, [("Content-Type", "text/html")], "<html><body>Welcome</body></html>")
    }

    /// Nothing that is HTTP.
    public static var garbage: Self { [.send([UInt8]("\u{1}\u{2}what is this?\r\n\r\n".utf8)), .close] }

    /// The head of an answer.
    public static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return [UInt8]("HTTP/1.1 \(status) Said\r\n\(lines)\r\n".utf8)
    }
}
