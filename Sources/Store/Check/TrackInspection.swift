import Blobs
import Catalog
import Digest
import Git

/// Looks at one track's folder: its record, its pointers, its stems, and whether they fit one another.
struct TrackInspection {
    let id: TrackID
    let folder: Tree
    let head: HeadInspection

    private var path: String { RecordFolder.track(id).path }

    func run() throws {
        let record = EntryName.trackRecord.flatMap { folder[$0] }
        let files = PointerFile.all(named: "audio", in: folder)
        if record == nil, let file = files.first {
            head.tellWithoutRecord("\(path)/\(file.entry.name.string)", of: "track.json")
        }
        let track = try head.inspect(record, at: .track(id), as: Track.self, id)
        if let track {
            let place = PointerPlace(folder: path, name: "audio") { .trackAudio(id, $0) }
            try head.inspect(
                files, at: place, expecting: track.audio, facts: track.fields["facts"], of: .facts(id, nil),
                record: RecordPath.track(id))
        }
        try inspectStems()
        try inspectConflicts(of: track)
    }

    // MARK: Stems

    private func inspectStems() throws {
        guard let entry = EntryName.stems.flatMap({ folder[$0] }), entry.mode == .tree,
            let stems = try? head.snapshot.tree(entry.id)
        else { return }
        var types: Set<StemType> = []
        for entry in stems.entries {
            guard let type = StemType(recordName: entry.name) else { continue }
            types.insert(type)
            let path = RecordPath.stem(id, type)
            guard let stem = try head.inspect(entry, at: path, as: Stem.self, type) else {
                continue
            }
            let place = PointerPlace(folder: "\(self.path)/stems", name: type.text) { .stemAudio(id, type, $0) }
            try head.inspect(
                PointerFile.all(named: type.text, in: stems), at: place, expecting: stem.audio,
                facts: stem.fields["facts"], of: .facts(id, type), record: path)
        }
        for entry in stems.entries {
            guard case .stemAudio(_, let type, _) = RecordPath("\(path)/stems/\(entry.name.string)"),
                !types.contains(type)
            else { continue }
            head.tellWithoutRecord("\(path)/stems/\(entry.name.string)", of: "\(type).json")
        }
    }

    // MARK: Conflicts

    /// Audio that lost a merge lies under its own hash, and the record that speaks of it needs it there.
    private func inspectConflicts(of track: Track?) throws {
        let entry = EntryName("conflicts").flatMap { folder[$0] }
        let tree = entry.flatMap { $0.mode == .tree ? try? head.snapshot.tree($0.id) : nil }
        var found: Set<ContentHash> = []
        for entry in tree?.entries ?? [] {
            let path = RecordPath("\(path)/conflicts/\(entry.name.string)")
            guard case .conflictAudio(_, let oid, _) = path else { continue }
            head.inspection.counts.pointers += 1
            if try head.pointer(entry, at: path)?.oid == oid { found.insert(oid) }
        }
        for conflict in track?.conflicts ?? [] where conflict.field == "audio" {
            guard let value = conflict.value, let oid = value["oid"]?.asString.flatMap({ ContentHash(hex: $0) }),
                let size = value["size"]?.asInteger, !found.contains(oid)
            else { continue }
            let suffix = value["name"]?.asString?.split(separator: ".").last.flatMap {
                FileExtension($0.lowercased())
            }
            guard let suffix = suffix ?? FileExtension("audio") else { continue }
            head.tellMissing(.conflictAudio(id, oid, suffix), Pointer(oid: oid, size: size))
        }
    }
}

/// Looks at one post's folder.
struct PostInspection {
    let id: PostID
    let workspace: WorkspaceID
    let folder: Tree
    let head: HeadInspection

    func run() throws {
        let record = EntryName("post.json").flatMap { folder[$0] }
        let files = PointerFile.all(named: "image", in: folder)
        let path = RecordFolder.post(workspace, id).path
        if record == nil, let file = files.first {
            head.tellWithoutRecord("\(path)/\(file.entry.name.string)", of: "post.json")
        }
        let post = try head.inspect(record, at: .post(workspace, id), as: Post.self, id)
        for file in files {
            head.inspection.counts.pointers += 1
            _ = try head.pointer(file.entry, at: .postImage(workspace, id, file.suffix))
        }
        if let post, post.image != nil, files.isEmpty {
            head.inspection.add(
                Problem(
                    .pointer, "\(path)/image",
                    "the post names an image, and there is no pointer to it", "set its image again"))
        }
    }
}
