import Digest
import Files
import TestSupport

/// What a place holds, without what differs from run to run: two runs of one command give equal pictures.
///
/// Each version's entry, each setting, and each file beside the store is one line. Stamps, and ids that were not known
/// before, are left out.
struct Picture: Equatable, Sendable {
    private(set) var lines: [String: String] = [:]
    /// Whether there is a store at all.
    let isStore: Bool
    /// The pointers that the head holds, by path.
    private(set) var pointers: [String: ContentHash] = [:]

    /// What this place has and `other` has not, or has otherwise.
    func differences(from other: Picture) -> [String] {
        Set(lines.keys).union(other.lines.keys).filter { lines[$0] != other.lines[$0] }.sorted()
            .map { "\($0): \(lines[$0] ?? "absent") instead of \(other.lines[$0] ?? "absent")" }
    }

    /// The picture without the files beside the store.
    var ofStore: Picture {
        var picture = self
        picture.lines = lines.filter { !$0.key.hasPrefix("./") }
        return picture
    }

    /// Whether all that was `before` is here, and what is here besides is what `after` has.
    func isBetween(_ before: Picture, and after: Picture) -> Bool {
        Set(lines.keys).union(before.lines.keys).allSatisfy { key in
            lines[key] == before.lines[key] || lines[key] == after.lines[key] || key.hasSuffix(Picture.manifest)
        }
    }

    /// What an export says of itself, and therefore grows with it.
    private static let manifest = "/.offbeat-export.json"

    /// Looks at the place; ids in `known` are kept.
    init(of studio: Studio, knowing known: Set<String> = []) throws {
        // What is left of a creation that was cut off has no version, and is no store.
        isStore =
            try FileSystem.exists(studio.store.appending("HEAD"))
            && studio.git("rev-parse", "--verify", "--quiet", "refs/heads/main").status == 0
        try look(at: studio.work, below: "", of: studio)
        guard isStore else { return }
        // git-lfs notes things of its own beside ours.
        lines["settings"] = try studio.git("config", "--local", "--get-regexp", "^offbeat\\.").text
        for (path, bytes) in try studio.contents(of: "refs/heads/main") {
            if let pointer = Picture.pointer(in: bytes) { pointers[path] = pointer }
            let text = Picture.withoutChance(bytes, knowing: known)
            // Two new ones that are alike but for their ids count as two.
            var key = Picture.withoutChance(Array(path.utf8), knowing: known)
            while lines[key] != nil { key += "+" }
            lines[key] = text
        }
    }

    /// The files beside the store.
    private mutating func look(at folder: FilePath, below name: String, of studio: Studio) throws {
        for entry in try FileSystem.list(folder) {
            let path = folder.appending(entry.name)
            if path == studio.store || Studio.isTemporary(entry.name) { continue }
            let line = name + entry.name.string
            switch entry.kind {
            case .directory: try look(at: path, below: line + "/", of: studio)
            case .regular: lines["./" + line] = ContentHash(of: try FileSystem.read(path)).hex
            default: lines["./" + line] = "\(entry.kind)"
            }
        }
    }
}

extension Picture {
    fileprivate static func isHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Stamps become `*@*`, and ids that nobody knows `*`.
    private static func withoutChance(_ bytes: [UInt8], knowing known: Set<String>) -> String {
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            let isDigits = isHex(first)
            let run = rest.prefix { isHex($0) == isDigits }
            rest = rest.dropFirst(run.count)
            let word = String(decoding: run, as: UTF8.self)
            let isStamp = isDigits && (run.count == 16 && rest.first == UInt8(ascii: "@"))
            let isReplica = isDigits && run.count == 12 && text.hasSuffix("*@")
            let isNew = isDigits && run.count == 32 && !known.contains(word)
            text += isStamp || isReplica || isNew ? "*" : word
        }
        return text
    }

    private static func pointer(in bytes: [UInt8]) -> ContentHash? {
        guard bytes.count < 1_024 else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first?.hasPrefix("version https://git-lfs.github.com/spec/") == true else { return nil }
        let oid = lines.first { $0.hasPrefix("oid sha256:") }
        return oid.flatMap { ContentHash(hex: String($0.dropFirst("oid sha256:".count))) }
    }
}

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
    func contents(of version: Word) throws -> [(path: String, bytes: [UInt8])] {
        let list = try git("ls-tree", "-r", "-z", version).done().out.split(separator: 0)
        let entries = list.compactMap { entry -> (id: String, path: String)? in
            let parts = String(decoding: entry, as: UTF8.self).split(separator: "\t", maxSplits: 1)
            guard parts.count == 2, let id = parts[0].split(separator: " ").last else { return nil }
            return (String(id), String(parts[1]))
        }
        let ids = root.appending("runs/ids")
        try FileSystem.write(entries.map { $0.id + "\n" }.joined(), to: ids)
        var rest = try run(["git", "cat-file", "--batch"], in: store, stdin: .file(ids)).done().out[...]
        return try entries.map { entry in
            guard let end = rest.firstIndex(of: 0x0A),
                let size = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ").last.flatMap({
                    Int($0)
                })
            else { throw Unexpected("git does not have \(entry.path)") }
            let bytes = Array(rest[(end + 1)...].prefix(size))
            rest = rest[(end + 1)...].dropFirst(size + 1)
            return (entry.path, bytes)
        }
    }
}
