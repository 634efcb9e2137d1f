import Blobs
import Files
import Git
import Store
import TestSupport
import Testing

@testable import Sync

/// Remotes that are not where they were: restored, rewritten, emptied, exchanged.
@Suite struct RemoteHistoryTests {
    /// Yesterday's backup of the NAS is put back: what it lost comes again, files too.
    @Test func aRestoredRemoteIsFilledAgain() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            let backup = band.folder.appending("backup.git")
            try copy(band.remote, to: backup)
            try ana.add("today")
            try ana.sync()
            try FileSystem.removeTree(band.remote)
            try FileSystem.rename(backup, to: band.remote)
            let report = try ana.sync()
            #expect(report.restored == 1 && report.pushed == 1 && report.uploaded.files == 1 && report.pulled == 0)
            try ben.sync()
            #expect(try ben.head == ana.head)
            try band.expectSound()
        }
    }

    /// And somebody else has pushed to it before the laptop comes that has what it lost.
    @Test func aRestoredRemoteThatWentOnIsMergedWith() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            let backup = band.folder.appending("backup.git")
            try copy(band.remote, to: backup)
            try ana.add("last night")
            try ana.sync()
            try FileSystem.removeTree(band.remote)
            try FileSystem.rename(backup, to: band.remote)
            try ben.add("this morning")
            try ben.sync()
            let report = try ana.sync()
            #expect(report.restored == 1 && report.isMerge)
            try ben.sync()
            #expect(try ben.titles() == ["last night", "this morning"])
            #expect(try ben.head == ana.head)
            try band.expectSound()
        }
    }

    @Test func aRewrittenHistoryStopsTheRound() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            try ana.add("song")
            try ana.sync()
            try amend(in: band)
            let (before, there) = (try ana.head, try band.head())
            let error = try syncError(.refused) { try ana.sync() }
            #expect(error.message.contains("rewritten") && error.hint?.contains("--accept-rewritten") == true)
            #expect(try ana.head == before)
            #expect(try band.head() == there)
            // Again, and not only the first time.
            try syncError(.refused) { try ana.sync() }
            try syncError(.refused) { try ana.round().plan() }
        }
    }

    /// Accepted, it is the truth; what was never synced is done again on top, and nothing else.
    @Test func anAcceptedHistoryIsBuiltUpon() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            let song = try ana.add("song")
            try ana.sync()
            try ben.sync()
            try amend(in: band)
            let theirs = try band.head()
            try ana.set("comment", of: song, to: "not synced")
            try ana.add("new")
            var terms = Round.Terms()
            terms.acceptsRewritten = true
            let report = try ana.sync(terms)
            #expect(report.pushed == 1)
            #expect(try band.git("rev-parse", "main~1") == theirs.description)
            #expect(try ana.value("comment", of: song) == "not synced")
            #expect(try ana.titles() == ["new", "song"])
            #expect(try band.head() == ana.head)
            // Who has nothing of his own moves over.
            try ben.sync(terms)
            #expect(try ben.head == ana.head)
            try band.expectSound()
        }
    }

    @Test func aRemoteThatLostItsBranchIsNotFilledAnew() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            try FileSystem.removeTree(band.remote)
            try FolderRemote(at: band.remote).make()
            let error = try syncError(.refused) { try ana.sync() }
            #expect(error.message.contains("no branch main any more"))
            #expect(try band.shared.head("refs/heads/main") == nil)
        }
    }

    @Test func aRemoteThatIsNotThereIsOffline() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            try FileSystem.removeTree(band.remote)
            try syncError(.offline) { try ana.sync() }
            try FileSystem.makeDirectory(band.remote)
            try syncError(.offline) { try ana.sync() }
            #expect(try FileSystem.list(band.remote).isEmpty)
        }
    }

    @Test func anotherStoresRemoteIsRefused() throws {
        try withRehearsal { band in
            try withRehearsal { other in
                try FileSystem.removeTree(band.remote)
                try copy(other.remote, to: band.remote)
                let error = try syncError(.refused) { try band.laptops[0].sync() }
                #expect(error.message.contains("another store"))
            }
        }
    }

    /// Equal trees, and only merges beside: the smaller id stands on both sides, and nobody calls that rewritten.
    @Test func theSmallerOfTwoEqualVersionsIsAdoptedEverywhere() throws {
        try withRehearsal(laptops: 3) { band in
            let (ana, ben, cem) = (band.laptops[0], band.laptops[1], band.laptops[2])
            let (one, other) = try equalMerges(of: ana, ben, in: band)
            let (less, more) = (min(one.id, other.id), max(one.id, other.id))
            try point(band.remote, at: more)
            try cem.sync()
            #expect(try cem.head.id == more)
            try point(ana.path, at: less)
            let report = try ana.sync()
            #expect(report.pushed > 0)
            #expect(try band.head().id == less)
            let adopted = try cem.sync()
            #expect(adopted.restored == 0)
            #expect(try cem.head.id == less)
            try band.expectSound()
        }
    }

    @Test func aRemoteThatDeniesItKeepsItsOwn() throws {
        try withRehearsal(laptops: 2) { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            let (one, other) = try equalMerges(of: ana, ben, in: band)
            let (less, more) = (min(one.id, other.id), max(one.id, other.id))
            try band.git("config", "receive.denyNonFastForwards", "true")
            try point(band.remote, at: more)
            try point(ana.path, at: less)
            #expect(try ana.sync().pushed == 0)
            #expect(try band.head().id == more)
            // What comes next was made from both.
            try ana.add("next")
            try ana.sync()
            try band.git("merge-base", "--is-ancestor", more.hex, "main")
        }
    }

    // MARK: Making them

    private func copy(_ place: FilePath, to other: FilePath) throws {
        let result = try run(command: "cp", arguments: ["-a", place.string, other.string])
        try #require(result.status == 0)
    }

    /// As somebody would who changes the last version's message and pushes with force.
    private func amend(in band: Rehearsal) throws {
        let tree = try band.git("rev-parse", "main^{tree}")
        let new = try band.git("commit-tree", tree, "-p", "main~1", "-m", "Said otherwise")
        try band.git("update-ref", "refs/heads/main", new)
    }

    /// Two merges of the same trees by different ways, in everybody's repository.
    private func equalMerges(of ana: Laptop, _ ben: Laptop, in band: Rehearsal) throws -> (Version, Version) {
        try ana.add("a")
        try ben.add("b")
        let (left, right) = (try ana.head, try ben.head)
        try ana.sync()
        try ben.sync()
        let tree = try band.git("rev-parse", "\(try band.head().description)^{tree}")
        func commit(_ parents: [Version]) throws -> Version {
            let text = """
                tree \(tree)
                \(parents.map { "parent \($0)" }.joined(separator: "\n"))
                author Offbeat <offbeat@invalid> 1900000000 +0000
                committer Offbeat <offbeat@invalid> 1900000000 +0000

                Merge what was done apart

                """
            let file = band.folder.appending("commit")
            try FileSystem.replaceAtomically(file, with: Array(text.utf8), durable: false)
            let hex = try band.git("hash-object", "-t", "commit", "-w", file.string)
            return Version(try #require(ObjectID(hex: hex)))
        }
        let head = try band.head()
        let one = try commit([left, head].sorted { $0.id < $1.id })
        let other = try commit([right, head].sorted { $0.id < $1.id })
        for version in [one, other] {
            try band.git("update-ref", "refs/heads/parked", version.description)
            for laptop in band.laptops {
                try band.git("fetch", "-q", band.remote.string, "refs/heads/parked", in: laptop.path)
            }
        }
        try band.git("update-ref", "-d", "refs/heads/parked")
        return (one, other)
    }

    private func point(_ repository: FilePath, at id: ObjectID) throws {
        let result = try run(
            command: "git", arguments: ["-C", repository.string, "update-ref", "refs/heads/main", id.hex],
            environment: hermeticEnvironment(home: repository))
        try #require(result.status == 0, "\(result.stderr)")
    }
}
