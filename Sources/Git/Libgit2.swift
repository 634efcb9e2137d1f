import CGit2

/// The library itself: started once, its answers checked in one place.
enum Libgit2 {
    /// What starting the library gave, negative when it failed.
    ///
    /// Starting takes about five milliseconds, so the first repository does it and nothing sooner; the library is
    /// never shut down, because its state is the process's.
    private static let started: Int32 = {
        let status = git_libgit2_init()
        guard status >= 0 else { return status }
        // Strict verification of hashes is libgit2's default and stays on.
        var worst = offbeat_git_enable_fsync(1)
        worst = min(worst, offbeat_git_validate_owner(0))
        // A repository behaves the same for whoever opens it: only its own configuration counts. Whoever wants
        // the person's settings asks git, which knows where they are.
        let levels = [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
        ]
        for level in levels { worst = min(worst, offbeat_git_set_search_path(level.rawValue, "")) }
        return worst
    }()

    /// Starts the library when nobody has yet.
    static func start() throws(GitError) {
        try check("git_libgit2_init", started)
    }

    /// Turns a negative status into an error, at once and on the same thread.
    ///
    /// "libgit2's error strings are not cleared aggressively", so the message is read only after a failure, and
    /// cleared then.
    @discardableResult
    static func check(
        _ call: StaticString, about subject: @autoclosure () -> String? = nil, _ status: Int32
    ) throws(GitError) -> Int32 {
        guard status < 0 else { return status }
        var message = "unknown error \(status)"
        var category: Int32 = 0
        if let last = git_error_last() {
            if let text = last.pointee.message { message = String(cString: text) }
            category = last.pointee.klass
        }
        git_error_clear()
        throw GitError(
            GitError.Code(status: status, category: category, message: message), message, call: "\(call)",
            subject: subject(), status: status, category: category)
    }
}

extension GitError.Code {
    /// What libgit2's status and class mean for a caller.
    init(status: Int32, category: Int32, message: String) {
        switch git_error_code(rawValue: status) {
        case GIT_ENOTFOUND: self = .notFound
        case GIT_EEXISTS: self = .exists
        case GIT_EAMBIGUOUS: self = .ambiguous
        case GIT_EINVALIDSPEC, GIT_EINVALID: self = .invalid
        case GIT_ELOCKED: self = .locked
        case GIT_EMODIFIED: self = .moved
        case GIT_EMISMATCH: self = .corrupt
        case GIT_EDIRECTORY: self = .exists
        default: self.init(category: category, message: message)
        }
    }

    private init(category: Int32, message: String) {
        // The C enum is unsigned, the field that carries it is not.
        switch git_error_t(rawValue: UInt32(bitPattern: category)) {
        case GIT_ERROR_NOMEMORY: self = .outOfMemory
        case GIT_ERROR_ZLIB, GIT_ERROR_OBJECT, GIT_ERROR_TREE, GIT_ERROR_TAG, GIT_ERROR_REFERENCE, GIT_ERROR_ODB,
            GIT_ERROR_SHA, GIT_ERROR_CONFIG:
            self = Self.isOutOfSpace(message) ? .noSpace : .corrupt
        case GIT_ERROR_OS, GIT_ERROR_FILESYSTEM: self = Self.isOutOfSpace(message) ? .noSpace : .fileSystem
        case GIT_ERROR_INVALID: self = .invalid
        default: self = .other
        }
    }

    // By then errno is long gone, but libgit2 ends its message with the system's words, which are the C locale's.
    private static func isOutOfSpace(_ message: String) -> Bool {
        message.hasSuffix("No space left on device") || message.hasSuffix("Disk quota exceeded")
    }
}
