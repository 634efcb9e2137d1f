import Files
import TestSupport

extension Studio {
    /// All ids of 32 digits that the head speaks of.
    func ids() throws -> Set<String> {
        var ids: Set<String> = []
        guard FileSystem.exists(store.appending("HEAD")) else { return [] }
        for (path, bytes) in try contents(of: "refs/heads/main") {
            for run in (path.utf8 + [0x0A] + bytes).split(whereSeparator: { !Picture.isHex($0) })
            where run.count == 32 {
                ids.insert(String(decoding: run, as: UTF8.self))
            }
        }
        return ids
    }

    /// The paths and contents of a version, as plain git tells them.
    func contents(of version: Word, in place: FilePath? = nil) throws -> [(path: String, bytes: [UInt8])] {
        let entries = try entries(of: version, in: place)
        return try zip(entries, objects(entries.map(\.id), in: place)).map { entry, bytes in
            guard let bytes else { throw Unexpected("git does not have \(entry.path)") }
            return (entry.path, bytes)
        }
    }

    /// The same without what git cannot read.
    func readableContents(of version: Word) throws -> [(path: String, bytes: [UInt8])] {
        guard let entries = try? entries(of: version) else { return [] }
        return try zip(entries, objects(entries.map(\.id))).compactMap { entry, bytes in
            bytes.map { (entry.path, $0) }
        }
    }

    private func entries(of version: Word, in place: FilePath? = nil) throws -> [(id: String, path: String)] {
        let list = try git("ls-tree", "-r", "-z", version, in: place).done().out.split(separator: 0)
        return list.compactMap { entry in
            let parts = String(decoding: entry, as: UTF8.self).split(separator: "\t", maxSplits: 1)
            guard parts.count == 2, let id = parts[0].split(separator: " ").last else { return nil }
            return (String(id), String(parts[1]))
        }
    }

    /// The ids of all objects that anything leads to, logs of references included.
    func reachableObjects() throws -> [String] {
        let list = try git("rev-list", "--objects", "--all", "--reflog").done().text
        return list.split(separator: "\n").map { String($0.prefix(40)) }
    }

    /// What plain git reads of objects; nil for those that it cannot read.
    func objects(_ ids: [String], in place: FilePath? = nil) throws -> [[UInt8]?] {
        var found: [[UInt8]?] = []
        while found.count < ids.count {
            let list = root.appending("runs/ids")
            try FileSystem.write(ids[found.count...].map { $0 + "\n" }.joined(), to: list)
            var rest = try run(["git", "cat-file", "--batch"], in: place ?? store, stdin: .file(list)).out[...]
            while let end = rest.firstIndex(of: 0x0A) {
                let size = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").last.flatMap {
                    Int($0)
                }
                rest = rest[(end + 1)...]
                // It may have come to its end in the midst of one.
                if let size, rest.count <= size { break }
                found.append(size.map { Array(rest.prefix($0)) })
                rest = rest.dropFirst(size.map { $0 + 1 } ?? 0)
            }
            // A damaged object ends git.
            if found.count < ids.count { found.append(nil) }
        }
        return found
    }
}
