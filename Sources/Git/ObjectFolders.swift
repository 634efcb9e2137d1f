import Files

/// The folders that a repository reads objects from: its own, then those that it borrows from.
enum ObjectFolders {
    /// How many repositories may borrow from one another in a row, as many as git allows.
    private static let maximumDepth = 5

    /// The repository's own folder first, each folder once.
    static func all(of repository: FilePath) throws(GitError) -> [FilePath] {
        try GitError.translating("read alternates", about: repository.string) { () throws(FileError) in
            var folders: [FilePath] = []
            var seen: Set<FilePath> = []
            try add(repository.appending("objects"), to: &folders, &seen, depth: 0)
            return folders
        }
    }

    private static func add(
        _ folder: FilePath, to folders: inout [FilePath], _ seen: inout Set<FilePath>, depth: Int
    ) throws(FileError) {
        // One that is not there (its disk is not mounted) has no objects to give.
        guard depth <= maximumDepth, FileSystem.exists(folder) else { return }
        guard try seen.insert(FileSystem.realPath(folder)).inserted else { return }
        folders.append(folder)
        let list = try FileSystem.readIfExists(folder.appending("info/alternates"), limit: 1 << 20) ?? []
        for line in list.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            let other = FilePath(bytes: line)
            try add(other.isAbsolute ? other : folder.appending(other), to: &folders, &seen, depth: depth + 1)
        }
    }
}
