import Blobs
import Catalog
import Digest
import Git
import SQLite
import Store

/// A track as what its row holds, and the tables beside it.
struct PreparedTrack: Sendable {
    /// The values of the columns.
    let columns: [Value]
    let tags: [String]
    /// The files that the folder names: the audio and the stems'.
    let files: [Pointer]
    let audience: TrackTable.Audience
    let conflicts: Int

    /// The columns, in the order of their values.
    static let names =
        ["id", "folder", "title", "artist", "album", "tags", "keyName"] + words
        + [
            "bpm", "key", "year", "rating", "trackNumber", "duration", "loudness", "format", "owner", "created",
            "added", "modified", "audio", "size", "conflicts",
        ]

    /// Those that words are looked for in.
    static let words = ["titleWords", "artistWords", "albumWords", "tagWords", "commentWords", "genreWords"]

    /// Where those stand.
    static let wordPlaces = place(of: words[0])...place(of: words[words.count - 1])

    /// Where a column stands.
    static func place(of name: String) -> Int { places[name] ?? 0 }
    private static let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })

    /// What stands where there is no value: it sorts after all that are.
    static let missing = Value.blob([])
    /// What parts a tag from the next: no line has it in it.
    static let separator = "\n"
    /// A word that nobody can look for, so that no phrase reaches from one tag into the next.
    private static let wall = " \u{2063} "
    /// Begins each word of a genre, since that is found only by who asks for genres: so a word that is looked for anywhere
    /// needs no look at where it stands.
    static let genreMark = "\u{2064}"

    /// Where no person has decided about tempo and key, what an analysis says stands in the row.
    init(_ folder: TrackFolder, at tree: ObjectID, _ analysis: AnalysisSummary?) {
        let track = folder.track
        let audio = folder.audio?.pointer
        let (bpm, keyName) = (track.bpm ?? analysis?.bpm, track.key ?? analysis?.key)
        let key = keyName.flatMap { MusicalKey($0) }
        tags = track.tags
        files = ([folder.audio] + folder.stems.map(\.audio)).compactMap { $0?.pointer }
        audience = TrackTable.Audience(owner: track.owner, workspaces: track.shares)
        conflicts = folder.openConflicts.count
        columns = [
            .blob(folder.id.bytes), .blob(tree.bytes), Self.text(track.title), Self.text(track.artist),
            Self.text(track.album), .text(track.tags.joined(separator: Self.separator)), Self.text(keyName),
            SortKey.collation(track.title).map(Value.text) ?? Self.missing,
            SortKey.collation(track.artist).map(Value.text) ?? Self.missing,
            .text(Self.words(track.album)), .text(track.tags.map { Self.words($0) }.joined(separator: Self.wall)),
            .text(Self.words(track.comment)), .text(Self.words(track.genre, each: Self.genreMark)),
            bpm.map(Value.real) ?? Self.missing,
            key.map { .integer(Int64($0.tonic * 2 + ($0.isMinor ? 1 : 0))) } ?? Self.missing,
            Self.number(track.year), Self.number(track.rating), Self.number(track.trackNumber),
            (folder.facts?.durationMs).map(Value.integer) ?? Self.missing,
            (analysis?.loudness).map(Value.real) ?? Self.missing,
            Self.text(folder.facts.map { Folding.fold($0.format) }),
            track.owner.map { .blob($0.bytes) } ?? .null,
            .text(track.created.description), .integer(track.created.time.milliseconds),
            .integer(track.modified.time.milliseconds),
            audio.map { .blob($0.oid.bytes) } ?? .null, audio.map { .integer($0.size) } ?? .null,
            .integer(Int64(conflicts)),
        ]
    }

    private static func text(_ text: String?) -> Value { text.map(Value.text) ?? .null }
    private static func number(_ number: Int?) -> Value { number.map { .integer(Int64($0)) } ?? missing }
    private static func words(_ text: String?, each mark: String = "") -> String {
        text.map { Folding.words($0).map { mark + $0 }.joined(separator: " ") } ?? ""
    }
}
