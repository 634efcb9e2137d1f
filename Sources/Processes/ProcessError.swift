import Glibc

/// Why a program did not run to its end.
///
/// A program that ended by itself, however badly, is none of these: that is its ``Program/Ending``.
public struct ProcessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable {
        /// There is no such program.
        case notFound
        /// There is one, and it cannot be run.
        case notRunnable
        /// It took longer than allowed.
        case timedOut
        /// The caller asked for an end.
        case stopped
        /// It wrote more than the caller was ready to take.
        case tooMuchOutput
        /// It has ended, or reads no more, before all was written to it.
        case closed
        /// A command line that cannot be read.
        case badCommand
        /// The system could not do it.
        case io
    }

    /// What kind of trouble it is.
    public let code: Code
    /// One line for a person.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// What the system's number says of something that was tried.
    init(_ number: Int32, _ what: String) {
        self.init(.io, "cannot \(what): \(Self.words(number))")
    }

    /// Why a program did not start.
    static func starting(_ name: String, _ number: Int32) -> Self {
        switch number {
        case ENOENT, ENOTDIR: Self(.notFound, "there is no program \(name)")
        case EACCES, EPERM, ENOEXEC, EISDIR: Self(.notRunnable, "\(name) cannot be run: \(words(number))")
        default: Self(number, "start \(name)")
        }
    }

    static func words(_ number: Int32) -> String {
        // From a table, or from a buffer of this thread.
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
