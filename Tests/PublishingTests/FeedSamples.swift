import Catalog
import Digest
import Files
import Publishing
import TestSupport
import Testing

/// Posts and settings to make feeds of.
enum FeedSamples {
    static let settings = FeedSettings(
        title: "Radio Offbeat", description: "New every Friday", baseURL: "https://radio.example/offbeat",
        image: "cover.png", language: "en", category: "Music > Music Commentary", author: "The Editors")

    /// Bytes that stand for audio; `number` makes them differ.
    static func audio(_ number: Int, in folder: FilePath? = nil, bytes: Int = 12) throws -> Medium {
        let content = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes) + Array("\(number)".utf8)
        let file = folder?.appending("audio-\(number)")
        if let file { try FileSystem.write(content, to: file) }
        return Medium(
            oid: ContentHash(of: content), size: Int64(content.count), fileExtension: "flac", file: file)
    }

    /// A post without anything but a text, that went out `number` hours after the first.
    static func post(_ number: Int, text: String = "") throws -> Publication {
        let digits = String(number, radix: 16)
        let hex = String(repeating: "0", count: 32 - digits.utf8.count) + digits
        let id = try #require(PostID(hex))
        let first = try #require(Timestamp("2026-11-20T09:00:00Z"))
        var post = Publication(
            of: id, key: PublicationKey(of: id, content: .ofNothing, for: "feed"),
            at: Timestamp(milliseconds: first.milliseconds + Int64(number) * 3_600_000))
        post.text = text
        return post
    }

    /// A post with a track.
    static func track(_ number: Int, in folder: FilePath? = nil) throws -> Publication {
        var post = try post(number, text: "Number \(number)")
        post.title = "Track of the week"
        post.author = "Ada"
        post.track = PublishedTrack(
            audio: try audio(number, in: folder), title: "Lines & Dots", artist: "Nought", milliseconds: 183_250)
        return post
    }
}

/// What other programs read in documents.
enum Reader {
    static let isThere = isInstalled("python3")

    /// What a Python program prints that gets the document on its standard input.
    static func ask(_ program: String, about document: [UInt8]) throws -> String {
        let result = try run(command: "python3", arguments: ["-c", program], input: document)
        try #require(result.status == 0, "\(result.stderr)")
        return result.stdout
    }

    /// The text of each element of that name, as an XML parser has it, as JSON.
    static func elements(_ name: String, of rss: [UInt8]) throws -> [String] {
        let program = """
            import sys, json, xml.etree.ElementTree as tree
            root = tree.fromstring(sys.stdin.buffer.read())
            print(json.dumps([element.text or "" for element in root.iter("\(name)")]))
            """
        let answer = try JSON.parse(Array(ask(program, about: rss).utf8))
        return (answer.asArray ?? []).compactMap(\.asString)
    }
}
