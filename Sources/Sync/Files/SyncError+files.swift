import Blobs
import Files
import Glibc

extension SyncError {
    /// Says what a failure to move files means; what is not inside `remote` is on this computer.
    init(_ error: BlobError, inside remote: FilePath) {
        if case .noSpace = error.code, error.fileError == nil {
            self.init(.noSpace, error.message, hint: "free some space and try again")
        } else if let file = error.fileError {
            self.init(file, inside: remote, saying: error.message)
        } else if error.isReadOnlyPlace {
            self.init(.readOnly, error.message, hint: Self.askThere(to: "write"))
        } else {
            self.init(.io, error.message)
        }
    }

    /// The same for what the file system says; `message` says more, where there is more to say.
    init(_ error: FileError, inside remote: FilePath, saying message: String? = nil) {
        let message = message ?? error.description
        let isThere = error.path.isInside(remote)
        if isThere, error.isOfDistance {
            self.init(.offline, "the remote \(remote) cannot be reached: \(message)", hint: "try again later")
        } else if error.isOutOfSpace {
            let place = isThere ? "at the remote" : "on this computer"
            self.init(.noSpace, message, hint: "free some space \(place) and try again")
        } else if error.isDenied {
            let verb = error.operation == "open" ? "read" : "write"
            let hint = isThere ? Self.askThere(to: verb) : "make it writable for yourself and try again"
            self.init(.readOnly, message, hint: hint)
        } else {
            self.init(.io, message)
        }
    }

    private static func askThere(to verb: String) -> String {
        "ask whoever owns the remote for permission to \(verb) there"
    }
}

extension FilePath {
    /// Whether it is the folder, or lies in it.
    fileprivate func isInside(_ folder: FilePath) -> Bool {
        self == folder || bytes.starts(with: folder.appending("x").bytes.dropLast())
    }
}

extension FileError {
    /// Whether the other computer, or its disk, is not there.
    fileprivate var isOfDistance: Bool {
        [ESTALE, ENOTCONN, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT, ENODEV, ENOLINK].contains(code.rawValue)
    }
}
