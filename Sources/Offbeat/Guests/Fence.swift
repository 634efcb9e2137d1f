public import Files
import Store

/// Keeps a library's own directory out of what people name.
///
/// For a guest that is the directory of the library below, in which its own store and those of others lie too: what is
/// stored there is read as sharing allows, and never by its path. Paths are judged with all links resolved. A link that
/// somebody puts in the place of a folder in the very moment between the look and the use is not noticed: whoever can
/// do that can read the library's files without this program.
struct Fence: Sendable {
    /// The directory, with all links resolved.
    let home: FilePath
    /// Whether nothing of it may be read by its path either.
    private let hidesFiles: Bool

    init(around store: Store) throws(FileError) {
        home = try FileSystem.realPath(store.loan?.base ?? store.path)
        hidesFiles = store.loan != nil
    }

    /// The same for the guests of the library at a place.
    init(aroundLibraryAt path: FilePath) throws(FileError) {
        home = try FileSystem.realPath(path)
        hidesFiles = true
    }

    /// Refuses to read what a path leads to, if it lies in the library that a guest works over.
    func requireReadable(_ path: FilePath) throws {
        guard hidesFiles, try isInside(FileSystem.realPath(path)) else { return }
        throw Failure(
            .notAllowed, "\(path) lies in the library itself, of which a guest reads no file by its path",
            hint: "name a file of your own; `offbeat export` and `offbeat cat` write out what you may have")
    }

    /// Refuses to write into a folder, which may still have to be made, if it is in the library or would be.
    func requireWritable(_ folder: FilePath) throws {
        let folder = try folder.absolute()
        var standing = folder
        while try FileSystem.statusIfExists(of: standing) == nil, let name = standing.lastComponent {
            // Of a folder that is not there yet, nobody can say what lies above it.
            guard name != ".." else {
                throw Failure(
                    .usage, "\(folder) leads back out of a folder that is not there", hint: "name it plainly")
            }
            standing = standing.parent
        }
        guard try isInside(FileSystem.realPath(standing)) else { return }
        throw Failure(
            .notAllowed, "\(folder) lies in the library itself, where nothing else may be written",
            hint: "name a folder beside it")
    }

    private func isInside(_ place: FilePath) -> Bool {
        place == home || place.bytes.starts(with: home.bytes + [UInt8(ascii: "/")])
    }
}

extension Library {
    /// What is in the way of paths that lead into the library.
    var fence: Fence {
        get throws(FileError) { try Fence(around: store) }
    }

    /// Refuses a file of the library below that a guest names by its path.
    public func requireReadable(_ path: FilePath) throws(Failure) {
        do { try fence.requireReadable(path) } catch { throw Failure(error) }
    }
}
