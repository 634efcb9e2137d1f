import Files
import Glibc
import Serving
import TestSupport
import Testing

@Test func aBrowserIsAnswered() throws {
    let server = try Server { _ in Response(text: "hello\n") }
    defer { server.stop(within: 1) }
    let result = try run(
        command: "curl", arguments: ["-sS", "--max-time", "5", "http://127.0.0.1:\(server.port)/"])
    #expect(result.stdout == "hello\n" && result.status == 0)
}
