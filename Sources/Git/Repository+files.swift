import Files

/// How a repository's objects lie on the disk.
extension Repository {
    var objectsPath: FilePath { path.appending("objects") }
    var packsPath: FilePath { path.appending("objects/pack") }

    /// How many packs there are, by listing their folder.
    public func packCount() throws(GitError) -> Int {
        try GitError.translating("packCount") { () throws(FileError) in
            try FileSystem.list(packsPath).count { $0.name.hasSuffix(".pack") }
        }
    }

    /// How many loose objects there are, by listing their up to 256 folders.
    public func looseCount() throws(GitError) -> Int {
        try GitError.translating("looseCount") { () throws(FileError) in
            var count = 0
            for folder in try Self.looseFolders(in: objectsPath) {
                count += try Self.looseObjects(in: folder).count
            }
            return count
        }
    }

    /// Whether there may be more than so many packs or loose objects, judged by listing a few folders: loose objects are
    /// spread evenly over 256 of them.
    public func mayNeedConsolidation(packLimit: Int = 50, looseLimit: Int = 2000) throws(GitError) -> Bool {
        if try packCount() > packLimit { return true }
        return try GitError.translating("looseCount") { () throws(FileError) in
            var count = 0
            for folder in Self.sampledFolders.map(objectsPath.appending) where FileSystem.exists(folder) {
                count += try Self.looseObjects(in: folder).count
            }
            return count * 256 > looseLimit * Self.sampledFolders.count
        }
    }

    /// Which folders of loose objects stand for all of them. One alone would often tell of twice as many as there are.
    private static let sampledFolders: [FilePath] = ["17", "5c", "a3", "e8"]

    /// How many bytes the files of its own objects have, those of repositories that it borrows from aside.
    public func storedBytes() throws(GitError) -> Int64 {
        try GitError.translating("storedBytes") { () throws(FileError) in
            var sum: Int64 = 0
            for folder in try Self.looseFolders(in: objectsPath) + [packsPath] where FileSystem.exists(folder) {
                let held = try FileDescriptor.openDirectory(folder)
                for entry in try FileSystem.list(folder) { sum += try held.status(ofEntry: entry.name)?.size ?? 0 }
            }
            return sum
        }
    }

    /// The folders `objects/00` to `objects/ff` that there are.
    static func looseFolders(in objects: FilePath) throws(FileError) -> [FilePath] {
        try FileSystem.list(objects)
            .filter { $0.name.bytes.count == 2 && $0.name.bytes.allSatisfy { ObjectID.value(ofDigit: $0) != nil } }
            .map { objects.appending($0.name) }.sorted()
    }

    /// The loose objects in one of those folders; files with other names do not count.
    static func looseObjects(in folder: FilePath) throws(FileError) -> [ObjectID] {
        guard let prefix = folder.lastComponent?.bytes else { return [] }
        return try FileSystem.list(folder).compactMap { ObjectID(hexBytes: prefix + $0.name.bytes) }.sorted()
    }
}
