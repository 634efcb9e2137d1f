import Catalog
import Digest
import Files
import TestSupport

/// What a place holds, without what differs from run to run: two runs of one command give equal pictures.
///
/// Each version's entry, each setting, and each file beside the store is one line. Stamps, and ids that were not known
/// before, are left out.
struct Picture: Equatable, Sendable {
    var lines: [String: String] = [:]
    /// Whether there is a store at all.
    let isStore: Bool
    /// The pointers that the head holds, by path.
    private(set) var pointers: [String: ContentHash] = [:]

    /// The pointers are among the lines, under paths without what chance gave.
    static func == (left: Picture, right: Picture) -> Bool {
        left.lines == right.lines && left.isStore == right.isStore
    }

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

    /// What is here neither as it was `before` nor as it is `after`: nothing, where a part of the work was done.
    ///
    /// In a store that is `damaged`, what could not be read may come to light as it was before the damage.
    func strays(from before: Picture, to after: Picture, damaged isDamaged: Bool) -> [String] {
        Set(lines.keys).union(before.lines.keys).filter { key in
            let isRevealed = isDamaged && before.lines[key] == nil
            return lines[key] != before.lines[key] && lines[key] != after.lines[key] && !isRevealed
                && !key.hasSuffix(Picture.manifest) && key != Picture.lastSeen
        }
        .sorted().map { "\($0): \(lines[$0] ?? "absent") instead of \(before.lines[$0] ?? "absent")" }
    }

    /// Whether the remote is known to be as it is, which is no more so once it has changed.
    static let lastSeen = "last seen"

    /// What an export says of itself, and therefore grows with it.
    private static let manifest = "/.offbeat-export.json"

    /// How much of a store is looked at.
    enum Sight {
        /// What its head says.
        case head
        /// Also what the index of lists says.
        case index
        /// Also what is known of its sounds.
        case analyses
        /// Also where its files lie.
        case files
        /// Also what the remote has.
        case remote
        /// All that is not lost of these objects and of the files, in a store of which much may be unreadable.
        case remains(of: [String])
    }

    /// Looks at the place; ids in `known` are kept.
    init(of studio: Studio, knowing known: Set<String> = [], sight: Sight = .head) throws {
        // What is left of a creation that was cut off has no version, and is no store.
        isStore =
            try FileSystem.exists(studio.store.appending("HEAD"))
            && studio.git("rev-parse", "--verify", "--quiet", "refs/heads/main").status == 0
        try look(at: studio.work, below: "", of: studio)
        switch sight {
        case .head: break
        case .index: lines["index"] = try studio.index()
        case .analyses: try lookAtAnalyses(of: studio)
        case .files: try lookAtFiles(of: studio)
        case .remote: try lookAtRemote(of: studio, knowing: known)
        case .remains(let objects):
            try lookAtFiles(of: studio)
            try lookAtDamagedBytes(of: studio)
            if isStore { try look(at: objects, of: studio) }
        }
        guard isStore else { return }
        // git-lfs notes things of its own beside ours.
        lines["settings"] = try studio.git("config", "--local", "--get-regexp", "^offbeat\\.").text
        lines["pins"] = try FileSystem.readIfExists(studio.store.appending("pins")).map {
            String(decoding: $0, as: UTF8.self)
        }
        try lookAtHead(of: studio, knowing: known, sight)
    }

    private mutating func lookAtHead(of studio: Studio, knowing known: Set<String>, _ sight: Sight) throws {
        let contents =
            if case .remains = sight { try studio.readableContents(of: "refs/heads/main") } else {
                try studio.contents(of: "refs/heads/main")
            }
        for (path, bytes) in contents {
            if let pointer = Picture.pointer(in: bytes) { pointers[path] = pointer }
        }
        addLines(of: contents, knowing: known)
    }

    /// A line for each file of a version. Two new ones that are alike but for their ids count as two.
    mutating func addLines(
        of contents: [(path: String, bytes: [UInt8])], knowing known: Set<String>, after prefix: String = ""
    ) {
        let found = contents.map { path, bytes in
            (
                prefix + Picture.withoutChance(Array(path.utf8), knowing: known),
                Picture.withoutChance(bytes, knowing: known)
            )
        }
        // Whatever order the ids that chance gave would have.
        for (path, text) in found.sorted(by: <) {
            var key = path
            while lines[key] != nil { key += "+" }
            lines[key] = text
        }
    }

    /// What the branch of analyses says, but how long that took to find out.
    private mutating func lookAtAnalyses(of studio: Studio) throws {
        let branch: Word = "refs/heads/analyses"
        guard try studio.git("rev-parse", "--verify", "--quiet", branch).status == 0 else { return }
        for (path, bytes) in try studio.contents(of: branch) {
            if let pointer = Picture.pointer(in: bytes) { pointers["analyses:" + path] = pointer }
            var told = (try? JSON.parse(bytes))?.asObject
            told?["tookMs"] = nil
            lines["analyses:" + path] = told.map { "\(JSON.object($0))" } ?? String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The files beside the store.
    private mutating func look(at folder: FilePath, below name: String, of studio: Studio) throws {
        for entry in try FileSystem.list(folder) {
            let path = folder.appending(entry.name)
            if [studio.store, studio.remote].contains(path) || Studio.isTemporary(entry.name) { continue }
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
    static func isHex(_ byte: UInt8) -> Bool {
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
            // A post lies on the shelf of its id's first digits.
            if isNew, text.hasSuffix("/posts/\(word.prefix(2))/") { text = "\(text.dropLast(3))*/" }
            text += isStamp || isReplica || isNew ? "*" : word
        }
        return text
    }

    static func pointer(in bytes: [UInt8]) -> ContentHash? {
        guard bytes.count < 1_024 else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first?.hasPrefix("version https://git-lfs.github.com/spec/") == true else { return nil }
        let oid = lines.first { $0.hasPrefix("oid sha256:") }
        return oid.flatMap { ContentHash(hex: String($0.dropFirst("oid sha256:".count))) }
    }
}
