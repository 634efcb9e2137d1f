import Files

/// The same made-up sounds in a store of ours and in a repository of git-lfs, each with everything committed and
/// nothing pushed.
///
/// Each is laid out as its program would have it: ours as records and pointers, git-lfs's as one folder of sounds.
struct SharedSounds {
    /// Their size. What is measured is what a file costs, since both programs link files within one disk.
    static let size = 4096
    static let note = """
        files of 4 KiB; git-lfs has them in one folder, ours has a record for each too; both give the remote their own \
        files under a second name
        """

    let store: FilePath
    let repository: FilePath

    let workshop: Workshop

    init(_ count: Int, of size: Int = size, _ workshop: Workshop) throws {
        self.workshop = workshop
        store = workshop.path("store")
        repository = workshop.path("repository")
        try Sounds.make(count, of: size, in: repository)
        try workshop.makeStore(at: store)
        try workshop.finish([
            workshop.offbeat, "--store", store.string, "--quiet", "add", "--no-analyze", repository.string,
        ])
        guard Self.comparesWithLFS else { return }
        for words in [["init", "-q"], ["lfs", "track", "*.wav"], ["add", "."], ["commit", "-q", "-m", "Add"]] {
            try workshop.finish(["git", "-C", repository.string] + words, environment: workshop.withLFS)
        }
    }

    static let lfs = "git-lfs"
    static let comparesWithLFS = Workshop.has("git") && Workshop.has("git-lfs")

    /// One of the sounds.
    var firstSound: FilePath { repository.appending("sound-00000.wav") }

    /// What git took with git-lfs set up.
    func gitTime(_ path: FilePath, _ words: String...) throws -> Reading {
        try workshop.time(["git", "-C", path.string] + words, environment: workshop.withLFS)
    }

    // MARK: Remotes

    /// Makes an empty remote and says to our store where it is.
    func addRemote(_ remote: FilePath) throws {
        try workshop.finish([workshop.offbeat, "--store", store.string, "remote", "add", "origin", remote.string])
    }

    /// Takes it away again.
    func removeRemote(_ remote: FilePath) throws {
        try workshop.finish([workshop.offbeat, "--store", store.string, "remote", "rm", "origin"])
        try FileSystem.removeTree(remote)
    }

    /// The same for git-lfs; of a path alone it does not know that it is a folder.
    func addLFSRemote(_ remote: FilePath) throws {
        try workshop.finish(["git", "init", "-q", "--bare", remote.string])
        _ = try gitTime(repository, "remote", "add", "origin", "file://\(remote)")
    }

    /// Takes it away again.
    func removeLFSRemote(_ remote: FilePath) throws {
        _ = try gitTime(repository, "remote", "remove", "origin")
        try FileSystem.removeTree(remote)
    }

    // MARK: What is measured

    func push() throws -> Reading {
        try workshop.time([workshop.offbeat, "--store", store.string, "--quiet", "sync"])
    }

    /// git has its hook bring the files first.
    func pushWithLFS() throws -> Reading {
        try gitTime(repository, "push", "-q", "origin", "main")
    }

    func clone(_ remote: FilePath, to path: FilePath) throws -> Reading {
        try workshop.time([workshop.offbeat, "clone", remote.string, path.string, "--user", "ana", "--quiet"])
    }

    func cloneWithLFS(_ remote: FilePath, to path: FilePath) throws -> Reading {
        try workshop.time(["git", "clone", "-q", "file://\(remote)", path.string], environment: workshop.withLFS)
    }
}
