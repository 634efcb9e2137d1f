import Digest
import Files
import TestSupport

/// What says which files are on this computer, and brings and takes them. Cut off, some may have come or gone.
extension Attack {
    static let moves: [Attack] = [
        moving("drop", ["drop", "owner:ana"]) { _ in },
        moving("fetch", ["fetch", "owner:ana"]) { try $0.offbeat("drop", "owner:ana").done() },
        // Versions and files come and go, and two histories become one.
        moving("sync", ["sync"]) { studio in
            let other = studio.root.appending("other")
            try studio.offbeat("clone", Word(studio.remote), Word(other), "--user", "ben").done()
            let theirs = try studio.sound("theirs.wav", seed: 40, frames: 90_000)
            try studio.offbeat("--store", Word(other), "add", Word(theirs)).done()
            try studio.offbeat("--store", Word(other), "sync").done()
            _ = try studio.addedTrack("mine.wav", seed: 50, frames: 200_000)
            try studio.offbeat("edit", "1", "artist=Ana").done()
        },
        Attack("pin", ["pin", "tag:gig"], song),
        Attack("unpin", ["unpin", "owner:ana"]) { studio in
            try song(studio)
            try studio.offbeat("pin", "owner:ana").done()
        },
    ]

    /// One of a store whose remote has all of it.
    private static func moving(
        _ name: String, _ words: [Word], _ prepare: @escaping @Sendable (Studio) throws -> Void
    ) -> Attack {
        var attack = Attack(name, words, parts: .always) { studio in
            for seed in 1...3 as ClosedRange<UInt64> {
                _ = try studio.addedTrack(FilePath("\(seed).wav"), seed: seed, frames: seed == 3 ? 200_000 : 800)
            }
            try studio.share(with: studio.remote)
            try prepare(studio)
        }
        attack.isAboutFiles = true
        attack.mayLackFiles = true
        return attack
    }
}

extension Studio {
    /// Where a remote is that is put back like the store.
    var remote: FilePath { root.appending("remote.git") }

    /// The files that the remote's branch names and that it does not have.
    func filesMissingAtTheRemote() throws -> [String] {
        let names = try git("grep", "-h", "^oid sha256:", "main", in: remote).text.split(separator: "\n")
        return try names.map { String($0.dropFirst("oid sha256:".count)) }.filter { oid in
            try FileSystem.readIfExists(remote.appending(Self.place(of: oid))).map { ContentHash(of: $0).hex }
                != oid
        }
    }

    private static func place(of oid: String) -> String {
        "lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"
    }

    /// Makes a remote that has the present version and copies of the files.
    func share(with remote: FilePath) throws {
        try offbeat("remote", "add", "origin", Word(remote)).done()
        try git("push", "-q", "--no-verify", "origin", "main").done()
        try git("fetch", "-q", "origin").done()
        try run(["cp", "-r", Word(store.appending("lfs/objects")), Word(remote.appending("lfs"))]).done()
    }
}
