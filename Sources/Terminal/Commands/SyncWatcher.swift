import Catalog
import Files
import Offbeat
import Store
import Sync

/// `sync --watch`: a round after every change here, and every so often; offline the pauses grow.
struct SyncWatcher {
    private let library: Library
    private let request: SyncRequest
    private let invocation: Invocation
    private let wantedInterval: Double?
    /// While the remote cannot be reached it is asked again after so many seconds, and then after twice as many.
    private static let firstPause = 2.0
    /// What changes within so many seconds goes together.
    private static let gathering = 0.05

    init(_ library: Library, _ request: SyncRequest, _ invocation: Invocation, interval: Double?) {
        self.library = library
        self.request = request
        self.invocation = invocation
        wantedInterval = interval
    }

    /// As long as what people look at here may go without news.
    private var interval: Double { wantedInterval ?? library.timeToLive }

    func run() throws -> Reply {
        let watch = try FolderWatch(library.path.appending("refs/heads"))
        var pause = Self.firstPause
        while !invocation.interruption.isRequested {
            do {
                let outcome = try library.sync(request, progress: Workplace(invocation).reports())
                try tell(outcome)
                pause = Self.firstPause
                try wait(interval, watch) { try library.version() != outcome.round.to }
            } catch let failure as Offbeat.Failure where failure.failure.exit == .tryLater {
                let rest = min(pause, interval)
                try tell(failure, again: rest)
                try wait(rest, watch) { false }
                pause *= 2
            }
        }
        return .written(exit: .interrupted)
    }

    /// Waits until there is a reason to go on, or the time is over.
    private func wait(
        _ seconds: Double, _ watch: borrowing FolderWatch, until isDue: () throws -> Bool
    ) throws {
        let clock = Stopwatch()
        while !invocation.interruption.isRequested, clock.seconds < seconds {
            if try isDue() { return SystemClock.sleep(seconds: Self.gathering) }
            // Not for long: a signal that comes just before would be noticed only afterwards.
            _ = try watch.wait(seconds: min(seconds - clock.seconds, 0.5))
        }
    }

    private func tell(_ outcome: SyncOutcome) throws {
        let page = SyncPage(outcome)
        try invocation.console.emit(json: invocation.settings.json, outcome.json) { text in
            for line in page.lines { text.remark(line) }
        }
    }

    private func tell(_ failure: Offbeat.Failure, again seconds: Double) throws {
        guard !invocation.console.style.quiet || invocation.settings.json else { return }
        let problem = failure.failure
        let document: JSON = [
            "error": [
                "code": .string(problem.code), "message": .string(problem.message),
                "hint": problem.hint.map(JSON.string) ?? .null,
            ]
        ]
        try invocation.console.emit(json: invocation.settings.json, document) { text in
            text.remark("\(problem.message); trying again in \(Int(seconds.rounded(.up))) s")
        }
    }
}
