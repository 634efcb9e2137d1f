import Offbeat
import Synchronization

/// Keeps what a long step reports.
final class Reports: Sendable {
    private let kept = Mutex<[Progress.Report]>([])

    var all: [Progress.Report] { kept.withLock { $0 } }
    var progress: Progress { Progress(receive: { report in self.kept.withLock { $0.append(report) } }) }
}
