import Digest
import TestSupport
import Testing

@testable import Catalog

/// Random histories of one track on several laptops: those that met hold the same, and nothing that somebody wrote is
/// missing.
struct ReplicaTests {
    @Test func laptopsThatMetHoldTheSame() throws {
        var random = SeededRandom()
        for _ in 0..<150 {
            var band = Band(laptops: Int.random(in: 2...5, using: &random))
            try band.live(steps: Int.random(in: 5...40, using: &random), &random)
            try band.meetAll()
            let tracks = band.laptops.map { band.versions[$0].track }
            #expect(tracks.dropFirst().allSatisfy { $0 == tracks[0] }, "\(random)")
            for (field, value) in band.unseen(in: tracks[0]) {
                Issue.record("\(field) lost \(value): \(JSON.object(tracks[0].fields)); \(random)")
            }
        }
    }
}

/// Laptops with a track each, and the history that they share.
private struct Band {
    struct Version {
        var track: Track
        var parents: [Int]
    }

    /// What somebody wrote, and in which version.
    struct Writing {
        var field: String
        var value: JSON
        var version: Int
    }

    var versions = [Version(track: Samples.track(), parents: [])]
    /// Which version each laptop is at.
    var laptops: [Int]
    private var written: [Writing] = []
    private var clocks: [HybridClock]
    private static let fields = ["title", "artist", "x-mood"]

    init(laptops count: Int) {
        laptops = Array(repeating: 0, count: count)
        clocks = (0..<count).map { HybridClock(replica: ReplicaID(truncating: UInt64($0) + 1)) }
    }

    mutating func live(steps: Int, _ random: inout SeededRandom) throws {
        for step in 0..<steps {
            let laptop = laptops.indices.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: try edit(laptop, step, &random)
            case 5: try resolve(laptop, &random)
            default: try meet(laptop, laptops.indices.randomElement(using: &random) ?? 0)
            }
        }
    }

    private mutating func tick(_ laptop: Int, after replaced: [Stamp], _ random: inout SeededRandom) -> Stamp {
        // Nobody's clock is right.
        clocks[laptop].tick(now: UInt64.random(in: 2_000...2_050, using: &random), after: replaced)
    }

    private mutating func edit(_ laptop: Int, _ step: Int, _ random: inout SeededRandom) throws {
        var track = versions[laptops[laptop]].track
        if Bool.random(using: &random) {
            let field = Self.fields.randomElement(using: &random) ?? ""
            let value: JSON = .string("\(field) \(step)")
            try track.set(field, to: value, at: tick(laptop, after: [track.stamp(of: field)], &random))
            written.append(Writing(field: field, value: value, version: versions.count))
        } else {
            let tag = ["a", "b", "c"].randomElement(using: &random) ?? ""
            let stamp = tick(laptop, after: [track.stamp(of: tag, in: "tags")].compactMap(\.self), &random)
            if track.contains(tag, in: "tags") {
                try track.remove(tag, from: "tags", at: stamp)
            } else {
                try track.add(tag, to: "tags", at: stamp)
            }
        }
        advance(laptop, Version(track: track, parents: [laptops[laptop]]))
    }

    private mutating func resolve(_ laptop: Int, _ random: inout SeededRandom) throws {
        var track = versions[laptops[laptop]].track
        guard let conflict = track.conflicts.randomElement(using: &random) else { return }
        track.resolve(conflict.key, at: tick(laptop, after: [conflict.at], &random))
        advance(laptop, Version(track: track, parents: [laptops[laptop]]))
    }

    private mutating func advance(_ laptop: Int, _ version: Version) {
        versions.append(version)
        laptops[laptop] = versions.count - 1
    }

    // MARK: Meeting

    /// Everybody meets everybody, until all are at one version.
    mutating func meetAll() throws {
        for other in laptops.indices.dropFirst() { try meet(0, other) }
        for other in laptops.indices { laptops[other] = laptops[0] }
    }

    /// One laptop takes in what another has.
    private mutating func meet(_ laptop: Int, _ other: Int) throws {
        let (one, two) = (laptops[laptop], laptops[other])
        if ancestors(of: one).contains(two) { return }
        if ancestors(of: two).contains(one) { return laptops[laptop] = two }
        let track = merged(one, two)
        #expect(track == merged(two, one), "the sides are alike")
        advance(laptop, Version(track: track, parents: [one, two].sorted()))
    }

    private func merged(_ one: Int, _ other: Int) -> Track {
        versions[one].track.merged(with: versions[other].track, base: base(of: one, other)).record
    }

    private func ancestors(of version: Int) -> Set<Int> {
        var found: Set<Int> = [version]
        var waiting = [version]
        while let next = waiting.popLast() {
            for parent in versions[next].parents where found.insert(parent).inserted { waiting.append(parent) }
        }
        return found
    }

    /// What both were made from; where their histories met in several places, those merged.
    private func base(of one: Int, _ other: Int) -> Track? {
        let common = ancestors(of: one).intersection(ancestors(of: other))
        let best = common.filter { id in !common.contains { $0 != id && ancestors(of: $0).contains(id) } }.sorted()
        guard let first = best.first else { return nil }
        return best.dropFirst().reduce(versions[first].track) { track, next in
            track.merged(with: versions[next].track, base: base(of: first, next)).record
        }
    }

    // MARK: What was written

    /// The values that stand nowhere, though nobody who saw them decided otherwise.
    func unseen(in track: Track) -> [(String, JSON)] {
        written.filter { writing in
            let isReplaced = written.contains { later in
                later.field == writing.field && later.version != writing.version
                    && ancestors(of: later.version).contains(writing.version)
            }
            let isCurrent = track.fields[writing.field] == writing.value
            // A key stays when its conflict is resolved.
            let digits = Conflict.Key(field: writing.field, stamp: track.created, value: writing.value).digits
            let isKept = (track.fields["conflicts"]?.asObject?.keys ?? []).contains { key in
                Conflict.Key(key).map { $0.field == writing.field && $0.digits == digits } ?? false
            }
            return !isReplaced && !isCurrent && !isKept
        }
        .map { ($0.field, $0.value) }
    }
}
