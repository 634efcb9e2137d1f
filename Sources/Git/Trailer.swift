/// A `Key: value` line at the end of a commit's message.
public struct Trailer: Hashable, Sendable {
    /// The word before the colon: letters, digits and `-`.
    public let key: String
    /// What follows the colon, on one line.
    public let value: String

    /// Creates a trailer. Line ends in the value become spaces; a key must be letters, digits and `-`, else nil.
    public init?(key: String, value: String) {
        guard Self.isKey(key.utf8) else { return nil }
        self.key = key
        self.value = String(
            value.unicodeScalars.lazy.map { $0.value < 0x20 ? " " : Character($0) } as [Character]
        ).trimmingSpaces()
    }

    /// The line as it stands in the message.
    public var line: String { "\(key): \(value)" }

    /// The trailers of a message: those lines of its last paragraph that look like one, provided that all do.
    ///
    /// A paragraph that is also the first is the message's title and never counts.
    public static func all(in message: String) -> [Trailer] {
        var lines = message.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard let gap = lines.lastIndex(where: \.isEmpty) else { return [] }
        var trailers: [Trailer] = []
        for line in lines[(gap + 1)...] {
            if line.first == UInt8(ascii: " "), let last = trailers.popLast() {
                let longer = Trailer(
                    key: last.key, value: last.value + " " + String(Substring(line)).trimmingSpaces())
                guard let longer else { return [] }
                trailers.append(longer)
            } else {
                guard let trailer = Trailer(line: line) else { return [] }
                trailers.append(trailer)
            }
        }
        return trailers
    }

    /// The message with these trailers after those that it has.
    public static func adding(_ trailers: [Trailer], to message: String) -> String {
        guard !trailers.isEmpty else { return message }
        var body = message[...]
        while body.utf8.last == UInt8(ascii: "\n") { body.removeLast() }
        let gap = all(in: message).isEmpty ? "\n\n" : "\n"
        return body + gap + trailers.map(\.line).joined(separator: "\n") + "\n"
    }

    private init?(line: Substring.UTF8View) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), Self.isKey(line[..<colon]) else { return nil }
        let value = line[line.index(after: colon)...]
        guard value.isEmpty || value.first == UInt8(ascii: " ") else { return nil }
        self.init(key: String(Substring(line[..<colon])), value: String(Substring(value)))
    }

    private static func isKey(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                byte == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
            }
    }
}

extension String {
    /// The text without spaces at either end.
    fileprivate func trimmingSpaces() -> String {
        var rest = self[...]
        while rest.utf8.first == UInt8(ascii: " ") { rest.removeFirst() }
        while rest.utf8.last == UInt8(ascii: " ") { rest.removeLast() }
        return String(rest)
    }
}
