/// Reads an advertisement line by line.
struct AdvertisementReading {
    private let reader: PktReader
    private let service: WireService
    private let limits: (references: Int, bytes: Int)
    private var result = Advertisement()
    private var count = 0
    private var bytes = 0
    /// Whether the line that also says what the server can do has been read.
    private var hasBegun = false

    init(from reader: PktReader, of service: WireService, limits: (references: Int, bytes: Int)) {
        self.reader = reader
        self.service = service
        self.limits = limits
    }

    mutating func read(isStateless: Bool) throws -> Advertisement {
        guard let first = try explaining({ try reader.next() }) else { throw Self.silence }
        var line = first
        if let text = line.text, text.starts(with: Array("# service=".utf8)) {
            try passPreamble(text)
            line = try next()
        }
        if let text = line.text, text.starts(with: Array("version ".utf8)) {
            guard text.elementsEqual(Array("version 1".utf8)) else {
                throw WireError(.unsupported, "the git server speaks another version", words: WireText.line(text))
            }
            line = try next()
        }
        while let text = line.text {
            try take(text)
            line = try next()
        }
        guard isStateless || !reader.hasRest else {
            throw WireError.garbage("has no place after its references", [])
        }
        return result
    }

    private func next() throws -> PktLine {
        guard let line = try reader.next() else {
            throw WireError.cutOff("in the middle of its list of references")
        }
        return line
    }

    private mutating func passPreamble(_ text: ArraySlice<UInt8>) throws {
        guard text.elementsEqual(Array("# service=\(service.rawValue)".utf8)) else {
            throw WireError(.garbage, "the git server offers another service", words: WireText.line(text))
        }
        guard try next() == .flush else { throw WireError.garbage("has no place after its service's name", text) }
    }

    // MARK: Who is there

    /// What is no line at the very beginning was said by somebody else than git.
    private func explaining(_ step: () throws -> PktLine?) throws -> PktLine? {
        do { return try step() } catch let error as WireError where error.code == .garbage || error.code == .cutOff
        {
            let opening = reader.opening
            if opening.count > 40, opening[40] == UInt8(ascii: "\t"), ObjectID(hexBytes: opening[..<40]) != nil {
                throw WireError(
                    .unsupported, "there is only a folder of git's files behind this address, and no git server")
            }
            if error.code == .cutOff, Self.beginsLikeALine(opening) { throw error }
            if error.code == .garbage { reader.readOpening() }
            throw WireError(.notGit, "this is no git server; it said", words: WireText.line(reader.opening))
        }
    }

    /// Whether four digits of a length come first, and no text that happens to begin so.
    private static func beginsLikeALine(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 4 && bytes.prefix(4).allSatisfy { ObjectID.value(ofDigit: $0) != nil }
    }

    private static var silence: WireError {
        WireError(.cutOff, "the git server ended the connection before it said anything")
    }

    // MARK: Lines

    private mutating func take(_ text: ArraySlice<UInt8>) throws {
        count += 1
        bytes += text.count
        guard count <= limits.references, bytes <= limits.bytes else {
            throw WireError(.tooLarge, "the git server has more references than are read here (\(count - 1))")
        }
        if text.starts(with: Array("shallow ".utf8)) {
            guard let id = ObjectID(hexBytes: text.dropFirst(8)) else { throw odd(text) }
            return result.shallow.append(id)
        }
        let line = text.prefix { $0 != 0 }
        if !hasBegun { try begin(capabilities: text[line.endIndex...].dropFirst(), line) }
        hasBegun = true
        guard let id = ObjectID(hexBytes: line.prefix(40)), line.dropFirst(40).first == UInt8(ascii: " ") else {
            throw odd(text)
        }
        take(id, line.dropFirst(41))
    }

    private func odd(_ text: ArraySlice<UInt8>) -> WireError {
        WireError.garbage("is neither a reference nor anything known", text)
    }

    private mutating func begin(capabilities text: ArraySlice<UInt8>, _ line: ArraySlice<UInt8>) throws {
        let words = text.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        result.capabilities = Set(words)
        let prefix = "symref=HEAD:"
        result.head = words.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        let id = line.prefix { $0 != UInt8(ascii: " ") }
        if id.count == 64 || words.contains(where: { $0.hasPrefix("object-format=") && $0 != "object-format=sha1" })
        {
            throw WireError(.unsupported, "the repository at the git server names its objects by SHA-256")
        }
    }

    private mutating func take(_ id: ObjectID, _ nameBytes: ArraySlice<UInt8>) {
        if nameBytes.elementsEqual(Array(".have".utf8)) { return result.lent.append(id) }
        // What a name must not have is left out as well: nobody could ask for it.
        guard !id.isZero, nameBytes.starts(with: Array("refs/".utf8)), let name = Self.name(nameBytes) else {
            return
        }
        guard result.ids[name] == nil else { return }
        result.ids[name] = id
        result.references.append(Reference(name: name, id: id))
    }

    /// A reference's name; nil for what cannot be one, such as `refs/tags/1^{}`, which says what a tag stands for.
    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        let forbidden = [0x7F] + Array(" ~^:?*[\\".utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && !forbidden.contains($0) }) else { return nil }
        guard let name = String(validating: bytes, as: UTF8.self), !name.contains("..") else { return nil }
        return name
    }
}
