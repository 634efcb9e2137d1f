import Files

/// Why a command ended without doing what it was asked to: what a person reads and what a script branches on.
struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The word that scripts branch on, for example `not-found`; it decides the exit status.
    let code: String
    /// What failed and which thing it was about, without a full stop.
    let message: String
    /// What to do about it.
    let hint: String?

    init(code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Makes the failure of a call whose words are off.
    static func usage(_ message: String, hint: String? = nil) -> Failure {
        Failure(code: "usage", message, hint: hint)
    }

    /// The status with which the program ends.
    var exit: ExitStatus { .of(code: code) }

    /// One line for people: what, which, and what to do.
    ///
    /// Names in it may have come from outside, so nothing in the line can steer a terminal.
    var description: String {
        Visible.text(hint.map { "\(message) (\($0))" } ?? message)
    }
}

/// An error of a room below that knows how it is told at the command line.
protocol FailureConvertible: Error {
    /// The same error with its code, message and hint.
    var failure: Failure { get }
}

extension Failure {
    /// Returns how any error is told; one that nobody has described keeps its own words under the code `internal`.
    init(of error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let convertible as any FailureConvertible: self = convertible.failure
        case let error as FileError: self.init(code: Self.code(of: error), error.description)
        case is OutputError: self.init(code: "io", "\(error)")
        default: self.init(code: "internal", "\(error)")
        }
    }

    private static func code(of error: FileError) -> String {
        if error.isOutOfSpace { return "no-space" }
        if error.code == .readOnly { return "read-only" }
        return error.isAbsent ? "not-found" : "io"
    }
}
