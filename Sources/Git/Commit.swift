/// One version: a tree, what came before it, who made it, and why.
public struct Commit: Hashable, Sendable {
    /// A header that this type does not know, kept as it was: a signature, an encoding, a merged tag.
    public struct Header: Hashable, Sendable {
        /// The word that opens the line.
        public let key: String
        /// The rest, continuation lines joined by newlines.
        public let value: [UInt8]

        /// Creates a header.
        public init(key: String, value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// The folder at the root of this version.
    public let tree: ObjectID
    /// The versions that it was made from: none for the first, two for a merge.
    public let parents: [ObjectID]
    /// Who made the change.
    public let author: Signature
    /// Who made the commit.
    public let committer: Signature
    /// Headers beyond the usual ones.
    public let extraHeaders: [Header]
    /// The message as its bytes, which an old commit may hold in any encoding.
    public let messageBytes: [UInt8]
    /// The commit's own id, known when it was read; nil for one that is being made.
    public let id: ObjectID?

    /// Creates a commit that can then be encoded and written.
    public init(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String,
        extraHeaders: [Header] = []
    ) {
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.extraHeaders = extraHeaders
        // git's own checks refuse a NUL anywhere in a commit.
        messageBytes = message.utf8.filter { $0 != 0 }
        id = nil
    }

    /// The message; bytes that are not UTF-8 become replacement characters.
    public var message: String { String(decoding: messageBytes, as: UTF8.self) }

    /// The first line of the message.
    public var summary: String {
        String(decoding: messageBytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// The trailers of the message, in order.
    public var trailers: [Trailer] { Trailer.all(in: message) }

    // MARK: The raw format

    /// Writes git's raw format.
    public func encoded() -> [UInt8] {
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(author.line)\ncommitter \(committer.line)\n"
        var bytes = Array(text.utf8)
        for header in extraHeaders {
            bytes.append(contentsOf: header.key.utf8)
            bytes.append(UInt8(ascii: " "))
            for byte in header.value {
                bytes.append(byte)
                if byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: " ")) }
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: messageBytes)
        return bytes
    }

    /// Reads git's raw format.
    ///
    /// Only the tree, the parents and the order of the headers are held to the letter, because history hangs on
    /// them; signatures are read as far as they go, and unknown headers are kept.
    ///
    /// - Throws: `corrupt` when tree, parents, author or committer cannot be found.
    public init(parsing bytes: [UInt8], id: ObjectID? = nil) throws(GitError) {
        var reader = HeaderReader(bytes)
        guard let tree = reader.id(after: "tree") else { throw Self.corrupt("no tree", id) }
        var parents: [ObjectID] = []
        while let parent = reader.id(after: "parent") { parents.append(parent) }
        guard let author = reader.value(after: "author") else { throw Self.corrupt("no author", id) }
        guard let committer = reader.value(after: "committer") else { throw Self.corrupt("no committer", id) }
        var headers: [Header] = []
        while let header = reader.header() { headers.append(header) }
        self.tree = tree
        self.parents = parents
        self.author = Signature(parsing: author)
        self.committer = Signature(parsing: committer)
        extraHeaders = headers
        messageBytes = reader.rest()
        self.id = id
    }

    private static func corrupt(_ what: String, _ id: ObjectID?) -> GitError {
        GitError(.corrupt, "malformed commit: \(what)", call: "Commit.init(parsing:)", subject: id?.hex)
    }
}

/// Reads the lines before a commit's message.
private struct HeaderReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value of the next line, when that line opens with this word.
    mutating func value(after key: StaticString) -> ArraySlice<UInt8>? {
        let line = bytes[offset..<lineEnd(from: offset)]
        let matches = key.withUTF8Buffer { line.starts(with: $0) }
        let value = line.dropFirst(key.utf8CodeUnitCount)
        guard matches, value.first == UInt8(ascii: " "), line.endIndex < bytes.count else { return nil }
        offset = line.endIndex + 1
        return value.dropFirst()
    }

    mutating func id(after key: StaticString) -> ObjectID? {
        let start = offset
        guard let value = value(after: key), let id = ObjectID(hexBytes: value) else {
            offset = start
            return nil
        }
        return id
    }

    /// The next header with its continuation lines, which begin with a space; nil at the empty line or the end.
    mutating func header() -> Commit.Header? {
        let end = lineEnd(from: offset)
        guard end > offset else { return nil }
        let line = bytes[offset..<end]
        let key = line.prefix { $0 != UInt8(ascii: " ") }
        var value = Array(line[key.endIndex...].dropFirst())
        offset = min(end + 1, bytes.count)
        while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") {
            let end = lineEnd(from: offset)
            value.append(UInt8(ascii: "\n"))
            value.append(contentsOf: bytes[(offset + 1)..<end])
            offset = min(end + 1, bytes.count)
        }
        return Commit.Header(key: String(decoding: key, as: UTF8.self), value: value)
    }

    /// What follows the empty line.
    func rest() -> [UInt8] {
        offset < bytes.count ? Array(bytes[(offset + 1)...]) : []
    }

    private func lineEnd(from start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }
}
