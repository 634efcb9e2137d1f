import Catalog
import Store

/// The tracks that the words of a command mean.
struct Targets {
    /// The query that they were written as; nil where they are ids.
    let query: (text: String, query: Query)?
    /// The tracks, in the order of ids.
    let tracks: [TrackFolder]
}

extension Session {
    /// Finds the tracks that words mean: each is an id if all of them are, else together they are a query.
    func targets(_ words: [String], in view: View) throws -> Targets {
        if let tracks = try tracksOfIDs(words, in: view) { return Targets(query: nil, tracks: tracks) }
        let text = words.joined(separator: " ")
        let query = try Query(parsing: text)
        guard !query.terms.isEmpty else {
            throw Failure(.usage, "\"\(text)\" names no track", hint: "give ids, or words of the tracks")
        }
        return Targets(query: (text, query), tracks: try matches(of: query, in: view))
    }

    private func tracksOfIDs(_ words: [String], in view: View) throws -> [TrackFolder]? {
        var found: [TrackID: TrackFolder] = [:]
        for word in words {
            guard try isID(word, in: view) else { return nil }
            let track = try find(word, in: view)
            found[track.id] = track
        }
        return found.isEmpty ? nil : found.values.sorted { $0.id < $1.id }
    }

    /// A word of the right digits may be a word of a title all the same.
    private func isID(_ word: String, in view: View) throws -> Bool {
        guard word.utf8.count >= 4, word.utf8.count <= 32 else { return false }
        return try view.snapshot.trackIDs(withPrefix: word).contains { try view.readable($0) != nil }
    }

    /// The same, where there must be one.
    func someTargets(_ words: [String], in view: View) throws -> Targets {
        let targets = try targets(words, in: view)
        if let query = targets.query, targets.tracks.isEmpty {
            throw Failure(.notFound, "no track is named \(query.text)", hint: "`offbeat ls` lists the tracks")
        }
        return targets
    }
}
