import Files
import Glibc
import Synchronization
import TestSupport
import Testing

/// Whatever guests do, not a byte of the library below differs: not its versions, files and settings, and not what is
/// derived, counted or remembered.
@Suite struct NoTraceTests {
    /// How the library is meanwhile.
    enum Condition: CaseIterable {
        case asItIs
        /// What is derived is not there, and must not be made there.
        case withoutCaches
        /// Nothing outside the folder of guests can be written.
        case readOnly
    }

    /// One guest, which one thread at a time has act.
    private final class Worker: Sendable {
        let actions: Mutex<GuestActions>

        init(_ actions: consuming sending GuestActions) { self.actions = Mutex(actions) }
    }

    private static let guests = 20
    /// The promise is about 1,000 actions, `OFFBEAT_ACTIONS=1000`; a few stand for them here.
    private static var actions: Int { getenv("OFFBEAT_ACTIONS").flatMap { Int(String(cString: $0)) } ?? 200 }

    @Test(arguments: Condition.allCases) func guestsLeaveNoTrace(_ condition: Condition) throws {
        let random = SeededRandom()
        try GuestHouse.with { house in
            if condition == .withoutCaches { try FileSystem.removeTree(house.base.appending("cache")) }
            try house.expectNoTrace {
                let workers = try (0..<Self.guests).map { number in
                    var guest = try house.guest(of: number % 2 == 0 ? "ana" : "ben")
                    if condition == .readOnly { guest.prefix = try Self.withoutRights() }
                    return Worker(try GuestActions(of: guest, seed: random.seed &+ UInt64(number)))
                }
                let modes = condition == .readOnly ? try Self.lock(house.base) : []
                defer { for (path, mode) in modes { _ = try? FileSystem.setMode(of: path, to: mode) } }
                try Parallel.forEach(count: Self.guests, workers: Self.guests) { number in
                    for _ in 0..<max(1, Self.actions / Self.guests) {
                        try workers[number].actions.withLock { try $0.step() }
                    }
                }
                for (path, mode) in modes { try FileSystem.setMode(of: path, to: mode) }
                let done = workers.flatMap { $0.actions.withLock { Array($0.done.values) } }
                let (calls, successes) = done.reduce((0, 0)) { ($0.0 + $1.calls, $0.1 + $1.successes) }
                #expect(successes > calls / 2, "most must work, for the test to say something; \(random)")
                for worker in workers {
                    try house.at("guest", "end", Word(worker.actions.withLock { $0.guest.id })).done()
                }
            }
        }
    }

    /// Takes the right to write away, and answers what the modes were.
    private static func lock(_ base: FilePath) throws -> [(FilePath, UInt32)] {
        let scratch = base.appending("scratch")
        var modes: [(FilePath, UInt32)] = []
        for item in DirectoryWalk(base, entering: { $0 != scratch }) {
            for path in [item.path, item.path.parent] where !modes.contains(where: { $0.0 == path }) {
                modes.append((path, try FileSystem.status(of: path).mode))
            }
        }
        for (path, mode) in modes { try FileSystem.setMode(of: path, to: mode & ~0o222) }
        return modes
    }

    /// Root may write anywhere: the program is run as a root who may not.
    private static func withoutRights() throws -> [Word] {
        guard geteuid() == 0 else { return [] }
        return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
    }
}
