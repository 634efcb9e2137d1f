import CGit2
public import Files

/// Mends what keeps a repository from being opened, file by file. The caller keeps writers of its own kind away.
extension Repository {
    /// Makes `HEAD` name a branch.
    public static func mendHead(at path: FilePath, branch: String) throws(GitError) {
        try GitError.translating("mend HEAD", about: path.string) { () throws(FileError) in
            try FileSystem.replaceAtomically(path.appending("HEAD"), with: Array("ref: \(branch)\n".utf8))
        }
    }

    /// Leaves out of `packed-refs` what cannot be read. Gives false where another program has it locked.
    public static func mendPackedReferences(at path: FilePath) throws(GitError) -> Bool {
        let lines = try PackedReferences(at: path).lines
        var kept = Array("# pack-refs with: peeled fully-peeled sorted \n".utf8)
        var isKept = false
        for line in lines {
            switch line.content {
            case .garbage: isKept = false
            case .reference: isKept = true
            // What a tag stands for belongs to the line before; the header was written above.
            case .comment: if line.bytes.first == UInt8(ascii: "#") { continue }
            }
            if isKept { kept += line.bytes + [UInt8(ascii: "\n")] }
        }
        return try GitError.translating("mend packed-refs", about: path.string) { () throws(FileError) in
            let lock = packedReferencesLock(at: path)
            do throws(FileError) {
                let file = try FileDescriptor.open(lock, .write, create: .exclusive)
                try fill(file, kept, at: lock)
            } catch {
                if error.code == .exists { return false }
                throw error
            }
            try FileSystem.syncDirectory(path)
            return true
        }
    }

    /// Makes a locked file the list of packed references; where that fails nobody has it locked.
    private static func fill(
        _ file: borrowing FileDescriptor, _ bytes: [UInt8], at lock: FilePath
    ) throws(FileError) {
        do throws(FileError) {
            try file.write(all: bytes)
            try file.sync()
            try FileSystem.rename(lock, to: lock.parent.appending("packed-refs"))
        } catch {
            _ = try? FileSystem.remove(lock)
            throw error
        }
    }

    private static func packedReferencesLock(at path: FilePath) -> FilePath { path.appending("packed-refs.lock") }

    /// Removes the lock that a program left behind which was killed while it mended the packed references: the caller
    /// knows of one from its own notes, and keeps others of its kind away.
    public static func clearDeadPackedReferencesLock(at path: FilePath) throws(GitError) {
        try GitError.translating("clearDeadPackedReferencesLock", about: path.string) { () throws(FileError) in
            _ = try FileSystem.remove(packedReferencesLock(at: path))
        }
    }

    /// Keeps the lines of a configuration that can be read and adds settings that are not among them. The damaged one
    /// is moved to the folder `bad`. Answers how many lines were left out.
    public static func mendConfiguration(
        at path: FilePath, adding settings: [Setting], temporary: TemporaryDirectory, movingTo bad: FilePath
    ) throws(GitError) -> Int {
        let file = path.appending("config")
        let draft = temporary.newPath()
        let lines = try GitError.translating("mend config", about: file.string) { () throws(FileError) in
            try FileSystem.readIfExists(file, limit: 1 << 20) ?? []
        }.split(separator: UInt8(ascii: "\n"))
        var kept: [UInt8] = []
        var lost = 0
        for line in lines {
            let longer = kept + line + [UInt8(ascii: "\n")]
            if try isConfiguration(longer, draft) { kept = longer } else { lost += 1 }
        }
        guard try isConfiguration(kept, draft) else { return lines.count }
        try add(settings, to: draft)
        return try GitError.translating("mend config", about: file.string) { () throws(FileError) in
            let bytes = try FileSystem.read(draft)
            if FileSystem.exists(file) { try keep(file, temporary, in: bad) }
            try FileSystem.replaceAtomically(file, with: bytes)
            return lost
        }
    }

    /// Lays a copy of a file aside. The file stays until another takes its place: what it says is nowhere else.
    private static func keep(
        _ file: FilePath, _ temporary: TemporaryDirectory, in bad: FilePath
    ) throws(FileError) {
        let folder = temporary.newPath()
        try FileSystem.makeDirectory(folder)
        let copy = folder.appending(file.lastComponent ?? "config")
        let bytes = try FileSystem.read(file)
        let descriptor = try FileDescriptor.open(copy, .write, create: .exclusive)
        try descriptor.write(all: bytes)
        try descriptor.sync()
        try FileSystem.moveAside(copy, to: bad)
    }

    private static func isConfiguration(_ bytes: [UInt8], _ draft: FilePath) throws(GitError) -> Bool {
        try GitError.translating("mend config") { () throws(FileError) in
            try FileSystem.replaceAtomically(draft, with: bytes, durable: false)
        }
        return (try? configuration(at: draft)) != nil
    }

    static func configuration(at file: FilePath) throws(GitError) -> Handle<ConfigurationHandle> {
        try Libgit2.start()
        return try Handle<ConfigurationHandle>("git_config_open_ondisk", about: file.string) { pointer in
            file.withCString { git_config_open_ondisk(&pointer, $0) }
        }
    }

    private static func add(_ settings: [Setting], to file: FilePath) throws(GitError) {
        let configuration = try configuration(at: file)
        for setting in settings {
            var entry: UnsafeMutablePointer<git_config_entry>?
            let status = git_config_get_entry(&entry, configuration.raw, setting.name)
            git_config_entry_free(entry)
            guard status == GIT_ENOTFOUND.rawValue else { continue }
            git_error_clear()
            try Libgit2.check(
                "git_config_set_string", about: setting.name,
                git_config_set_string(configuration.raw, setting.name, setting.value))
        }
    }
}
