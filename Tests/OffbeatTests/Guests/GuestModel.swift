import Catalog
import Files
import Offbeat
import TestSupport

/// What somebody is expected to see: plain values, and how two who went apart come together.
struct GuestModel: Equatable {
    /// A value, and how often anything at all had been changed when it was given.
    struct Field: Hashable {
        var value: String
        var touched: Int
    }

    /// A track, by what is changed of it here.
    struct Track: Hashable {
        var title: Field
        var artist: Field
        var owner: String?
        /// When two who had both changed it came together last: what is seen may be the same, and the record is another.
        var joined = 0
    }

    var tracks: [String: Track] = [:]

    /// The ids, titles, artists and owners, as a list tells them.
    var told: [String: [String]] { tracks.mapValues { [$0.title.value, $0.artist.value, $0.owner ?? "nobody"] } }

    /// What may come of merging this with what a guest has made of `origin`: all that each track may be told as; an empty
    /// entry stands for none.
    func merged(
        with guest: GuestModel, from origin: GuestModel, adopting: (own: String?, person: String)
    ) -> [String: Set<[String]>] {
        var found: [String: Set<[String]>] = [:]
        for id in Set(tracks.keys).union(guest.tracks.keys).union(origin.tracks.keys) {
            let (was, mine, other) = (origin.tracks[id], tracks[id], guest.tracks[id])
            if other == was || other == mine {
                found[id] = [Self.told(mine)]
            } else if mine == was {
                found[id] = [Self.told(was == nil ? Self.adopted(other, adopting) : other)]
            } else {
                found[id] = Self.mixed(was, mine, other, adopting)
            }
        }
        return found
    }

    private static func told(_ track: Track?) -> [String] {
        track.map { [$0.title.value, $0.artist.value, $0.owner ?? "nobody"] } ?? []
    }

    private static func adopted(_ track: Track?, _ adopting: (own: String?, person: String)) -> Track? {
        guard var track, track.owner == adopting.own else { return track }
        track.owner = adopting.person
        return track
    }

    /// Both sides changed it: what one alone changed is as that one says, of the rest either may stand.
    private static func mixed(
        _ was: Track?, _ mine: Track?, _ other: Track?, _ adopting: (own: String?, person: String)
    ) -> Set<[String]> {
        let sides = [mine, other, was == nil ? adopted(other, adopting) : other].compactMap(\.self)
        func values(_ field: (Track) -> Field) -> Set<String> {
            if let was, let mine, let other {
                if field(mine) == field(was) { return [field(other).value] }
                if field(other) == field(was) { return [field(mine).value] }
            }
            return Set(sides.map { field($0).value })
        }
        var found: Set<[String]> = mine == nil || other == nil ? [[]] : []
        for title in values(\.title) {
            for artist in values(\.artist) {
                for owner in Set(sides.map { $0.owner ?? "nobody" }) { found.insert([title, artist, owner]) }
            }
        }
        return found
    }
}
