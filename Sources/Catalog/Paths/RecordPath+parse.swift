import Digest

extension RecordPath {
    /// Reads a path; what is not in the grammar is `opaque`.
    public init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    /// Reads a path of bytes; what is not in the grammar is `opaque`.
    public init(bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        self = PathReader.path(parts[...]) ?? .opaque(bytes)
    }

    /// Reads a path of names; what is not in the grammar is `opaque`.
    public init(components: [[UInt8]]) {
        let path = PathReader.path(components.map { $0[...] }[...])
        self = path ?? .opaque(Array(components.joined(separator: [UInt8(ascii: "/")])))
    }
}

/// Reads names against the grammar of the tree.
enum PathReader {
    typealias Part = ArraySlice<UInt8>
    typealias Parts = ArraySlice<Part>

    static func path(_ parts: Parts) -> RecordPath? {
        guard let first = parts.first else { return nil }
        switch (String(decoding: first, as: UTF8.self), parts.count) {
        case ("offbeat.json", 1): return .store
        case (".gitattributes", 1): return .gitAttributes
        case (".lfsconfig", 1): return .lfsConfig
        case ("people", 2): return person(parts[parts.startIndex + 1])
        case ("workspaces", 3): return workspace(parts)
        case ("workspaces", 6...7):
            guard let (workspace, post) = post(parts.prefix(5)) else { return nil }
            return inPost(workspace, post, parts.dropFirst(5))
        case ("tracks", 6...7):
            guard let track = track(parts.prefix(5)) else { return nil }
            return inTrack(track, parts.dropFirst(5))
        default: return nil
        }
    }

    /// Reads `tracks/<x>/<y>/<z>/<id>`.
    static func track(_ parts: Parts) -> TrackID? {
        let parts = Array(parts)
        guard parts.count == 5, parts[0].elementsEqual("tracks".utf8), let id: TrackID = identifier(parts[4]),
            (0..<3).allSatisfy({ parts[1 + $0].elementsEqual(parts[4].dropFirst($0).prefix(1)) })
        else { return nil }
        return id
    }

    /// Reads `workspaces/<id>/posts/<xx>/<id>`.
    static func post(_ parts: Parts) -> (WorkspaceID, PostID)? {
        let parts = Array(parts)
        guard parts.count == 5, parts[0].elementsEqual("workspaces".utf8),
            let workspace: WorkspaceID = identifier(parts[1]), parts[2].elementsEqual("posts".utf8),
            let post: PostID = identifier(parts[4]), parts[3].elementsEqual(parts[4].prefix(2))
        else { return nil }
        return (workspace, post)
    }

    private static func person(_ part: Part) -> RecordPath? {
        guard let (name, type) = split(part), type.elementsEqual("json".utf8), let id: PersonID = identifier(name)
        else { return nil }
        return .person(id)
    }

    private static func workspace(_ parts: Parts) -> RecordPath? {
        let parts = Array(parts)
        guard let id: WorkspaceID = identifier(parts[1]), parts[2].elementsEqual("workspace.json".utf8) else {
            return nil
        }
        return .workspace(id)
    }

    private static func inPost(_ workspace: WorkspaceID, _ post: PostID, _ rest: Parts) -> RecordPath? {
        let parts = Array(rest)
        if parts.count == 2 {
            return conflictImage(workspace, post, parts) ?? long(.post(workspace, post), parts)
        }
        if parts[0].elementsEqual("post.json".utf8) { return .post(workspace, post) }
        guard let (name, type) = file(parts[0]), name.elementsEqual("image".utf8) else { return nil }
        return .postImage(workspace, post, type)
    }

    private static func conflictImage(_ workspace: WorkspaceID, _ post: PostID, _ parts: [Part]) -> RecordPath? {
        guard parts[0].elementsEqual("conflicts".utf8), let (name, rest) = split(parts[1]),
            name.elementsEqual("image".utf8), let (oid, type) = file(rest), let hash = hash(oid)
        else { return nil }
        return .conflictImage(workspace, post, hash, type)
    }

    private static func inTrack(_ track: TrackID, _ rest: Parts) -> RecordPath? {
        let parts = Array(rest)
        guard parts.count == 2 else {
            if parts[0].elementsEqual("track.json".utf8) { return .track(track) }
            guard let (name, type) = file(parts[0]), name.elementsEqual("audio".utf8) else { return nil }
            return .trackAudio(track, type)
        }
        switch String(decoding: parts[0], as: UTF8.self) {
        case "stems": return stem(track, parts[1])
        case "conflicts":
            guard let (name, type) = file(parts[1]), let hash = hash(name) else { return nil }
            return .conflictAudio(track, hash, type)
        default: return long(.track(track), parts)
        }
    }

    private static func stem(_ track: TrackID, _ part: Part) -> RecordPath? {
        guard let (name, type) = split(part), let stem = StemType(String(decoding: name, as: UTF8.self)) else {
            return nil
        }
        if type.elementsEqual("json".utf8) { return .stem(track, stem) }
        guard let type = FileExtension(String(decoding: type, as: UTF8.self)) else { return nil }
        return .stemAudio(track, stem, type)
    }

    private static func long(_ folder: RecordFolder, _ parts: [Part]) -> RecordPath? {
        guard parts[0].elementsEqual("long".utf8), let (name, type) = split(parts[1]),
            type.elementsEqual("txt".utf8), let hash = hash(name)
        else { return nil }
        return .long(folder, hash)
    }

    /// Splits a name at its one dot.
    private static func split(_ part: Part) -> (name: Part, type: Part)? {
        guard let dot = part.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return (part[..<dot], part[(dot + 1)...])
    }

    private static func file(_ part: Part) -> (name: Part, type: FileExtension)? {
        guard let (name, type) = split(part), let type = FileExtension(String(decoding: type, as: UTF8.self)) else {
            return nil
        }
        return (name, type)
    }

    private static func hash(_ part: Part) -> ContentHash? {
        ContentHash(hex: String(decoding: part, as: UTF8.self))
    }

    private static func identifier<Kind>(_ part: Part) -> Identifier<Kind>? {
        Identifier(String(decoding: part, as: UTF8.self))
    }
}
