import CTrace
import Files
import Glibc

/// A system call that a traced thread is about to make.
struct TracedCall {
    let name: String
    let thread: pid_t
    private let arguments: [UInt64]

    private static let names: [Int: String] = {
        var names: [Int: String] = [:]
        var entry = disturb_names()
        while let call = entry?.pointee, let name = call.name {
            names[call.number] = String(cString: name)
            entry = entry?.advanced(by: 1)
        }
        return names
    }()

    /// Reads what `thread` is about to call.
    init(of thread: pid_t) throws {
        var number = 0
        var arguments = [UInt64](repeating: 0, count: 6)
        guard disturb_read_call(thread, &number, &arguments) == 0 else {
            throw Failure.system("cannot read a call")
        }
        name = Self.names[number] ?? "call \(number)"
        self.thread = thread
        self.arguments = arguments
    }

    /// Whether it may change a file, its name, or what is durable of it.
    ///
    /// Pipes, devices and the three standard streams are no files here.
    var changesFiles: Bool {
        switch name {
        case "open": arguments[1] & Self.makingFlags != 0
        case "openat": arguments[2] & Self.makingFlags != 0
        case "ioctl": arguments[1] == Self.clone || arguments[1] == Self.cloneRange
        case "sendfile", "write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate", "fsync",
            "fdatasync", "syncfs", "sync_file_range", "fchmod", "fchown", "fsetxattr":
            isOfFile(arguments[0])
        case "copy_file_range", "splice": isOfFile(arguments[2])
        default: true
        }
    }

    // O_CREAT, O_TRUNC, O_TMPFILE without O_DIRECTORY; FICLONE and FICLONERANGE: macros that Swift cannot read.
    private static let makingFlags = UInt64(O_CREAT | O_TRUNC | 0o20_000_000)
    private static let clone: UInt64 = 0x4004_9409
    private static let cloneRange: UInt64 = 0x4020_940D

    private func isOfFile(_ descriptor: UInt64) -> Bool {
        guard descriptor > 2, let target = target(of: descriptor) else { return false }
        // Of what lies under /dev only the disk in memory has files.
        let isDevice = target.hasPrefix("/dev/") && !target.hasPrefix("/dev/shm/")
        return target.hasPrefix("/") && !isDevice && !target.hasPrefix("/memfd:")
    }

    private func target(of descriptor: UInt64) -> String? {
        let link = "/proc/\(thread)/fd/\(descriptor)"
        var buffer = [UInt8](repeating: 0, count: 4096)
        let length = readlink(link, &buffer, buffer.count)
        return length < 0 ? nil : String(decoding: buffer[..<length], as: UTF8.self)
    }

    /// What it is about, for people who read the log.
    var subject: String {
        switch name {
        case "write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate", "fsync", "fdatasync",
            "syncfs", "sync_file_range", "fchmod", "fchown":
            target(of: arguments[0]) ?? "?"
        case "mkdir", "rmdir", "unlink", "chmod", "truncate", "open": text(at: arguments[0])
        case "rename", "link", "symlink": "\(text(at: arguments[0])) -> \(text(at: arguments[1]))"
        case "renameat2", "renameat", "linkat": "\(text(at: arguments[1])) -> \(text(at: arguments[3]))"
        case "openat", "mkdirat", "unlinkat", "fchmodat", "utimensat": text(at: arguments[1])
        default: ""
        }
    }

    /// A path in the other program's memory.
    private func text(at address: UInt64) -> String {
        var bytes: [UInt8] = []
        while bytes.count < 4096 {
            errno = 0
            // `PTRACE_PEEKDATA` answers a machine word.
            let word = disturb_ptrace(2, thread, UInt(address) + UInt(bytes.count), 0)
            guard errno == 0 else { return "?" }
            for shift in 0..<8 {
                let byte = UInt8(truncatingIfNeeded: word >> (8 * shift))
                if byte == 0 { return String(decoding: bytes, as: UTF8.self) }
                bytes.append(byte)
            }
        }
        return "?"
    }

    /// Has it not made, so that it seems to fail.
    func refuse(_ error: Int32) throws {
        guard disturb_refuse_call(thread, error) == 0 else { throw Failure.system("cannot refuse a call") }
    }

    /// How many bytes it is to write; 0 where it is no write.
    var length: UInt64 { name == "write" || name == "pwrite64" ? arguments[2] : 0 }

    /// Has it write only half of its bytes; false where it is no write, or one of a single byte.
    func shorten() throws -> Bool {
        guard length > 1 else { return false }
        guard disturb_set_third_argument(thread, length / 2) == 0 else {
            throw Failure.system("cannot shorten a call")
        }
        return true
    }
}
