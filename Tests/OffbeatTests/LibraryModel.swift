import Catalog

/// What a library should hold, in plain values: the store is compared with it after each operation.
struct LibraryModel {
    /// One track.
    struct TrackModel: Equatable {
        /// The values of the fields as `TrackSummary.json` shows them; what is not there is null.
        var fields: [String: JSON] = [:]
        var tags: Set<String> = []
        var markers: [MarkerModel] = []
        /// Which of the made-up sounds it is.
        var sound: UInt64
        /// The owner's id.
        var owner: String
        /// Grows with each change, so that two versions of one track can be told apart.
        var revision: Int
        /// Which operation made the track.
        let born: Int
        /// Which operation last decided what stands at a place; of all others the one that made the track did.
        var deciders: [String: Int] = [:]

        /// The markers as a track shows them.
        var sortedMarkers: [MarkerModel] { markers.sorted { ($0.frame, $0.text) < ($1.frame, $1.text) } }
    }

    struct MarkerModel: Equatable {
        let frame: Int64
        let text: String
    }

    /// All that one version holds.
    struct State: Equatable {
        var tracks: [String: TrackModel] = [:]
        /// The ids of people, by handle.
        var people: [String: String] = [:]
    }

    /// One version: its name, what it holds, and who made it.
    struct VersionModel {
        let name: String
        let state: State
        let by: String?
        /// Whether it takes another back, or is taken back by a later one.
        var isUndone: Bool
    }

    var state = State()
    /// Each version in its order.
    var versions: [VersionModel] = []
    private var revisions = 0

    /// The number of the operation that is being done, which is that of its version.
    var operation: Int { versions.count }

    /// The ids, always in the same order, so that chance picks the same again.
    var ids: [String] { state.tracks.keys.sorted() }

    mutating func nextRevision() -> Int {
        revisions += 1
        return revisions
    }

    /// Changes what stands at one place of a track.
    mutating func change(_ id: String, at place: String, _ change: (inout TrackModel) -> Void) {
        guard var track = state.tracks[id] else { return }
        change(&track)
        track.deciders[place] = operation
        track.revision = nextRevision()
        state.tracks[id] = track
    }

    /// Remembers the state as that of a new version.
    mutating func note(version name: String, by person: String?, isUndo: Bool = false) {
        versions.append(VersionModel(name: name, state: state, by: person, isUndone: isUndo))
    }

    /// The ids of the tracks whose audio is this sound.
    func holders(of sound: UInt64) -> [String] { ids.filter { state.tracks[$0]?.sound == sound } }

    /// Applies one change to a track; answers whether anything changed.
    func apply(_ change: ModelChange, to track: inout TrackModel) -> Bool {
        let isChanged: Bool
        switch change {
        case .set(let field, let value):
            isChanged = (track.fields[field] ?? .null) != value
            track.fields[field] = value == .null ? nil : value
        case .addTag(let tag): isChanged = track.tags.insert(tag).inserted
        case .removeTag(let tag): isChanged = track.tags.remove(tag) != nil
        }
        if isChanged { track.deciders[change.place] = operation }
        return isChanged
    }

    /// How the tracks of two versions differ.
    static func difference(_ old: State, _ new: State) -> [String: String] {
        var found: [String: String] = [:]
        for (id, track) in new.tracks {
            guard let before = old.tracks[id] else {
                found[id] = "added"
                continue
            }
            if before.revision != track.revision { found[id] = "changed" }
        }
        for id in old.tracks.keys where new.tracks[id] == nil { found[id] = "removed" }
        return found
    }
}

/// One change of a track, as a person would say it and as the model does it.
enum ModelChange {
    case set(String, JSON)
    case addTag(String)
    case removeTag(String)

    /// The words of `offbeat edit`.
    var text: String {
        switch self {
        case .set(let field, .string(let text)): "\(field)=\(text)"
        case .set(let field, .null): "\(field)="
        case .set(let field, let value): "\(field)=\(value)"
        case .addTag(let tag): "+\(tag)"
        case .removeTag(let tag): "-\(tag)"
        }
    }

    /// What of the track it decides.
    var place: String {
        switch self {
        case .set(let field, _): field
        case .addTag(let tag), .removeTag(let tag): "tag \(tag)"
        }
    }

    /// A change by chance; few values, so that the same ones come again.
    static func random(_ chance: inout some RandomNumberGenerator) -> ModelChange {
        let tag = ["live", "demo", "Ü", "a b", "-x"].randomElement(using: &chance) ?? "live"
        let number = Int64.random(in: 0...4, using: &chance)
        let word = ["Intro", "Zoë", "e\u{301}", "\u{E9}", "a\"b\\c", "夜"].randomElement(using: &chance) ?? "Intro"
        switch Int.random(in: 0..<14, using: &chance) {
        case 0...2: return .addTag(tag)
        case 3, 4: return .removeTag(tag)
        case 5: return .set("year", number == 0 ? .null : .integer(1990 + number))
        case 6: return .set("rating", number == 0 ? .null : .integer(number))
        case 7: return .set("bpm", number == 0 ? .null : JSON(120 + Double(number) / 2))
        case 8: return .set("key", number == 0 ? .null : .string(["A minor", "C major"][Int(number % 2)]))
        case 9: return .set("comment", number == 0 ? .null : .string("\(word)\n\(number)"))
        case 10: return .set("x-mood", number == 0 ? .null : .string(word))
        default:
            let field = ["title", "artist", "album", "genre"].randomElement(using: &chance) ?? "title"
            return .set(field, number == 0 ? .null : .string(word))
        }
    }
}
