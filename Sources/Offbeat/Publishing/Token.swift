import Catalog
public import Files

/// Where a token comes from.
public enum TokenSource: Sendable, Hashable, CustomStringConvertible {
    /// It is kept in the file of this computer's targets.
    case value(String)
    /// It is what a file holds, each time that it is needed.
    case file(FilePath)
    /// It is the value of an environment variable, each time that it is needed.
    case environment(String)

    /// What kind of source it is: a token is never part of what is shown.
    public var description: String {
        switch self {
        case .value: "here"
        case .file: "file"
        case .environment: "environment"
        }
    }

    /// Refuses what cannot be a token, or cannot hold one.
    func check() throws(Failure) {
        switch self {
        case .value(let token): try Self.check(token, from: "the token that was given")
        case .file(let path):
            guard path.isAbsolute, String(validating: path.bytes, as: UTF8.self) != nil else {
                throw Failure(.usage, "the name of the token's file has to be UTF-8, and \(path) is not")
            }
            _ = try Self.read(path)
        case .environment(let name):
            let isName = name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == UInt8(ascii: "_")
            }
            guard isName, let first = name.utf8.first, !(0x30...0x39).contains(first) else {
                throw Failure(
                    .usage, "'\(name)' is no name of an environment variable",
                    hint: "write for example AYRSHARE_TOKEN")
            }
        }
    }

    /// The token itself.
    func read(for host: String, environment: (String) -> String?) throws(Failure) -> String {
        switch self {
        case .value(let token):
            try Self.check(token, from: "the token for \(host)")
            return token
        case .file(let path): return try Self.read(path)
        case .environment(let name):
            guard let token = environment(name) else {
                throw Failure(
                    .notFound, "the environment has no \(name), which is to hold the token for \(host)",
                    hint: "set it, or say where the token is with `offbeat workspace target`")
            }
            try Self.check(token, from: "what \(name) holds")
            return token
        }
    }

    private static func read(_ path: FilePath) throws(Failure) -> String {
        let bytes: [UInt8]
        do { bytes = try FileSystem.read(path, limit: limit + 2) } catch { throw Failure(error) }
        var text = String(decoding: bytes, as: UTF8.self)[...]
        if text.last?.isNewline == true { text = text.dropLast() }
        try check(String(text), from: "what \(path) holds")
        return String(text)
    }

    private static let limit = 8_192

    /// A token goes into a line of a request, where nothing but visible characters of ASCII may stand.
    private static func check(_ token: String, from source: String) throws(Failure) {
        guard !token.isEmpty, token.utf8.count <= limit, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Failure(
                .usage, "\(source) is no token: it is empty, too long, or has a blank or a sign beyond ASCII in it",
                hint: "a token is one word")
        }
    }
}

/// A token with the one host that it may be sent to.
struct BoundToken: Sendable, Hashable {
    let host: String
    let source: TokenSource

    init(host: String, source: TokenSource) { (self.host, self.source) = (host, source) }

    /// Reads what the file says; nil for what cannot be meant.
    init?(_ value: JSON) {
        guard let host = value["host"]?.asString, !host.isEmpty, let said = value["token"]?.asObject,
            said.count == 1
        else { return nil }
        self.host = host
        if let token = said["value"]?.asString {
            source = .value(token)
        } else if let path = said["file"]?.asString, path.utf8.first == UInt8(ascii: "/") {
            source = .file(FilePath(path))
        } else if let name = said["environment"]?.asString {
            source = .environment(name)
        } else {
            return nil
        }
    }

    /// What the file says.
    var json: JSON {
        let said: JSON =
            switch source {
            case .value(let token): ["value": .string(token)]
            case .file(let path): ["file": .string(path.string)]
            case .environment(let name): ["environment": .string(name)]
            }
        return ["host": .string(host), "token": said]
    }
}
