@testable import Blobs
import Digest
import TestSupport
import Testing

private let oid = ContentHash(of: Array("x".utf8))
private let other = ContentHash(of: Array("y".utf8))
private let version = "version https://git-lfs.github.com/spec/v1\n"
private let plain = "\(version)oid sha256:\(oid)\nsize 12345\n"

private func parse(_ text: String) -> Pointer.Parsed? { Pointer.parse(Array(text.utf8)) }

@Suite struct PointerTests {
    @Test func `The text is git-lfs's to the byte`() {
        #expect(Pointer(oid: oid, size: 12345).encoded() == Array(plain.utf8))
    }

    @Test func `The empty file is no bytes`() {
        #expect(Pointer.empty.encoded() == [])
        #expect(Pointer.parse([])?.pointer == .empty)
        #expect(Pointer.parse([])?.isCanonical == true)
    }

    @Test func `What is written is read and canonical`() {
        var random = SeededRandom()
        for _ in 0..<200 {
            let pointer = Pointer(
                oid: ContentHash(of: random.bytes(8)), size: Int64.random(in: 1 ... .max, using: &random))
            let parsed = Pointer.parse(pointer.encoded())
            #expect(parsed == Pointer.Parsed(pointer: pointer, extensions: [], isCanonical: true), "\(random)")
        }
    }

    @Test(arguments: ["https://hawser.github.com/spec/v1", "http://git-media.io/v/2"])
    func `An old name of the format is read, but not canonical`(name: String) {
        let parsed = parse("version \(name)\noid sha256:\(oid)\nsize 12345\n")
        #expect(parsed?.pointer == Pointer(oid: oid, size: 12345))
        #expect(parsed?.isCanonical == false)
    }

    @Test(arguments: [
        "\n\(plain)", "  \(plain)\n\n", plain.replacing("\n", with: "\r\n"), String(plain.dropLast()),
        plain.replacing("size 12345", with: "size 0012345"), plain.replacing("size 12345", with: "size +12345"),
        plain.replacing("oid", with: "\noid"),
    ])
    func `Blanks, line ends and leading zeros are forgiven, but not canonical`(text: String) {
        #expect(parse(text)?.pointer == Pointer(oid: oid, size: 12345))
        #expect(parse(text)?.isCanonical == false)
    }

    @Test func `Extensions are read in their order`() {
        let lines = "ext-0-foo sha256:\(other)\next-1-bar sha256:\(oid)\n"
        let parsed = parse("\(version)\(lines)oid sha256:\(oid)\nsize 12345\n")
        #expect(parsed?.extensions.map(\.name) == ["foo", "bar"])
        #expect(parsed?.extensions.map(\.priority) == [0, 1])
        #expect(parsed?.extensions.first?.oid == other)
        #expect(parsed?.isCanonical == true)
        let late = parse("\(version)oid sha256:\(oid)\n\(lines)size 12345\n")
        #expect(late?.extensions.count == 2)
        #expect(late?.isCanonical == false)
    }

    @Test(arguments: [
        ("an unknown key", "\(version)oid sha256:\(oid)\nsize 12345\nfoo bar\n"),
        ("a key before its time", "oid sha256:\(oid)\n\(version)size 12345\n"),
        ("an unknown key in between", "\(version)foo bar\noid sha256:\(oid)\nsize 12345\n"),
        ("another version", "version https://git-lfs.github.com/spec/v2\noid sha256:\(oid)\nsize 1\n"),
        ("another hash", "\(version)oid md5:\(oid)\nsize 12345\n"),
        ("a short hash", "\(version)oid sha256:abc\nsize 12345\n"),
        ("a hash in upper case", "\(version)oid sha256:\(oid.hex.uppercased())\nsize 12345\n"),
        ("a negative size", "\(version)oid sha256:\(oid)\nsize -1\n"),
        ("a size beyond 63 bits", "\(version)oid sha256:\(oid)\nsize 9223372036854775808\n"),
        ("a size that is no number", "\(version)oid sha256:\(oid)\nsize twelve\n"),
        ("no size", "\(version)oid sha256:\(oid)\n"), ("no hash", "\(version)size 12345\n"),
        ("a line without a blank", "\(version)oid\n"), ("only blanks", " \n\n"),
        ("an extension with two digits", "\(version)ext-10-foo sha256:\(oid)\noid sha256:\(oid)\nsize 1\n"),
        ("an extension without a name", "\(version)ext-1- sha256:\(oid)\noid sha256:\(oid)\nsize 1\n"),
        (
            "an extension twice",
            "\(version)ext-1-a sha256:\(oid)\next-1-b sha256:\(oid)\noid sha256:\(oid)\nsize 1\n"
        ),
        ("an extension after the end", "\(plain)ext-1-a sha256:\(oid)\n"),
        ("text", "just a file"),
    ])
    func `It is no pointer with`(what: String, text: String) {
        #expect(parse(text) == nil, "\(what)")
    }

    @Test func `A blob of 1024 bytes is never a pointer`() {
        let padded = plain + String(repeating: "\n", count: 1024 - plain.utf8.count)
        #expect(parse(padded) == nil)
        #expect(parse(String(padded.dropLast())) != nil)
    }

    @Test func `An empty file that is spelled out is readable, but not canonical`() {
        let parsed = parse("\(version)oid sha256:\(ContentHash.ofNothing)\nsize 0\n")
        #expect(parsed?.pointer == .empty)
        #expect(parsed?.isCanonical == false)
    }

    @Test func `Random damage never crashes, and what is read is not called canonical unless it is`() {
        var random = SeededRandom()
        for _ in 0..<500 {
            var bytes = Array(plain.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let parsed = Pointer.parse(bytes) else { continue }
            #expect(parsed.isCanonical == (parsed.pointer.encoded() == bytes), "\(random)")
        }
    }

    @Test func `git-lfs reads what we write`() throws {
        guard isInstalled("git-lfs") else { return print("git-lfs is not installed: its reading is not compared") }
        try withTemporaryDirectory { folder in
            let result = try run(
                command: "git-lfs", arguments: ["pointer", "--check", "--stdin", "--strict"],
                environment: hermeticEnvironment(home: folder), directory: folder, input: Array(plain.utf8))
            #expect(result.status == 0, "\(result.stderr)")
        }
    }
}
