import Files

/// The lines of `packed-refs`, the damaged ones included.
struct PackedReferences {
    struct Line {
        enum Content {
            case reference(String, ObjectID)
            /// A comment, or what the tag in the line before stands for.
            case comment
            case garbage
        }

        /// Counted from one.
        let number: Int
        let bytes: ArraySlice<UInt8>
        let content: Content
    }

    let lines: [Line]

    /// Far more than any number of branches needs.
    private static let limit = 256 << 20

    init(at path: FilePath) throws(GitError) {
        let bytes = try GitError.translating("packed-refs", about: path.string) { () throws(FileError) in
            try FileSystem.readIfExists(path.appending("packed-refs"), limit: Self.limit) ?? []
        }
        let parts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        // git ends every line, so one without an end was cut off.
        let isCutOff = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        lines = parts.enumerated().map { number, line in
            let content = isCutOff && number == parts.count - 1 ? .garbage : Self.content(of: line)
            return Line(number: number + 1, bytes: line, content: content)
        }
    }

    /// The file without a reference, and without what its tag stands for; what is damaged stays as it is.
    func bytes(without name: String) -> [UInt8] {
        var isLeftOut = false
        var kept: [UInt8] = []
        for line in lines {
            let isPeeled = line.bytes.first == UInt8(ascii: "^")
            if case .reference(name, _) = line.content { isLeftOut = true } else if !isPeeled { isLeftOut = false }
            if !isLeftOut { kept += line.bytes + [UInt8(ascii: "\n")] }
        }
        return kept
    }

    private static func content(of line: ArraySlice<UInt8>) -> Line.Content {
        if line.first == UInt8(ascii: "#") { return .comment }
        if line.first == UInt8(ascii: "^") {
            return ObjectID(hexBytes: line.dropFirst()) == nil ? .garbage : .comment
        }
        let name = line.dropFirst(41)
        guard let id = ObjectID(hexBytes: line.prefix(40)), line.dropFirst(40).first == UInt8(ascii: " "),
            name.starts(with: "refs/".utf8), let text = String(validating: name, as: UTF8.self)
        else { return .garbage }
        return .reference(text, id)
    }
}
