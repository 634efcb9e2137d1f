import Cache
import Catalog
import Store

/// A post that stands otherwise than before.
struct Transition {
    /// The post, where it lies.
    let folder: RecordFolder
    /// How it stood; nil for one that was not there.
    let from: PostState?
    /// How it stands; nil for one that is gone.
    let to: PostState?
    /// The post as it is, or as it was where it is gone.
    let post: PostSummary

    /// What a program is told.
    func document(at version: Version, of store: String) -> JSON {
        [
            "event": "transition", "from": from.map { .string($0.rawValue) } ?? .null,
            "to": to.map { .string($0.rawValue) } ?? .null, "post": post.json,
            "workspace": .string(post.workspace.slug?.text ?? post.workspace.id.hex),
            "version": .string(version.description), "store": .string(store),
        ]
    }
}

extension Library {
    /// The posts that stand otherwise in one version than in another, of all workspaces, in the order of paths.
    ///
    /// What is said of them is said to whoever has this computer, so it is nobody's view in particular.
    func transitions(from old: Version, to new: Version) throws -> [Transition] {
        let nobody = Session(library: self, person: nil, sharing: .everyone, isOneOfMany: false)
        let (before, after) = (
            try View(store.snapshot(of: old), for: nobody), try View(store.snapshot(of: new), for: nobody)
        )
        let zones = Zones()
        let touched = try posts(touchedBy: store.changes(from: old, to: new).compactMap(\.folder), before, after)
        return try touched.sorted { $0.path < $1.path }.compactMap { folder in
            let (was, isNow) = (try before.reviewed(folder), try after.reviewed(folder))
            guard was?.review.state != isNow?.review.state, let found = isNow ?? was else { return nil }
            return Transition(
                folder: folder, from: was?.review.state, to: isNow?.review.state,
                post: try PostSummary(found, in: isNow == nil ? before : after, zones: zones))
        }
    }

    /// The posts whose state was computed from any of these records in either version.
    ///
    /// One that was about a track in the earlier version alone is changed itself.
    private func posts(
        touchedBy changed: [RecordFolder], _ before: View, _ after: View
    ) throws -> Set<RecordFolder> {
        var found: Set<RecordFolder> = []
        var tracks: [TrackID] = []
        for folder in changed {
            switch folder {
            case .post: found.insert(folder)
            case .track(let id): tracks.append(id)
            case .workspace(let id):
                let terms = try [before, after].map { try $0.snapshot.workspace(id)?.approval }
                if terms[0] != terms[1] { found.formUnion(try after.posts(of: id)) }
            case .person, .store: break
            }
        }
        return tracks.isEmpty ? found : found.union(try posts(about: tracks, in: after))
    }

    /// By the index where that is of the same version, so that the cost follows the change; else all posts are read.
    private func posts(about tracks: [TrackID], in view: View) throws -> [RecordFolder] {
        if index.exists,
            let answer = try indexed({ index in try index.refresh { try $0.postFolders(about: tracks) } }),
            answer.version == view.snapshot.version
        {
            return answer.value
        }
        let wanted = Set(tracks)
        return try view.snapshot.workspaces().flatMap { workspace in
            try view.snapshot.posts(of: workspace.id).compactMap { reading in
                guard case .post(let folder) = reading, let track = folder.post.track, wanted.contains(track) else {
                    return nil
                }
                return .post(workspace.id, folder.post.id)
            }
        }
    }
}

extension View {
    /// The post as it stands here; nil where there is none that can be read.
    fileprivate func reviewed(_ folder: RecordFolder) throws -> ReviewedPost? {
        guard case .post(let id, let post) = folder, case .post(let found)? = try snapshot.read(post, in: id),
            let workspace = try snapshot.workspace(id)
        else { return nil }
        return try reviewed(found, of: workspace)
    }

    fileprivate func posts(of workspace: WorkspaceID) throws -> [RecordFolder] {
        try snapshot.postFolders(of: workspace).map { .post(workspace, $0.id) }
    }
}
