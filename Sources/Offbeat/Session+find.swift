import Blobs
import Cache
import Catalog
import Store

extension Session {
    /// Finds the one track that a word names: an id, a unique prefix of four digits or more, or a query with exactly
    /// one match. What this person may not see is not found.
    func find(_ name: String, in view: View) throws -> TrackFolder {
        if name.utf8.count >= 4, name.utf8.count <= 32, name.utf8.allSatisfy(Self.isHexDigit) {
            let ids = try view.snapshot.trackIDs(withPrefix: name)
            let found = try ids.count == 1 ? [view.track(ids[0])] : ids.map { try view.readable($0) }
            if let match = try only(found.compactMap(\.self), name) { return match }
            // Where a track is gone, its whole id is not looked for in what is said of others.
            if TrackID(name) != nil { throw Self.noTrack(name) }
        }
        let query = try Query(parsing: name)
        if query.terms.isEmpty {
            throw Failure(.usage, "\"\(name)\" names no track", hint: "give an id, or words of its title")
        }
        let matches = try matches(of: query, in: view, most: 11)
        if let match = try only(matches, name) { return match }
        throw Self.noTrack(name)
    }

    private static func noTrack(_ name: String) -> Failure {
        Failure(.notFound, "no track is named \(name)", hint: "`offbeat ls` lists the tracks")
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private func only(_ found: [TrackFolder], _ name: String) throws(Failure) -> TrackFolder? {
        guard found.count > 1 else { return found.first }
        let candidates = found.prefix(10).map { "\($0.id.description.prefix(8)) \($0.track.title ?? "")" }
        throw Failure(
            .ambiguous,
            "\(name) names several tracks: " + candidates.joined(separator: ", ") + (found.count > 10 ? ", …" : ""),
            hint: "give more digits of the id, or more words")
    }

    /// The tracks that a query matches, in the order of ids.
    func matches(of query: Query, in view: View, most: Int = .max) throws -> [TrackFolder] {
        let rows = try library.indexed { index in
            try index.read(by: person?.id) { reader in
                // The head may have moved since the view was opened; then the rows are of another version.
                reader.version == view.snapshot.version ? try reader.matches(self.wanted(query, in: view)) : nil
            }
        }
        guard let rows = rows?.value else { return try matchesWithoutIndex(of: query, in: view, most: most) }
        return try rows.prefix(most).compactMap { try view.read($0) }
    }

    func matchesWithoutIndex(of query: Query, in view: View, most: Int) throws -> [TrackFolder] {
        var found: [TrackFolder] = []
        struct Enough: Error {}
        do {
            let summaries = view.summaries.loaded()
            try view.forEachTrack { folder in
                guard query.matches(subject(folder, in: view, query, summaries), now: Int64(library.context.now()))
                else {
                    return
                }
                found.append(folder)
                if found.count >= most { throw Enough() }
            }
        } catch is Enough {}
        return found
    }

    /// What a query can ask of a track.
    func subject(
        _ folder: TrackFolder, in view: View, _ query: Query, _ summaries: AnalysisSummaries? = nil
    ) -> QuerySubject {
        // Looking for a file is a call of the system, so it is left out where nobody asks.
        QuerySubject(
            folder, people: view.people, isHere: query.dependsOnFiles && isHere(folder),
            analysis: (summaries ?? view.summaries)[folder.audio?.pointer.oid])
    }

    /// Whether the track's audio is on this computer.
    func isHere(_ folder: TrackFolder) -> Bool {
        folder.audio.map { store.blobs.contains($0.pointer) } ?? false
    }
}
