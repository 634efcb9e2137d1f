import HTTP
import Testing

@Test(arguments: [
    ("https://api.example.com/v1", "api.example.com", 443, "/v1", "https://api.example.com/v1"),
    ("HTTP://Example.COM", "example.com", 80, "/", "http://example.com/"),
    ("http://127.0.0.1:8080/a?b=c", "127.0.0.1", 8080, "/a?b=c", "http://127.0.0.1:8080/a?b=c"),
    ("https://[::1]:8443/x", "[::1]", 8443, "/x", "https://[::1]:8443/x"),
    ("https://a.example?q", "a.example", 443, "/?q", "https://a.example/?q"),
    ("https://a.example:443/x", "a.example", 443, "/x", "https://a.example/x"),
])
func aURLIsReadIntoItsParts(text: String, host: String, port: UInt16, target: String, written: String) throws {
    let url = try HTTPURL(text)
    #expect(url.host == host && url.port == port && url.target == target)
    #expect(url.description == written)
    #expect(try HTTPURL(written) == url)
}

@Test(arguments: [
    "", "example.com/x", "ftp://example.com/", "file:///etc/passwd", "https://", "https:///x", "http://:80/",
    "https://user@example.com/", "https://user:hunter2@example.com/", "https://example.com:0/", "https://a:99999/",
    "https://a:8a/", "https://a:+8/", "https://a/b c", "https://a/\n", "https://a/#part", "https://ä.example/",
    "https://a\\@b/", "https://[::1/", "https://[x]/", "https://[::1]x/", "https://[]/", "https://-a/",
    "https://a%41/",
    "https://a/\"",
])
func whatIsNoURLThatMayBeAskedIsRefused(text: String) {
    let error = failure { try HTTPURL(text) }
    #expect(error?.code == .badURL && error?.mayHaveArrived == false)
    #expect(error?.description.contains("hunter2") == false, "a password is not repeated")
}

@Test func aURLThatIsTooLongIsRefused() {
    #expect(failure { try HTTPURL("https://a/" + String(repeating: "x", count: 9_000)) }?.code == .badURL)
}

@Test(arguments: [
    ("http://localhost/", true), ("http://127.0.0.1/", true), ("http://127.8.0.1:90/", true),
    ("http://[::1]/", true),
    ("http://127.0.0.1.example.com/", false), ("http://128.0.0.1/", false), ("http://localhost.example/", false),
    ("http://127.1/", false), ("http://127.0.0.001/", false), ("http://0.0.0.0/", false),
    ("http://127.0.0.999/", false),
])
func onlyThisComputerIsLoopback(text: String, isLoopback: Bool) throws {
    #expect(try HTTPURL(text).isLoopback == isLoopback)
}

@Test func aPathIsAppendedWithOneSlash() throws {
    #expect(try HTTPURL("https://a/api").appending("post").description == "https://a/api/post")
    #expect(try HTTPURL("https://a/api/?x=1").appending("post/1").description == "https://a/api/post/1")
    #expect(failure { try HTTPURL("https://a/api").appending("a b") }?.code == .badURL)
}

@Test func headersAreFoundInWhateverCase() {
    var headers: HTTPHeaders = ["Content-Type": "text/plain", "x-a": "1", "X-A": "2"]
    #expect(headers["content-TYPE"] == "text/plain" && headers["none"] == nil)
    #expect(headers.all("X-a") == ["1", "2"])
    #expect(headers.lines.map(\.name) == ["Content-Type", "x-a", "X-A"])
    headers["X-A"] = "3"
    #expect(headers.all("x-a") == ["3"] && headers.lines.count == 2)
    headers["Authorization"] = "Bearer word"
    #expect(!headers.description.contains("word"))
}
