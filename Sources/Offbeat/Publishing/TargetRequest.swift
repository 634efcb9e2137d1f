public import Catalog
public import Files
import Processes

/// What is said of one of the places where a workspace's posts are brought out.
public struct TargetRequest: Sendable {
    /// Which kind it is.
    public let kind: TargetKind
    /// What is said for everybody, by the name of the field; an empty text takes it away.
    public var settings: [String: String] = [:]
    /// Whether the feed is told to be for adults; nil leaves it.
    public var isExplicit: Bool?
    /// The folder that the feed is written to here.
    public var folder: FilePath?
    /// Where the token is; nil leaves it.
    public var token: TokenChange?
    /// The program that posts are handed to here: its words, or one line of them.
    public var command: [String] = []

    /// What becomes of the token.
    public enum TokenChange: Sendable, Hashable {
        /// It comes from there.
        case from(TokenSource)
        /// It is forgotten.
        case none
    }

    /// Says something of a kind of target.
    public init(_ kind: TargetKind) { self.kind = kind }

    /// Whether something is said that all members are to know.
    var isForEverybody: Bool { !settings.isEmpty || isExplicit != nil }

    /// What is written into the workspace's record, checked.
    func values() throws(Failure) -> JSONObject {
        var values = JSONObject()
        for (field, text) in settings {
            values[field] = .string(text.isEmpty ? "" : try Self.checked(text, as: field))
        }
        if let isExplicit { values["explicit"] = .bool(isExplicit) }
        return values
    }

    private static func checked(_ text: String, as field: String) throws(Failure) -> String {
        switch field {
        case "baseUrl":
            return try TargetAddress(base: text, for: "base-url", example: "https://example.org/band").text
        case "mediaUrlBase":
            return try TargetAddress(base: text, for: "media-url-base", example: "https://example.org/media").text
        case "image":
            return try TargetAddress(text, for: "image", example: "https://example.org/cover.jpg").text
        case "url":
            let example = "https://app.ayrshare.com/api"
            let address = try TargetAddress(base: text, for: "url", example: example)
            guard address.isPrivate else {
                throw Failure(
                    .usage, "--url: others could read the token on its way to '\(text)'",
                    hint: "write it with https, as \(example)")
            }
            return address.text
        default: return text
        }
    }

    /// The words of the program, of which the first is not empty; nil where none is said.
    func commandWords() throws(Failure) -> [[UInt8]]? {
        guard let first = command.first else { return nil }
        let words = command.count == 1 ? try Self.split(first) : command.map { Array($0.utf8) }
        if words[0].isEmpty || words.contains(where: { $0.contains(0) }) {
            throw Failure(.usage, "the command names no program")
        }
        return words
    }

    private static func split(_ line: String) throws(Failure) -> [[UInt8]] {
        do { return try CommandTemplate(parsing: line).words } catch { throw Failure(error) }
    }
}
