import Files
import Trace

/// What the global options and the environment say, as plain values for the rooms below.
struct Settings: Sendable {
    /// The store named by `--store`, else by `OFFBEAT_STORE`; nil leaves it to be looked for.
    let store: FilePath?
    /// The handle named by `--user`; nil means the configured person.
    let user: String?
    let json: Bool
    let quiet: Bool
    let verbose: Bool
    /// Tells on standard error what `OFFBEAT_TRACE` asks for.
    let trace: Trace
    /// The wall clock in milliseconds since 1970; it stands still where `OFFBEAT_NOW` sets it.
    let now: @Sendable () -> Int64
    /// All other variables (`HOME` and the like), for the command that composes the rooms.
    let environment: Environment

    init(_ values: ParsedValues, environment: Environment, console: Console) throws(Failure) {
        store = values[GlobalOptions.store] ?? environment["OFFBEAT_STORE"].map { FilePath(bytes: $0.bytes) }
        user = values[GlobalOptions.user]
        json = values[GlobalOptions.json]
        quiet = values[GlobalOptions.quiet]
        verbose = values[GlobalOptions.verbose]
        trace = try Self.trace(environment["OFFBEAT_TRACE"], isVerbose: verbose, on: console)
        now = try Clock.from(environment["OFFBEAT_NOW"])
        self.environment = environment
    }

    private static func trace(_ word: Word?, isVerbose: Bool, on console: Console) throws(Failure) -> Trace {
        var topics: Set<Trace.Topic> = []
        for name in (word?.description ?? "").split(separator: ",") {
            let found = name == "all" ? Trace.Topic.allCases : Trace.Topic.allCases.filter { $0.rawValue == name }
            guard !found.isEmpty else {
                let all = (Trace.Topic.allCases.map(\.rawValue) + ["all"]).joined(separator: ", ")
                throw .usage("OFFBEAT_TRACE: '\(name)' cannot be traced", hint: "there are: \(all)")
            }
            topics.formUnion(found)
        }
        let listener: @Sendable (String) -> Void = { line in console.tell("\(Program.name): \(line)") }
        return Trace(
            topics, clock: SystemClock.monotonicNanoseconds, tell: { line in console.tell("trace \(line)") },
            listener: isVerbose ? listener : nil)
    }
}
