import Files
import Offbeat
import Store

/// `log --follow`: the versions that there are, oldest first, then each new one as soon as the head has moved.
struct LogFollower {
    private let session: Session
    private let name: String?
    private let invocation: Invocation

    init(_ session: Session, _ name: String?, _ invocation: Invocation) {
        self.session = session
        self.name = name
        self.invocation = invocation
    }

    private static let pause = 0.1

    func run() throws -> Reply {
        var seen: Version?
        while !invocation.interruption.isRequested {
            let head = try session.library.version()
            if head != seen {
                try tell(since: seen)
                seen = head
            }
            SystemClock.sleep(seconds: Self.pause)
        }
        return .written(exit: .interrupted)
    }

    private func tell(since seen: Version?) throws {
        var fresh: [LogEntry] = []
        try session.log(of: name) { entry in
            if entry.entry.version == seen { return false }
            fresh.append(entry)
            return true
        }
        for entry in fresh.reversed() {
            try invocation.console.emit(json: invocation.settings.json, entry.json) { page in
                page.line(LogPage.line(entry))
            }
        }
    }
}
