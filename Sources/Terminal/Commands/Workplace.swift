import Catalog
import Files
import Offbeat
import Store
import Synchronization

/// What a command works with: the library and the session that the call's words and the environment name.
///
/// The rooms below never look at the clock, the environment or the home directory; here is where they get them.
struct Workplace {
    let settings: Settings
    let interruption: Interruption
    let progress: Progress

    init(_ invocation: Invocation) {
        settings = invocation.settings
        interruption = invocation.interruption
        progress = invocation.progress
    }

    /// What the library takes from this computer.
    var context: StoreContext {
        let now = settings.now
        return StoreContext(
            now: { UInt64(max(0, now())) }, utcOffset: TimeZone.offsetMinutes(at:), machine: Machine.identity,
            bootTime: Machine.bootTime, trace: settings.trace)
    }

    /// Finds the store that is meant, where none is named.
    func locator() throws -> StoreLocator {
        let home = settings.environment["HOME"].map { FilePath(bytes: $0.bytes).appending(".config") }
        let configured = settings.environment["XDG_CONFIG_HOME"].map { FilePath(bytes: $0.bytes) }
        // A relative value is to be ignored, says the specification of these directories.
        let configuration = configured.flatMap { $0.isAbsolute ? $0 : nil } ?? home
        return StoreLocator(currentDirectory: try .currentDirectory(), configurationHome: configuration)
    }

    /// Where something may lie for a moment that belongs to no store.
    var temporaryDirectory: FilePath { settings.environment["TMPDIR"].map { FilePath(bytes: $0.bytes) } ?? "/tmp" }

    /// Where the store is that is meant, though it may be damaged.
    func damagedStore() throws -> FilePath {
        try locator().locate(named: settings.store, damaged: true).absolute()
    }

    func library() throws -> Library {
        try Library(at: locator().locate(named: settings.store).absolute(), context: context)
    }

    func session() throws -> Session { try library().session(as: settings.user) }

    /// The library's reports as this program's progress.
    func reports() -> Offbeat.Progress {
        let (progress, interruption) = (progress, interruption)
        let stage = Mutex("")
        return Offbeat.Progress(
            receive: { report in
                let begins = stage.withLock { current in
                    defer { current = report.what }
                    return current != report.what
                }
                if begins {
                    progress.begin(report.what, unit: report.unit == .bytes ? .bytes : .items, total: report.total)
                }
                progress.update(done: report.done, total: report.total)
            }, stop: { interruption.isRequested })
    }
}

extension Offbeat.Failure: FailureConvertible {
    /// The library's failures are told as they are: their codes are those of the contract.
    var failure: Failure { Failure(code: code.rawValue, message, hint: hint) }
}
