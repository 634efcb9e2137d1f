import Files

/// Brings all objects of a repository into one that is being built, pack by pack, without looking at each.
///
/// Nothing is flushed, since what is being built is flushed as a whole before it gets its name.
///
/// A pack never changes, so it can be shared: it shares its blocks with the original where the file system can do that, else it
/// is the same file under a second name, else it is copied. Each object is checked against its id when it is read, as
/// everywhere.
struct ObjectFolderCopy {
    private let source: FilePath
    private let target: FilePath
    private var canShare = true
    private var canLink = true
    /// How often a listing is begun again because packs were put together meanwhile.
    private static let attempts = 8
    private static let bufferSize = 1 << 20

    init(from source: Repository, to target: Repository) {
        self.source = source.objectsPath
        self.target = target.objectsPath
    }

    /// Brings them. What a branch leads to that was read before is among them.
    mutating func bring() throws(GitError) {
        do throws(FileError) {
            for attempt in 1... {
                do throws(FileError) { return try bringAll() } catch {
                    guard error.isAbsent, attempt < Self.attempts else { throw error }
                }
            }
        } catch { throw GitError(error, call: "copy objects") }
    }

    /// Loose objects first: what is packed meanwhile is found in the pack.
    private mutating func bringAll() throws(FileError) {
        for folder in try Repository.looseFolders(in: source) {
            guard let name = folder.lastComponent else { continue }
            for id in try Repository.looseObjects(in: folder) {
                let file = FilePath(String(id.hex.dropFirst(2)))
                try bring(folder.appending(file), to: target.appending(name).appending(file))
            }
        }
        let packs = source.appending("pack")
        let names = Set(try FileSystem.list(packs).map(\.name))
        for name in names.sorted() where name.fileExtension == "pack" && name.string.hasPrefix("pack-") {
            let index = FilePath(name.stem + ".idx")
            guard names.contains(index) else { continue }
            // In this order: whoever sees the index finds the pack.
            try bring(packs.appending(name), to: target.appending("pack").appending(name))
            try bring(packs.appending(index), to: target.appending("pack").appending(index))
        }
    }

    private mutating func bring(_ file: FilePath, to place: FilePath) throws(FileError) {
        if FileSystem.exists(place) { return }
        let original = try FileDescriptor.open(file, .read, noFollow: true, nonBlocking: true)
        let status = try original.status()
        guard status.kind == .regular else {
            throw FileError(.notRegular, "copy", file, detail: "it is \(status.kind.words)")
        }
        try FileSystem.makeDirectory(place.parent)
        // What others may write to is never the same file.
        if !canShare, canLink, status.mode & 0o222 == 0, try link(file, to: place) { return }
        let new = try FileDescriptor.open(place, .write, create: .exclusive)
        if canShare {
            if try new.reflink(from: original) { return try new.setMode(0o444) }
            canShare = false
            try FileSystem.remove(place)
            return try bring(file, to: place)
        }
        try Self.copy(original, to: new)
        try new.setMode(0o444)
    }

    private mutating func link(_ file: FilePath, to place: FilePath) throws(FileError) -> Bool {
        do throws(FileError) {
            try FileSystem.link(file, to: place)
            return true
        } catch {
            guard error.isOfLinking else { throw error }
            canLink = false
            return false
        }
    }

    private static func copy(
        _ original: borrowing FileDescriptor, to new: borrowing FileDescriptor
    ) throws(FileError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try original.read(into: buffer)
            if count == 0 { return }
            try new.write(all: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension Repository {
    /// Takes all objects of another repository in, whole packs at a time. This one must be new, and nobody's yet: nothing
    /// of it is durable after this.
    public func fill(from source: Repository) throws(GitError) {
        var copy = ObjectFolderCopy(from: source, to: self)
        try copy.bring()
        try refresh()
    }
}
