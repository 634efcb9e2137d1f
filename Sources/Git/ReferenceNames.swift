import Files

/// Finds the names of references by looking at the files themselves.
///
/// libgit2's own iterator leaves out a reference whose file cannot be read, and its look-up takes a damaged
/// `packed-refs` for one that lacks the name. A reference that seems not to exist is one that may be made anew, so
/// both have to be told.
struct ReferenceNames {
    /// The repository.
    let path: FilePath

    private static let call = "references"
    /// Far more than any number of branches needs.
    private static let packedLimit = 256 << 20

    /// The names of all references that begin so, sorted by their bytes, each once.
    ///
    /// A name that is not UTF-8 is left out, as nobody could ask for it.
    func all(below prefix: String = "refs/") throws(GitError) -> [String] {
        let folder = prefix.utf8.last == UInt8(ascii: "/") ? FilePath(String(prefix.dropLast())) : "refs"
        let names = Set(try packed() + loose(below: folder))
        return names.filter { $0.starts(with: prefix.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }.compactMap
        {
            String(validating: $0, as: UTF8.self)
        }
    }

    /// The names in `packed-refs`.
    ///
    /// - Throws: `corrupt` unless every line is a comment, an id and a name, or what a tag stands for.
    @discardableResult
    func packed() throws(GitError) -> [[UInt8]] {
        let file = path.appending("packed-refs")
        let bytes = try GitError.translating(Self.call) { () throws(FileError) in
            try FileSystem.readIfExists(file, limit: Self.packedLimit) ?? []
        }
        var names: [[UInt8]] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            let isPeeled = line.first == UInt8(ascii: "^")
            let body = isPeeled ? line.dropFirst() : line
            let rest = body.dropFirst(40)
            guard ObjectID(hexBytes: body.prefix(40)) != nil, isPeeled || rest.first == UInt8(ascii: " ") else {
                throw GitError(
                    .corrupt, "a line is neither a comment nor a reference", call: Self.call, subject: file.string)
            }
            if !isPeeled { names.append(Array(rest.dropFirst())) }
        }
        return names
    }

    /// The names that have files of their own; no folder `refs` is no names.
    func loose(below top: FilePath = "refs") throws(GitError) -> [[UInt8]] {
        try GitError.translating(Self.call) { () throws(FileError) in
            var names: [[UInt8]] = []
            var folders = [top]
            while let folder = folders.popLast() {
                // Another program may just have removed an empty one.
                guard FileSystem.exists(path.appending(folder)) else { continue }
                for entry in try FileSystem.list(path.appending(folder)) {
                    let name = folder.appending(entry.name)
                    if entry.kind == .directory {
                        if name.bytes.count < 4096 { folders.append(name) }
                    } else if !name.bytes.suffix(5).elementsEqual(".lock".utf8) {
                        names.append(name.bytes)
                    }
                }
            }
            return names
        }
    }
}
