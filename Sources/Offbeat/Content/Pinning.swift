import Catalog
import Store

/// Tells of the tracks of one version which are pinned.
struct Pinning {
    /// The queries that pin, each with its text.
    let queries: [(text: String, query: Query)]
    private let pins: Pins
    private let snapshot: Snapshot
    private let people: PeopleLookup
    private let now: Int64

    init(_ pins: Pins, in snapshot: Snapshot, now: UInt64) throws {
        self.pins = pins
        self.snapshot = snapshot
        people = PeopleLookup(in: snapshot)
        self.now = Int64(clamping: now)
        queries = try pins.queries.map { text in (text, try Query(parsing: text)) }
    }

    /// Whether the answer may change though no track does.
    var dependsOnClock: Bool { queries.contains { $0.query.dependsOnClock } }

    /// Whether a track is pinned. Its record is read only if there are queries; one that cannot be read matches none.
    func contains(_ id: TrackID) throws(StoreError) -> Bool { try reason(for: id) != nil }

    /// In words, why a track stays; nil where it is not pinned.
    func reason(for id: TrackID) throws(StoreError) -> String? {
        if pins.pinned.contains(id) { return "it is pinned" }
        guard !queries.isEmpty, case .track(let folder)? = try snapshot.read(id) else { return nil }
        return query(for: folder).map { "it is pinned by the query \($0)" }
    }

    func contains(_ folder: TrackFolder) -> Bool { pins.pinned.contains(folder.id) || query(for: folder) != nil }

    /// The query that pins a track.
    private func query(for folder: TrackFolder) -> String? {
        guard !queries.isEmpty else { return nil }
        let subject = QuerySubject(folder, people: people, isHere: false)
        return queries.first { $0.query.matches(subject, now: now) }?.text
    }

    /// All tracks that are pinned.
    func all() throws -> [TrackID] {
        if queries.isEmpty { return pins.pinned.sorted() }
        var found: [TrackID] = []
        try snapshot.forEachTrack { reading in
            switch reading {
            case .track(let folder): if contains(folder) { found.append(folder.id) }
            case .unreadable: break
            }
        }
        return Set(found).union(pins.pinned).sorted()
    }
}

extension QuerySubject {
    /// Takes what is known of a track; without an analysis, what people decided alone. What is pinned depends on that only.
    init(_ folder: TrackFolder, people: PeopleLookup, isHere: Bool, analysis: AnalysisSummary? = nil) {
        self.init(
            folder.track, ownerHandle: folder.track.owner.flatMap { people[$0]?.handle }, isHere: isHere,
            analyzedBPM: analysis?.bpm, analyzedKey: analysis?.key, loudness: analysis?.loudness)
        // What the record says of another file is nothing about this one.
        if folder.facts == nil { (durationMs, format) = (nil, nil) }
    }
}
