import Blobs
import Cache
import Catalog
import Files
import Publishing
import Store

/// What a workspace has brought out at a target, each post as it went out.
///
/// A post whose record, or whose track, says something else by now is told as it was approved: it is looked up in the
/// version that it went out from. That is remembered in `publishing/out`, which is derived, and anyone may delete it.
struct PublishedPosts {
    let maker: PublicationMaker
    let target: String

    private var store: Store { maker.library.store }
    private var memory: FilePath { LocalTargets.folder(in: maker.library.path).appending("out") }

    /// How far the clocks of a team may be apart, in milliseconds.
    private static let skew: Int64 = 86_400_000

    /// Those of a version, in no order. What can be found in no version any more is left out.
    func find(of workspace: Workspace, in view: View) throws -> [Publication] {
        try candidates(of: workspace, in: view).compactMap { found in
            guard
                let out = found.post.decisions.first(where: { $0.kind == .published && $0.target == target })
            else { return nil }
            if found.content.hash == out.content { return try publication(found, view, out) }
            let key = PublicationKey(of: found.post.id, content: out.content, for: target)
            if let known = remembered(key) { return known }
            guard let past = try past(of: found, out, in: view) else { return nil }
            remember(past)
            return past
        }
    }

    /// Posts that may be out: one that is out at a target stands so, or as it is at another. Those that wait are not read.
    private func candidates(of workspace: Workspace, in view: View) throws -> [ReviewedPost] {
        let answer = try maker.library.indexed { index in
            try index.refresh { reader -> [PostRow]? in
                guard reader.version == view.snapshot.version else { return nil }
                return try [PostState.published, .failed, .needsAttention].flatMap { state in
                    var wanted = HistoryRequest(of: [workspace])
                    wanted.state = state
                    return try reader.posts(wanted).rows
                }
            }
        }
        return try answer?.value.map { try view.read($0) } ?? view.posts(of: [workspace]).posts
    }

    private func publication(_ found: ReviewedPost, _ view: View, _ out: Decision) throws -> Publication {
        try maker.publication(of: found, in: view, to: target, at: out.at.time)
    }

    /// The newest version in which it was what went out; none before it went out is looked at but the last.
    private func past(of found: ReviewedPost, _ out: Decision, in view: View) throws -> Publication? {
        var publication: Publication?
        try store.forEachVersion(from: view.snapshot.version) { entry in
            let snapshot = try store.snapshot(of: entry.version)
            if case .post(let folder)? = try snapshot.read(found.post.id, in: found.workspace.id),
                try snapshot.content(of: folder).hash == out.content
            {
                let then = try View(snapshot, for: maker.session)
                publication = try self.publication(then.reviewed(folder, of: found.workspace), then, out)
                return false
            }
            return Int64(clamping: entry.at) + Self.skew > out.at.time.milliseconds
        }
        return publication
    }

    // MARK: What is remembered

    private func remembered(_ key: PublicationKey) -> Publication? {
        guard let bytes = try? FileSystem.readIfExists(memory.appending("\(key)"), limit: 1 << 20),
            var known = (try? JSON.parse(bytes)).flatMap({ Publication($0) }), known.key == key
        else { return nil }
        known.image = known.image.map(maker.found)
        if let track = known.track {
            known.track?.audio = maker.found(track.audio)
        }
        return known
    }

    /// That it cannot be written costs no more than looking it up again.
    private func remember(_ publication: Publication) {
        _ = try? FileSystem.makeDirectories(memory, mode: 0o700)
        try? FileSystem.replaceAtomically(
            memory.appending("\(publication.key)"), with: publication.document.canonical(), mode: 0o600,
            durable: false)
    }
}
