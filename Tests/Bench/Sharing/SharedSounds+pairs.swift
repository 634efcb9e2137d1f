import Catalog
import Digest
import Files
import TestSupport

extension SharedSounds {
    /// Two with stores of ours, all files at both; one gives the first track other audio each time.
    func laptops() throws -> Pair {
        let (remote, other) = (workshop.path("remote.git"), workshop.path("other-store"))
        try addRemote(remote)
        _ = try push()
        _ = try clone(remote, to: other)
        let track = TrackID.of(audio: ContentHash(of: try FileSystem.read(firstSound))).description
        let (sound, counter) = (workshop.path("new.wav"), Counter())
        try FileSystem.write(FileSystem.read(firstSound), to: sound)
        return Pair(
            name: Workshop.ours,
            one: laptop(store) {
                try Self.change(sound, counter.next())
                return try workshop.time([
                    workshop.offbeat, "--store", store.string, "--quiet", "replace", track, sound.string,
                ])
            },
            other: laptop(other) { throw Self.onlyOneChanges }, workshop: workshop)
    }

    /// Two with git-lfs; one writes the first sound anew each time.
    func repositories() throws -> Pair {
        let (remote, other) = (workshop.path("lfs-remote.git"), workshop.path("other-repository"))
        try addLFSRemote(remote)
        _ = try pushWithLFS()
        _ = try cloneWithLFS(remote, to: other)
        let counter = Counter()
        return Pair(
            name: Self.lfs,
            one: workTree(repository) {
                try Self.change(firstSound, counter.next())
                return try gitTime(repository, "add", firstSound.string)
                    + gitTime(repository, "commit", "-q", "-m", "Change")
            },
            other: workTree(other) { throw Self.onlyOneChanges }, workshop: workshop)
    }

    private static let onlyOneChanges = BenchError("only one of the two changes anything")

    private func laptop(_ store: FilePath, change: @escaping () throws -> Reading) -> Side {
        let sync = { try workshop.time([workshop.offbeat, "--store", store.string, "--quiet", "sync"]) }
        return Side(path: store, change: change, push: sync, pull: sync)
    }

    private func workTree(_ path: FilePath, change: @escaping () throws -> Reading) -> Side {
        Side(
            path: path, change: change,
            push: { try gitTime(path, "push", "-q", "origin", "main") },
            pull: { try gitTime(path, "pull", "-q", "--ff-only") })
    }

    /// Gives a sound other last bytes, and so another hash.
    private static func change(_ sound: FilePath, _ number: Int) throws {
        var bytes = try FileSystem.read(sound)
        for place in 0..<4 { bytes[bytes.count - 1 - place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
        try FileSystem.replaceAtomically(sound, with: bytes)
    }
}
