import Blobs
import Catalog
import Store

extension Session {
    /// Keeps tracks on this computer: their files come with the next sync, and are not dropped. A query keeps what it will
    /// match, too.
    ///
    /// The outcome's bytes are those that are still to come.
    public func pin(_ words: [String]) throws(Failure) -> ContentOutcome {
        do {
            try library.refuseGuests("pin tracks")
            let view = try view()
            let targets = try targets(words, in: view)
            let standing = try Self.standing(targets)
            var outcome = ContentOutcome()
            let old = try Pinning(library.pins, in: view.snapshot, now: library.context.now())
            outcome.changed = targets.tracks.filter { !old.contains($0) }.map(\.id)
            outcome.bytes = try bytes(of: targets, in: view) { !store.blobs.contains($0) }
            try library.changePins { pins in
                if let standing {
                    if !pins.queries.contains(standing) { pins.queries.append(standing) }
                } else {
                    pins.pinned.formUnion(targets.tracks.map(\.id))
                }
                pins.dropped.subtract(targets.tracks.map(\.id))
            }
            return outcome
        } catch { throw Failure(error) }
    }

    /// The text of a query that is to stand; nil where its tracks of this moment are meant.
    private static func standing(_ targets: Targets) throws -> String? {
        guard let (text, query) = targets.query else { return nil }
        // Words alone that nothing has may be a slip; a tag that no track has yet is a plan.
        let isOfWords = query.terms.allSatisfy { if case .anywhere = $0.test { !$0.isNegated } else { false } }
        if targets.tracks.isEmpty, isOfWords || query.dependsOnFiles {
            throw Failure(.notFound, "no track is named \(text)", hint: "`offbeat ls` lists the tracks")
        }
        // What is here is what pins decide, so it cannot decide about pins.
        return query.dependsOnFiles ? nil : text
    }

    /// Lets go of tracks, or of a query that was pinned: what is here stays until it is dropped.
    ///
    /// The outcome's bytes are those that may go now. A track that a query keeps is refused.
    public func unpin(_ words: [String]) throws(Failure) -> ContentOutcome {
        do {
            try library.refuseGuests("unpin tracks")
            let view = try view()
            let pins = try library.pins
            let text = words.joined(separator: " ")
            let targets = try pins.queries.contains(text) ? targets(words, in: view) : someTargets(words, in: view)
            let old = try Pinning(pins, in: view.snapshot, now: library.context.now())
            try library.changePins { pins in
                pins.queries.removeAll { $0 == text }
                pins.pinned.subtract(targets.tracks.map(\.id))
            }
            let new = try Pinning(library.pins, in: view.snapshot, now: library.context.now())
            var outcome = ContentOutcome()
            let loose = targets.tracks.filter { !new.contains($0) }
            for track in targets.tracks {
                if let reason = try new.reason(for: track.id) { outcome.refused.append((track.id, reason)) }
            }
            outcome.changed = loose.filter(old.contains).map(\.id)
            outcome.bytes = try bytes(of: Targets(query: nil, tracks: loose), in: view, store.blobs.contains)
            return outcome
        } catch { throw Failure(error) }
    }

    private func bytes(
        of targets: Targets, in view: View, _ counts: (Pointer) -> Bool
    ) throws(StoreError) -> Int64 {
        var files: Set<Pointer> = []
        for track in targets.tracks { files.formUnion(try view.snapshot.files(of: .track(track.id))) }
        return files.filter(counts).reduce(0) { $0 + $1.size }
    }
}
