public import Files

/// What the file of one reference says, be it sound or not.
public struct ReferenceReading: Hashable, Sendable {
    /// What was found.
    public enum Content: Hashable, Sendable {
        /// The object that it stands for.
        case id(ObjectID)
        /// The reference that it leads to.
        case symbolic(String)
        /// Neither, for this reason.
        case unreadable(String)
    }

    /// The whole name: `HEAD`, `refs/heads/main`, or `packed-refs` for a line of that file that is none.
    public let name: String
    /// What was found.
    public let content: Content
    /// Whether it stands in `packed-refs`.
    public let isPacked: Bool
}

extension Repository {
    /// Reads `HEAD` and every reference of a repository by their files, the damaged ones included.
    ///
    /// A reference with a file of its own is not told a second time for its line in `packed-refs`. A `HEAD` that is
    /// missing is unreadable; any other reference that is missing is not there.
    public static func readReferences(at path: FilePath) throws(GitError) -> [ReferenceReading] {
        try Libgit2.start()
        var readings = [try readFile("HEAD", at: path) ?? missingHead]
        let names = try ReferenceNames(path: path).loose()
        // What git would not take for a reference, such as a file manager's notes, is none.
        for name in names.map({ String(decoding: $0, as: UTF8.self) }).sorted() where try isValid(name) {
            if let reading = try readFile(name, at: path) { readings.append(reading) }
        }
        let loose = Set(readings.map(\.name))
        return readings + (try packedReadings(at: path)).filter { !loose.contains($0.name) }
    }

    private static let missingHead = ReferenceReading(
        name: "HEAD", content: .unreadable("it is missing"), isPacked: false)

    private static func readFile(_ name: String, at path: FilePath) throws(GitError) -> ReferenceReading? {
        do throws(FileError) {
            guard let bytes = try FileSystem.readIfExists(path.appending(name), limit: 4096) else { return nil }
            return ReferenceReading(name: name, content: ReferenceReading.Content(bytes), isPacked: false)
        } catch  where error.code == .notRegular || error.code == .overLimit || error.code == .io {
            return ReferenceReading(name: name, content: .unreadable("\(error)"), isPacked: false)
        } catch {
            throw GitError(error, call: "readReferences", subject: name)
        }
    }

    private static func packedReadings(at path: FilePath) throws(GitError) -> [ReferenceReading] {
        try PackedReferences(at: path).lines.compactMap { line in
            switch line.content {
            case .reference(let name, let id): ReferenceReading(name: name, content: .id(id), isPacked: true)
            case .garbage:
                ReferenceReading(
                    name: "packed-refs", content: .unreadable("line \(line.number) is no reference"), isPacked: true
                )
            case .comment: nil
            }
        }
    }
}

extension ReferenceReading.Content {
    /// Reads what a reference's own file says.
    init(_ bytes: [UInt8]) {
        var text = bytes[...]
        while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: " ") { text.removeLast() }
        let target = text.dropFirst(5)
        if let id = ObjectID(hexBytes: text) {
            self = .id(id)
        } else if text.starts(with: "ref: ".utf8), target.starts(with: "refs/".utf8), target.count > 5,
            target.allSatisfy({ $0 > 32 && $0 != 127 })
        {
            self = .symbolic(String(decoding: target, as: UTF8.self))
        } else {
            self = .unreadable(bytes.isEmpty ? "it is empty" : "it holds no id")
        }
    }
}
