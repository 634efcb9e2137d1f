import Files

/// What the global options and the environment say, as plain values for the rooms below.
struct Settings: Sendable {
    /// The store named by `--store`, else by `OFFBEAT_STORE`; nil leaves it to be looked for.
    let store: FilePath?
    /// The handle named by `--user`; nil means the configured person.
    let user: String?
    let json: Bool
    let quiet: Bool
    let verbose: Bool
    /// What `OFFBEAT_TRACE` asks to be timed.
    let traces: Set<String>
    /// The wall clock in milliseconds since 1970; it stands still where `OFFBEAT_NOW` sets it.
    let now: @Sendable () -> Int64
    /// All other variables (`HOME` and the like), for the command that composes the rooms.
    let environment: Environment

    init(_ values: ParsedValues, environment: Environment) throws(Failure) {
        store = values[GlobalOptions.store] ?? environment["OFFBEAT_STORE"].map { FilePath(bytes: $0.bytes) }
        user = values[GlobalOptions.user]
        json = values[GlobalOptions.json]
        quiet = values[GlobalOptions.quiet]
        verbose = values[GlobalOptions.verbose]
        let traced = environment["OFFBEAT_TRACE"]?.text ?? ""
        traces = Set(traced.split(separator: ",").map(String.init))
        now = try Clock.from(environment["OFFBEAT_NOW"])
        self.environment = environment
    }
}
