import Files
import TestSupport

/// What says which files are on this computer, and brings and takes them. Cut off, some may have come or gone.
extension Attack {
    static let moves: [Attack] = [
        moving("drop", ["drop", "owner:ana"]) { _ in },
        moving("fetch", ["fetch", "owner:ana"]) { try $0.offbeat("drop", "owner:ana").done() },
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
            try studio.share(with: studio.root.appending("remote.git"))
            try prepare(studio)
        }
        attack.isAboutFiles = true
        attack.mayLackFiles = true
        return attack
    }
}

extension Studio {
    /// Makes a remote that has the present version and copies of the files.
    func share(with remote: FilePath) throws {
        try offbeat("remote", "add", "origin", Word(remote)).done()
        try git("push", "-q", "--no-verify", "origin", "main").done()
        try git("fetch", "-q", "origin").done()
        try run(["cp", "-r", Word(store.appending("lfs/objects")), Word(remote.appending("lfs"))]).done()
    }
}
