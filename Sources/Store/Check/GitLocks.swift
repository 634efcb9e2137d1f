import Files

/// The files by which git keeps two writers of one thing apart. They stay behind where a program is killed.
struct GitLocks {
    let path: FilePath

    init(at path: FilePath) { self.path = path }

    /// The locks that there are now, by their paths in the store.
    func standing() throws(FileError) -> [FilePath: FileStatus] {
        var found: [FilePath: FileStatus] = [:]
        for name in ["HEAD.lock", "config.lock", "packed-refs.lock"] as [FilePath] { try add(name, to: &found) }
        var folders: [FilePath] = ["refs"]
        while let folder = folders.popLast() {
            guard FileSystem.exists(path.appending(folder)) else { continue }
            for entry in try FileSystem.list(path.appending(folder)) {
                let name = folder.appending(entry.name)
                if entry.kind == .directory {
                    folders.append(name)
                } else if name.fileExtension == "lock" {
                    try add(name, to: &found)
                }
            }
        }
        return found
    }

    private func add(_ name: FilePath, to found: inout [FilePath: FileStatus]) throws(FileError) {
        found[name] = try FileSystem.statusIfExists(of: path.appending(name), followingLinks: false)
    }
}

/// The writer's lock, as somebody sees it who does not want it.
enum WriterLock {
    /// Where it lies.
    static func file(in store: FilePath) -> FilePath { store.appending("offbeat.lock") }

    /// Whether a writer is at work now. Nothing is written; a writer who comes in this very moment looks again.
    static func isHeld(in store: FilePath) throws -> Bool {
        guard FileSystem.exists(file(in: store)) else { return false }
        return try !FileDescriptor.open(file(in: store), .read).tryLock(shared: true)
    }
}
