public import Files
import Glibc
import Synchronization

/// A server that runs beside a test, ended by its process id.
public final class ServerProcess: Sendable {
    /// Its process id.
    public let id: Int32
    private let log: FilePath
    private let name: String
    private let hasEnded = Atomic(false)

    /// Starts a program; what it says goes to `log`.
    public init(_ words: [String], environment: [String: String]? = nil, log: FilePath) throws {
        id = try spawn(words, environment: environment, streams: ["/dev/null", log, log])
        self.log = log
        name = words.first ?? ""
    }

    deinit { stop() }

    /// What it has said so far.
    public var words: String { (try? FileSystem.read(log)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// Waits until it does what is asked, for twenty seconds at most.
    public func wait(until isReady: () -> Bool) throws {
        let watch = Stopwatch()
        while !isReady() {
            guard watch.seconds < 20, kill(id, 0) == 0 else {
                throw RunError(description: "\(name) did not start: \(words.suffix(1000))")
            }
            SystemClock.sleep(seconds: 0.01)
        }
    }

    /// Ends it, and waits until it is gone. May be called again.
    public func stop() {
        guard !hasEnded.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // What it has started may not end with it: fcgiwrap leaves its workers, and git's programs of theirs.
        let others = Self.descendants(of: id)
        defer { for other in others { kill(other, SIGKILL) } }
        kill(id, SIGTERM)
        let watch = Stopwatch()
        var status: Int32 = 0
        while waitpid(id, &status, WNOHANG) == 0 {
            if watch.seconds > 5 { kill(id, SIGKILL) }
            SystemClock.sleep(seconds: 0.002)
        }
    }

    private static func descendants(of process: Int32) -> [Int32] {
        let list = (try? FileSystem.read(FilePath("/proc/\(process)/task/\(process)/children"))) ?? []
        let children = String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        return children + children.flatMap(descendants)
    }
}
