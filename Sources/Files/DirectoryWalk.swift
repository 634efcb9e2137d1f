/// Everything in a folder and in the folders below, always in the same order.
///
/// Names are sorted by their bytes; what is in a folder follows where its name stands. Symbolic links inside are told
/// but not followed, so the walk ends. The folder it starts from may be reached by a link. It is lazy: a folder is read
/// when the walk comes to it, and one that vanished by then is as if it had never been there.
public struct DirectoryWalk: Sequence, IteratorProtocol {
    /// What the walk meets.
    public enum Item: Sendable {
        /// A plain file.
        case file(FilePath)
        /// Something that is neither a plain file nor a folder.
        case other(FilePath, FileKind)
        /// A folder that cannot be read.
        case unreadable(FilePath, FileError)

        /// The path, which begins with that of the folder that the walk started from.
        public var path: FilePath {
            switch self {
            case .file(let path), .other(let path, _), .unreadable(let path, _): path
            }
        }
    }

    /// What is still to be visited, the next one last.
    private var pending: [(path: FilePath, kind: FileKind)]
    private let root: FilePath
    private let enters: (FilePath) -> Bool

    /// Begins at the folder `root`; a folder below it that `entering` refuses is left out as a whole.
    public init(_ root: FilePath, entering: @escaping (FilePath) -> Bool = { _ in true }) {
        self.root = root
        enters = entering
        pending = [(root, .directory)]
    }

    /// The next one, or nil at the end.
    public mutating func next() -> Item? {
        while let (path, kind) = pending.popLast() {
            switch kind {
            case .regular: return .file(path)
            case .directory:
                guard path == root || enters(path) else { continue }
                if let failure = enter(path) { return .unreadable(path, failure) }
            default: return .other(path, kind)
            }
        }
        return nil
    }

    private mutating func enter(_ directory: FilePath) -> FileError? {
        do throws(FileError) {
            let entries = try FileSystem.list(directory)
            for entry in entries.reversed() {
                pending.append((directory.appending(entry.name), entry.kind))
            }
            return nil
        } catch {
            return error.code == .notFound && directory != root ? nil : error
        }
    }
}

extension FilePath {
    /// Whether it begins with a dot.
    public var isHidden: Bool { withCString { $0.pointee == CChar(bitPattern: UInt8(ascii: ".")) } }
}
