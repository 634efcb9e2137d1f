import Catalog
import Files
import Glibc
import Guests
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
        var context = StoreContext(
            now: { UInt64(max(0, now())) }, utcOffset: TimeZone.offsetMinutes(at:), machine: Machine.identity,
            bootTime: Machine.bootTime, trace: settings.trace)
        context.environment = settings.environment.all
        context.mayAsk = isatty(0) == 1 && isatty(2) == 1 && settings.environment["GIT_TERMINAL_PROMPT"] != "0"
        return context
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
        let place = try locator().locate(named: settings.store, damaged: true).absolute()
        try requireOwnStore(Library.guest(at: place))
        return place
    }

    /// The library that is meant; guests' stores over it that nobody needs any more are taken away on the way.
    ///
    /// - Parameter guest: the first digits of a guest that is spared.
    func library(sparing guest: String? = nil) throws -> Library {
        let library = try Library(at: locator().locate(named: settings.store).absolute(), context: context)
        try requireOwnStore(library.guest)
        library.sweepGuests(sparing: guest)
        return library
    }

    /// The library that is meant, if that is a guest's; nil where it is another, or none.
    func guestLibrary() throws -> Library? {
        let isStarted = settings.environment[Self.guestVariable] != nil
        guard let place = try? locator().locate(named: settings.store).absolute() else { return nil }
        return try isStarted || Library.guest(at: place) != nil ? library() : nil
    }

    func session(sparing guest: String? = nil) throws -> Session {
        try library(sparing: guest).session(as: settings.user)
    }

    /// A program that was started for a guest has that guest's store, and no other.
    func requireOwnStore(_ guest: GuestPass?) throws(Offbeat.Failure) {
        guard let own = settings.environment[Self.guestVariable], guest?.id.hex != own.text else { return }
        throw Offbeat.Failure(
            .notAllowed, "this program was started for guest \(own), and may use no other store",
            hint: "leave out --store, and leave OFFBEAT_STORE as it is")
    }

    /// Says to a program that it was started for a guest, and for which.
    static let guestVariable = "OFFBEAT_GUEST"

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
            }, stop: { interruption.isRequested }, isAsked: { $0 ? progress.hold() : progress.goOn() })
    }
}

extension Offbeat.Failure: FailureConvertible {
    /// The library's failures are told as they are: their codes are those of the contract.
    var failure: Failure { Failure(code: code.rawValue, message, hint: hint) }
}
