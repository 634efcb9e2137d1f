import Blobs
import Catalog
import Files
import Glibc
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// Collections without any time of grace beside people who add, remove and add again: after each round every file that
/// the head names is there, with the right bytes.
@Suite struct CollectBesideAddTests {
    @Test func whatTheHeadNamesIsAlwaysThere() throws {
        let rounds = getenv("OFFBEAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 60
        let random = SeededRandom()
        let counts = Mutex((quarantined: 0, deleted: 0))
        let libraries = (rounds + Self.roundsOfALibrary - 1) / Self.roundsOfALibrary
        // Each waits for its own lock most of the time.
        try Parallel.forEach(count: libraries, workers: 2 * Parallel.processors) { library in
            try withMemory { folder in
                var rig = try CollectingRig(in: folder, SeededRandom(seed: random.seed &+ UInt64(library)))
                for round in 1...Self.roundsOfALibrary {
                    try rig.round()
                    try rig.check("round \(round) of library \(library), \(random)")
                }
                counts.withLock {
                    $0.quarantined += rig.quarantined
                    $0.deleted += rig.deleted
                }
            }
        }
        let (quarantined, deleted) = counts.withLock { $0 }
        print(
            "Collections beside additions, \(rounds) rounds: \(quarantined) set aside, \(deleted) deleted, \(random)"
        )
        // Chance must not have left out what matters.
        #expect(quarantined > rounds / 4 && deleted > rounds / 8, "\(quarantined) \(deleted)")
    }

    /// A collection walks all versions: a long history would leave time for few of them.
    private static let roundsOfALibrary = 20

    /// Calls `body` with a new directory that lies in memory where there is one such: thousands of flushes would wait
    /// for the disk, and what they are for is tested elsewhere.
    private func withMemory(_ body: (FilePath) throws -> Void) throws {
        guard getenv("TMPDIR") == nil, FileSystem.isWritable("/dev/shm") else {
            return try withTemporaryDirectory(body)
        }
        let place = FilePath("/dev/shm/offbeat-collect-\(UInt64.random(in: .min ... .max))")
        try FileSystem.makeDirectory(place, mode: 0o700)
        defer { _ = try? FileSystem.removeTree(place) }
        try body(place)
    }
}

/// A library, some sounds, and those who work on it at once.
private struct CollectingRig {
    private static let sounds = 8

    private(set) var random: SeededRandom
    private(set) var quarantined = 0
    private(set) var deleted = 0

    private let path: FilePath
    private let sounds: [FilePath]

    init(in folder: FilePath, _ random: SeededRandom) throws {
        self.random = random
        path = folder.appending("store")
        sounds = try (0..<Self.sounds).map { number in
            let path = folder.appending("\(number).wav")
            try FileSystem.write(
                wav(seconds: 0.02, frequency: Double(100 + number * 50), sampleRate: 8000), to: path)
            return path
        }
        let seed = StoreSeed(name: "Band", handle: Handle("ana"))
        _ = try Library.create(at: path, seed: seed, context: Self.context, insisting: true)
    }

    private static var context: StoreContext {
        StoreContext(
            now: { UInt64(SystemClock.wallMilliseconds()) }, utcOffset: { _ in 0 }, machine: [1], patience: 60)
    }

    /// Several who work at once, each as a program of its own would: with a library that it opens itself.
    mutating func round() throws {
        let plans = (0..<3).map { _ in (0..<2).map { _ in random.next() } }
        let counts = Mutex((quarantined: 0, deleted: 0))
        let (path, sounds) = (path, sounds)
        try confirm()
        try Parallel.forEach(count: plans.count + 1, workers: plans.count + 1) { number in
            guard number < plans.count else {
                for _ in 0..<3 {
                    let outcome = try Self.collect(path)
                    counts.withLock {
                        $0.quarantined += outcome.quarantined
                        $0.deleted += outcome.deleted
                    }
                }
                return
            }
            for chance in plans[number] { try Self.work(on: path, sounds, chance) }
        }
        counts.withLock {
            quarantined += $0.quarantined
            deleted += $0.deleted
        }
    }

    /// Says that a remote has everything, so that only the head needs files.
    private func confirm() throws {
        let head = try FileSystem.read(path.appending("refs/heads/main"))
        try FileSystem.makeDirectories(path.appending("refs/remotes/origin"))
        try FileSystem.replaceAtomically(path.appending("refs/remotes/origin/main"), with: head, durable: false)
    }

    private static func collect(_ path: FilePath) throws -> CollectionOutcome {
        var request = CollectionRequest()
        request.keepHistory = .milliseconds(0)
        request.keepQuarantine = .milliseconds(0)
        request.copies = { OtherCopies(held: Set($0)) }
        return try Store(at: path, context: context).collect(request)
    }

    private static func work(on path: FilePath, _ sounds: [FilePath], _ chance: UInt64) throws {
        let session = try Library(at: path, context: context).session()
        let sound = sounds[Int(chance >> 8) % sounds.count]
        switch chance % 8 {
        case 0...3: _ = try session.add(AddRequest(paths: [sound]))
        case 4: _ = try session.add(AddRequest(paths: Array(sounds.prefix(4))))
        case 5: try onOneTrack(of: session, chance) { _ = try session.replace($0, with: sound) }
        default: try onOneTrack(of: session, chance) { _ = try session.remove([$0]) }
        }
    }

    /// Somebody else may have removed it meanwhile.
    private static func onOneTrack(of session: Session, _ chance: UInt64, _ step: (String) throws -> Void) throws {
        let tracks = try session.list(ListRequest(query: "")).tracks
        guard !tracks.isEmpty else { return }
        do { try step(tracks[Int(chance >> 20) % tracks.count].id.hex) } catch let failure as Failure {
            if failure.code != .notFound { throw failure }
        }
    }

    func check(_ what: String) throws {
        let store = try Store(at: path, context: Self.context)
        try store.snapshot().forEachTrack { reading in
            guard case .track(let folder) = reading, let file = folder.audio?.pointer else {
                Issue.record("an unreadable track after \(what)")
                return
            }
            let verdict = try store.blobs.verify(file)
            #expect(verdict == .sound, "\(folder.id) after \(what)")
        }
        #expect(try store.blobs.journal.differences().isEmpty, "after \(what)")
        #expect(try store.blobs.journal.claimed().isEmpty, "after \(what)")
    }
}
