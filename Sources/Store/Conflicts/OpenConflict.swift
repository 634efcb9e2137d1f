public import Catalog
import Digest
import Git

/// One field of a version's records that waits for a person to decide.
public struct OpenConflict: Sendable {
    /// The record.
    public let path: RecordPath
    /// What the record belongs to.
    public let folder: RecordFolder
    /// What stands there and what lost; long texts are named by their hash.
    public let dispute: Dispute

    /// What the field is called among those of the folder: that of a stem has the stem in front.
    public var field: String { path.name(of: dispute.field) }

    /// Whether it is about the record's being there at all, which somebody else had removed.
    public var isAboutRemoval: Bool { dispute.field == Conflict.removal }
}

extension TrackFolder {
    /// What of the track and its stems waits for a person.
    public var openConflicts: [OpenConflict] {
        let own = OpenConflict.all(of: track, at: .track(id), in: .track(id))
        return own
            + stems.flatMap { OpenConflict.all(of: $0.stem, at: .stem(id, $0.stem.type), in: .track(id)) }
    }
}

extension OpenConflict {
    static func all<Kind>(of record: Record<Kind>, at path: RecordPath, in folder: RecordFolder) -> [Self] {
        record.disputes.map { OpenConflict(path: path, folder: folder, dispute: $0) }
    }
}

extension Snapshot {
    /// What of a record and all that is in its folder waits for a person; nothing of what cannot be read.
    public func openConflicts(in folder: RecordFolder) throws(StoreError) -> [OpenConflict] {
        var found: [OpenConflict] = []
        for path in try recordPaths(in: folder) {
            if let kind = path.kind { found += try openConflicts(kind, at: path, in: folder) }
        }
        return found
    }

    private func openConflicts<Kind: RecordKind>(
        _ kind: Kind.Type, at path: RecordPath, in folder: RecordFolder
    ) throws(StoreError) -> [OpenConflict] {
        guard let entry = try entry(at: path.text), let bytes = try? record(entry.id, at: path.text),
            let record = try? Record<Kind>.read(bytes, expecting: path.identity.flatMap { Kind.Identity($0) })
        else { return [] }
        return OpenConflict.all(of: record, at: path, in: folder)
    }

    /// What a conflict kept, with a long text itself in the place of its hash; the hash where the text is gone.
    public func value(kept conflict: Conflict, in folder: RecordFolder) throws(StoreError) -> JSON? {
        guard let hash = conflict.longValue, let text = try longText(hash, in: folder) else {
            return conflict.value
        }
        guard conflict.field == Conflict.wholeRecord else { return .string(String(decoding: text, as: UTF8.self)) }
        return (try? JSON.parse(text)) ?? conflict.value
    }

    private func longText(_ hash: ContentHash, in folder: RecordFolder) throws(StoreError) -> [UInt8]? {
        let path = RecordPath.long(folder, hash).text
        return try entry(at: path).flatMap { try? record($0.id, at: path) }
    }

    // MARK: All but tracks

    /// The posts, workspaces and people, and the store's own record: all that may have conflicts beside tracks.
    public func foldersBesideTracks() throws(StoreError) -> [RecordFolder] {
        let workspaces = try folder(at: "workspaces")?.entries.compactMap { WorkspaceID($0.name.string) } ?? []
        var posts: [RecordFolder] = []
        for workspace in workspaces { posts += try self.posts(of: workspace) }
        let people = try folder(at: "people")?.entries.compactMap { entry -> RecordFolder? in
            if case .person(let id) = RecordPath("people/\(entry.name.string)") { .person(id) } else { nil }
        }
        return posts + workspaces.map(RecordFolder.workspace) + (people ?? []) + [.store]
    }

    private func posts(of workspace: WorkspaceID) throws(StoreError) -> [RecordFolder] {
        var found: [RecordFolder] = []
        for shelf in try folder(at: "workspaces/\(workspace)/posts")?.entries ?? [] where shelf.isTree {
            found += try tree(shelf.id).entries.compactMap { entry in
                entry.isTree ? PostID(entry.name.string).map { .post(workspace, $0) } : nil
            }
        }
        return found
    }
}

extension Conflict {
    /// The hash of the text that lost, where that lies beside the record.
    var longValue: ContentHash? {
        guard let object = value?.asObject, object.count == 1 else { return nil }
        return object[Self.longMember]?.asString.flatMap { ContentHash(hex: $0) }
    }
}
