import Blobs
import Cache
import Catalog
import Files
import Store
import TestSupport
import Testing

@testable import Offbeat

/// What the index answers is what looking through the whole library gives.
@Suite struct ListTests {
    @Test func aListFromTheIndexIsTheListWithoutIt() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            var chance = SeededRandom()
            try place.fill(120, &chance)
            for _ in 0..<400 { try place.compareLists(as: "ana", &chance) }
        }
    }

    @Test func soItIsWhereTracksAreKeptApart() throws {
        try withPlace(sharing: .workspaces, people: ["ana", "ben", "zoe"]) { place in
            var chance = SeededRandom()
            let workspace = try place.workspace("band", ["ana", "ben"])
            try place.fill(60, &chance)
            for track in try place.session("ana").list(ListRequest()).tracks.prefix(9) {
                try place.share(track.id, with: workspace)
            }
            for _ in 0..<60 { for name in ["ana", "ben", "zoe"] { try place.compareLists(as: name, &chance) } }
            try place.commitPlainly([:], removing: ["workspaces/\(workspace)/workspace.json"])
            for name in ["ana", "ben", "zoe"] { try place.compareLists(as: name, &chance) }
        }
    }

    @Test func aListGoesOnWhereItEnded() throws {
        try withPlace(people: ["ana"]) { place in
            var chance = SeededRandom()
            try place.fill(50, &chance)
            for sort in SortKey.allCases {
                var request = ListRequest()
                request.sort = sort
                let all = try place.session.list(request).tracks.map(\.id)
                request.limit = 7
                var found: [TrackID] = []
                repeat {
                    let page = try place.session.list(request)
                    found += page.tracks.map(\.id)
                    request.cursor = page.next
                } while request.cursor != nil
                #expect(found == all, "\(sort), \(chance)")
            }
        }
    }

    @Test func aListCanBeginAnywhere() throws {
        try withPlace(people: ["ana"]) { place in
            var chance = SeededRandom()
            try place.fill(50, &chance)
            let all = try place.session.list(ListRequest()).tracks.map(\.id)
            var request = ListRequest()
            request.limit = 7
            for skip in [0, 1, 20, 43, 44, 50, 1000, .max] {
                request.skip = skip
                let page = try place.session.list(request)
                #expect(page.tracks.map(\.id) == Array(all.dropFirst(skip).prefix(7)), "\(skip)")
                #expect(page.total == 50)
                #expect((page.next == nil) == (skip >= 43), "\(skip)")
            }
        }
    }

    @Test func itSaysHowItCameAbout() throws {
        try withPlace(people: ["ana"]) { place in
            try place.add("one.wav")
            #expect(try place.session.list(ListRequest()).freshness == .built)
            #expect(try place.session.list(ListRequest()).freshness == .hit)
            try place.edit("one", "title=Two")
            let list = try place.session.list(ListRequest(query: "two"))
            #expect(list.freshness == .refreshed && list.total == 1)
            #expect(try place.session.list(ListRequest(query: "one")).total == 0)
        }
    }
}

extension Place {
    private static let words = ["Night", "night", "Café", "sun", "rise", "A-side", "Ｗ", "ß", "мир", "09", "x", ""]

    /// Adds tracks whose fields are there by chance.
    fileprivate func fill(_ count: Int, _ chance: inout SeededRandom) throws {
        let store = try store
        let people = try store.snapshot().people()
        func phrase() -> String {
            (0..<Int.random(in: 1...3, using: &chance)).map { _ in Self.words.randomElement(using: &chance) ?? "" }
                .joined(separator: " ")
        }
        var ids: [TrackID] = []
        for number in 0..<count {
            ids.append(
                try add(
                    "\(number).wav", frequency: 100 + Double(number),
                    as: people.randomElement(using: &chance)?.handle?.text
                ).id)
            clock.pass(seconds: UInt64.random(in: 0...40_000, using: &chance))
        }
        try store.write(by: nil) { draft in
            for id in ids {
                guard let folder = try draft.base.track(id) else { continue }
                var track = folder.track
                for field in ["title", "artist", "album", "comment", "genre"] where Bool.random(using: &chance) {
                    try track.set(field, to: .string(phrase()), at: draft.stamp(after: track.stamp(of: field)))
                }
                if Bool.random(using: &chance) {
                    try track.set(
                        "bpm", to: JSON(Double(Int.random(in: 600...900, using: &chance)) / 7), at: draft.stamp())
                }
                if Bool.random(using: &chance) {
                    try track.set(
                        "key", to: .string(["Am", "C", "F# minor", "odd"].randomElement(using: &chance) ?? "C"),
                        at: draft.stamp())
                }
                for (field, span) in [("rating", 0...5), ("year", 1990...1994), ("trackNumber", 1...3)]
                where Bool.random(using: &chance) {
                    try track.set(
                        field, to: .integer(Int64(Int.random(in: span, using: &chance))), at: draft.stamp())
                }
                for _ in 0..<Int.random(in: 0...3, using: &chance) {
                    try track.add(phrase() + "t", to: "tags", at: draft.stamp())
                }
                try draft.put(track)
            }
            return "Fill"
        }
        // Some files are not here.
        for id in ids where Int.random(in: 0..<4, using: &chance) == 0 {
            if let file = try store.snapshot().track(id)?.audio {
                try FileSystem.remove(store.blobs.path(of: file.pointer.oid))
            }
        }
    }

    fileprivate func compareLists(as handle: String, _ chance: inout SeededRandom) throws {
        let session = try session(handle)
        var request = ListRequest(query: Self.query(&chance))
        request.sort = SortKey.allCases.randomElement(using: &chance) ?? .added
        if Bool.random(using: &chance) { request.limit = Int.random(in: 1...20, using: &chance) }
        if Int.random(in: 0..<6, using: &chance) == 0 {
            request.owner = ["ana", "ben", "nobody"].randomElement(using: &chance)
        }
        if Int.random(in: 0..<6, using: &chance) == 0 {
            request.tags = ["Night t", "xt"].shuffled(using: &chance).dropLast()
        }
        if Int.random(in: 0..<3, using: &chance) == 0 { request.skip = Int.random(in: 0...150, using: &chance) }
        let query = try Query(parsing: request.query)
        for _ in 0..<2 {
            let what = "\(request) of \(handle); \(chance)"
            let (fast, slow) = (try session.list(request), try session.listWithoutIndex(request, query))
            #expect(fast.version == slow.version && fast.total == slow.total && fast.next == slow.next, "\(what)")
            #expect(fast.tracks.map(\.json) == slow.tracks.map(\.json), "\(what)")
            guard let next = slow.next else { break }
            request.cursor = next
        }
        let view = try session.view()
        let found = try session.matches(of: query, in: view).map(\.id)
        #expect(
            try found == session.matchesWithoutIndex(of: query, in: view, most: .max).map(\.id), "\(request.query)")
    }

    private static func query(_ chance: inout SeededRandom) -> String {
        let terms = [
            "night", "ni", "\"night\"", "caf", "\"sun rise\"", "w", "м", "ss", "a", "tag:nightt", "tag:xt",
            "title:night",
            "album:su", "genre:x", "comment:rise", "bpm:100..110", "bpm:..120", "bpm:100..", "rating:3..",
            "rating:0",
            "year:1991..1992", "trackNumber:2", "duration:0", "duration:1..", "key:Am", "key:C", "format:wav",
            "owner:ana", "owner:ben", "here:yes", "here:no", "added:-3d", "added:2027-01-01..", "modified:-1d",
        ]
        return (0..<Int.random(in: 0...3, using: &chance)).map { _ in
            (Int.random(in: 0..<4, using: &chance) == 0 ? "-" : "") + (terms.randomElement(using: &chance) ?? "")
        }
        .joined(separator: " ")
    }
}
