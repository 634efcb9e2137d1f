/// What a query is asked of, and what lists are sorted by: a track as it is shown.
///
/// Tempo and key are the person's, or else the analysis's; whoever makes the subject decides that.
public struct QuerySubject: Sendable {
    /// Which track it is.
    public var id: TrackID
    /// The title.
    public var title: String?
    /// Who plays.
    public var artist: String?
    /// The album.
    public var album: String?
    /// The tags.
    public var tags: [String]
    /// What people note about it.
    public var comment: String?
    /// The genre.
    public var genre: String?
    /// The key.
    public var key: String?
    /// The tempo.
    public var bpm: Double?
    /// The year.
    public var year: Int?
    /// The rating.
    public var rating: Int?
    /// The number on the album.
    public var trackNumber: Int?
    /// The length in milliseconds.
    public var durationMs: Int64?
    /// The audio's format.
    public var format: String?
    /// Whose track it is.
    public var owner: PersonID?
    /// The owner's handle.
    public var ownerHandle: Handle?
    /// When it was added, by stamp, which tells apart what one moment brought.
    public var created: Stamp
    /// When it was added, in milliseconds since 1970.
    public var added: Int64 { created.time.milliseconds }
    /// When it was last changed, in milliseconds since 1970.
    public var modified: Int64
    /// Whether its audio is on this computer.
    public var isHere: Bool
    /// The loudness in LUFS, as the analysis has it.
    public var loudness: Double?

    /// Takes what a track's record says, and what it does not.
    public init(
        _ track: Track, ownerHandle: Handle? = nil, isHere: Bool = true, analyzedBPM: Double? = nil,
        analyzedKey: String? = nil, loudness: Double? = nil
    ) {
        id = track.id
        title = track.title
        artist = track.artist
        album = track.album
        tags = track.tags
        comment = track.comment
        genre = track.genre
        key = track.key ?? analyzedKey
        bpm = track.bpm ?? analyzedBPM
        year = track.year
        rating = track.rating
        trackNumber = track.trackNumber
        durationMs = track.facts?.durationMs
        format = track.facts?.format
        owner = track.owner
        self.ownerHandle = ownerHandle
        created = track.created
        modified = track.modified.time.milliseconds
        self.isHere = isHere
        self.loudness = loudness
    }
}

extension Query {
    /// Tells whether all terms hold.
    ///
    /// - Parameters:
    ///   - subject: the track.
    ///   - now: the time that ages are counted back from, in milliseconds since 1970.
    public func matches(_ subject: QuerySubject, now: Int64) -> Bool {
        // Words are folded once, and only when a term asks for them.
        var words: [TextField: [[String]]] = [:]
        func texts(_ field: TextField) -> [[String]] {
            if let known = words[field] { return known }
            let folded = subject.texts(field).map(Folding.words)
            words[field] = folded
            return folded
        }
        return terms.allSatisfy { term in subject.fulfils(term.test, now, texts) != term.isNegated }
    }
}

extension QuerySubject {
    fileprivate func texts(_ field: Query.TextField) -> [String] {
        switch field {
        case .title: title.map { [$0] } ?? []
        case .artist: artist.map { [$0] } ?? []
        case .album: album.map { [$0] } ?? []
        case .comment: comment.map { [$0] } ?? []
        case .genre: genre.map { [$0] } ?? []
        case .tags: tags
        }
    }

    fileprivate func fulfils(
        _ test: Query.Test, _ now: Int64, _ texts: (Query.TextField) -> [[String]]
    ) -> Bool {
        switch test {
        case .anywhere(let phrase):
            Query.TextField.everywhere.contains { texts($0).contains(where: phrase.stands) }
        case .text(let field, let phrase): texts(field).contains(where: phrase.stands)
        case .tag(let tag): tags.contains { UTF8Order.equal(Folding.fold($0), tag) }
        case .format(let name): format.map { UTF8Order.equal(Folding.fold($0), name) } ?? false
        case .key(let wanted): key.flatMap { MusicalKey($0) } == wanted
        case .owner(let name): isOwned(by: name)
        case .number(let field, let span): number(field).map(span.contains) ?? false
        case .time(.added, let span): span.contains(added, now: now)
        case .time(.modified, let span): span.contains(modified, now: now)
        case .here(let wanted): isHere == wanted
        }
    }

    private func isOwned(by name: String) -> Bool {
        if ownerHandle?.text == name { return true }
        guard let owner, name.utf8.count >= 4 else { return false }
        return owner.hasPrefix(name)
    }

    /// The number that a query's field stands for.
    public func number(_ field: Query.NumberField) -> Double? {
        switch field {
        case .bpm: bpm
        case .year: year.map(Double.init)
        case .rating: rating.map(Double.init)
        case .trackNumber: trackNumber.map(Double.init)
        case .duration: durationMs.map { Double($0) / 1_000 }
        }
    }
}

extension Query.Phrase {
    /// Tells whether the phrase stands in a text of these folded words.
    public func stands(in text: [String]) -> Bool {
        guard text.count >= words.count else { return false }
        return (0...text.count - words.count).contains { start in
            words.indices.allSatisfy { index in
                let word = text[start + index]
                if isPrefix, index == words.count - 1 { return word.utf8.starts(with: words[index].utf8) }
                return UTF8Order.equal(word, words[index])
            }
        }
    }
}
