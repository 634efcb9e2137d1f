import Catalog
import Files
import Git
import Store

extension Work {
    private static let sampleSize = 40

    /// Fills a new store, and makes a version of it in which ten tracks are changed. Prints the two versions, and the ids of some
    /// other tracks.
    static func fill(at path: FilePath, count: Int) throws {
        let store = try Store(at: path, context: .bench)
        let before = try write(count, into: store)
        let step = max(1, count / 10)
        let after = try store.write(by: nil) { draft in
            for number in stride(from: 0, to: count, by: step).prefix(10) {
                guard var track = try draft.base.track(MadeTracks.id(number))?.track else { continue }
                try track.set("comment", to: "changed", at: draft.stamp(after: track.stamp(of: "comment")))
                try draft.put(track)
            }
            return "Change 10 tracks"
        }
        print(before)
        print(after)
        for number in 0..<min(sampleSize, count) { print(MadeTracks.id((number * step / 3 + 1) % count)) }
    }

    /// Measures how long it takes to write so many tracks into a new store.
    static func writeRecords(at path: FilePath, count: Int) throws {
        let store = try Store(at: path, context: .bench)
        let watch = Stopwatch()
        try write(count, into: store)
        print(watch.seconds)
    }

    /// Measures a comparison, again and again; the first is the first of its process.
    static func diff(at path: FilePath, from old: String, to new: String) throws {
        guard let old = ObjectID(hex: old), let new = ObjectID(hex: new) else { throw BenchError("no versions") }
        let store = try Store(at: path, context: .bench)
        for _ in 0..<26 {
            let watch = Stopwatch()
            let changes = try store.changes(from: Version(old), to: Version(new))
            print(watch.seconds)
            guard changes.count == 10 else { throw BenchError("\(changes.count) tracks differ instead of 10") }
        }
    }

    @discardableResult
    private static func write(_ count: Int, into store: Store) throws -> Version {
        try store.write(by: nil) { draft in
            for number in 0..<count { try MadeTracks.put(number, into: draft) }
            return "Add \(count) tracks"
        }
    }
}
