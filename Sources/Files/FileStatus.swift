import Glibc

/// What kind of thing a name stands for.
public enum FileKind: String, Sendable, Hashable {
    case regular
    case directory
    case link
    case fifo
    case socket
    case device
    case other

    /// The kind in words, with its article: "a directory".
    public var words: String {
        switch self {
        case .regular: "a plain file"
        case .directory: "a directory"
        case .link: "a symbolic link"
        case .fifo: "a pipe"
        case .socket: "a socket"
        case .device: "a device"
        case .other: "of an unknown kind"
        }
    }

    init(mode: UInt32) {
        self =
            switch mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .link
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFBLK, S_IFCHR: .device
            default: .other
            }
    }
}

/// A moment as the file system writes it down.
public struct FileTime: Sendable, Hashable, Comparable {
    /// Seconds since 1970.
    public let seconds: Int64
    /// Nanoseconds beyond the seconds.
    public let nanoseconds: Int64

    /// Takes seconds since 1970 and the nanoseconds beyond.
    public init(seconds: Int64, nanoseconds: Int64) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Later than any file's.
    public static let distantFuture = FileTime(seconds: .max / 2_000_000_000, nanoseconds: 0)

    init(_ time: timespec) {
        self.init(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }

    /// Whether `left` is the earlier one.
    public static func < (left: FileTime, right: FileTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}

/// What the system knows about a file beside its bytes.
public struct FileStatus: Sendable, Equatable {
    /// What kind of thing it is.
    public let kind: FileKind
    /// The length in bytes.
    public let size: Int64
    /// When its bytes were last written.
    public let modified: FileTime
    /// When anything about it last changed; nobody can set it.
    public let changed: FileTime
    /// Its number, unique on its device while it exists.
    public let inode: UInt64
    /// The number of the file system that it lies on.
    public let device: UInt64
    /// The permission bits.
    public let mode: UInt32
    /// How many names it has.
    public let links: UInt64
    /// The number of the user whom it belongs to.
    public let owner: UInt32
    /// The bytes it takes on the disk.
    public let allocated: Int64

    init(_ facts: stat) {
        kind = FileKind(mode: facts.st_mode)
        size = Int64(facts.st_size)
        modified = FileTime(facts.st_mtim)
        changed = FileTime(facts.st_ctim)
        inode = UInt64(facts.st_ino)
        device = UInt64(facts.st_dev)
        mode = facts.st_mode & 0o7777
        links = UInt64(facts.st_nlink)
        owner = facts.st_uid
        allocated = Int64(facts.st_blocks) * 512
    }

    /// Whether it belongs to whom this process runs as.
    public var isOwn: Bool { owner == geteuid() }

    /// Whether both are the same file, whatever its name and state.
    public func isSameFile(as other: FileStatus) -> Bool {
        inode == other.inode && device == other.device
    }

    /// Whether both may be the same file. A network mount of a disk of this computer shows it on another device.
    public func mayBeSameFile(as other: FileStatus) -> Bool {
        isSameFile(as: other) || inode == other.inode && modified == other.modified
    }

    /// Whether nothing tells that the file was written to between the two looks.
    public func isUnchanged(since other: FileStatus) -> Bool {
        isSameFile(as: other) && size == other.size && modified == other.modified && changed == other.changed
    }
}
