import Files

extension GitError {
    /// Tells of a file that could not be read or written.
    init(_ error: FileError, call: String, subject: String? = nil) {
        let code: Code = error.isOutOfSpace ? .noSpace : .fileSystem
        self.init(code, error.description, call: call, subject: subject, path: error.path.string, cause: error)
    }

    /// Does something with files and turns what they throw into this target's error.
    static func translating<R: ~Copyable>(
        _ call: String, about subject: @autoclosure () -> String? = nil, _ body: () throws(FileError) -> R
    ) throws(GitError) -> R {
        do throws(FileError) { return try body() } catch { throw GitError(error, call: call, subject: subject()) }
    }
}
