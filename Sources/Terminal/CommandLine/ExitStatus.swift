/// What the program says to the shell when it ends.
struct ExitStatus: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    static let done = ExitStatus(rawValue: 0)
    static let failed = ExitStatus(rawValue: 1)
    static let usage = ExitStatus(rawValue: 2)
    static let notFound = ExitStatus(rawValue: 3)
    static let refused = ExitStatus(rawValue: 4)
    static let conflicts = ExitStatus(rawValue: 5)
    static let damaged = ExitStatus(rawValue: 6)
    static let tryLater = ExitStatus(rawValue: 75)
    static let interrupted = ExitStatus(rawValue: 130)

    /// Every status with its meaning and the error codes that lead to it: the one table of the contract.
    ///
    /// A code that stands nowhere here ends with `failed`.
    static let table: [(status: ExitStatus, meaning: String, codes: [String])] = [
        (.done, "done", []),
        (.failed, "not done, or only partly", ["no-space", "read-only", "not-audio", "io"]),
        (.usage, "the words of the call are off", ["usage"]),
        (.notFound, "no such thing, or ambiguous", ["not-found", "ambiguous", "not-a-store"]),
        (.refused, "refused", ["not-allowed", "wrong-state", "over-limit", "newer-format"]),
        (.conflicts, "done, and this run made conflicts that wait for a person", []),
        (.damaged, "damage found", ["damaged"]),
        (.tryLater, "try again later", ["offline", "locked", "race-lost"]),
        (.interrupted, "interrupted", ["interrupted"]),
    ]

    /// Returns the status with which an error of this code ends the program.
    static func of(code: String) -> ExitStatus {
        table.first { $0.codes.contains(code) }?.status ?? .failed
    }

    /// What the status means, in a few words.
    var meaning: String {
        Self.table.first { $0.status == self }?.meaning ?? "not done"
    }
}
