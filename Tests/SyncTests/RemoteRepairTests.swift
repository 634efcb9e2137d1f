import Blobs
import Digest
import Files
import Git
import Store
import TestSupport
import Testing

@testable import Sync

/// What a look at a remote costs, and what a repair makes of it where others are at work.
@Suite struct RemoteRepairTests {
    private func check(_ laptop: Laptop, deep: Bool = false) throws -> RemoteCheck {
        var request = CheckRequest(scratch: laptop.path.appending("lfs/tmp"))
        request.isDeep = deep
        return try RemoteCheck(of: laptop.store, with: FolderRemote(at: laptop.remote), called: "origin", request)
    }

    /// Only what no sync has seen there is read of the history.
    @Test func theCostFollowsWhatIsNew() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            let song = try ana.add("song")
            for number in 1...20 { try ana.set("title", of: song, to: "\(number)") }
            try ana.sync()
            let (quick, deep) = try (check(ana).run().counts.objects, check(ana, deep: true).run().counts.objects)
            #expect(quick < 25 && deep > quick + 100, "\(quick), \(deep)")
            // Who has not been there since it was empty reads it all.
            #expect(try check(ben).run().counts.objects > 100)
        }
    }

    /// A file counts once, whoever puts it back first, and what the slower one brings is the same.
    @Test func whoComesSecondFindsItDone() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            try ana.add("song")
            try ana.sync()
            try ben.sync()
            let file = try #require(try ana.store.files(namedBy: ana.head, andNotBy: nil).first)
            let there = BlobStore(directory: band.remote.appending("lfs"))
            _ = try FolderFiles(at: band.remote, modes: .unshared).download(
                [file], to: ben.store.blobs, report: .none)
            try FileSystem.remove(there.path(of: file.oid))
            try FileSystem.write("gong", to: there.path(of: file.oid))
            let slow = try check(ben, deep: true)
            let found = try slow.look(hashing: nil)
            #expect(found.findings.count == 1)
            let first = try RemoteRepair(check(ana, deep: true), with: RemoteRepairMeans()).run()
            #expect(first.problems.map(\.repaired) == [true], "\(first.problems)")
            // He goes on from what he has seen before.
            let repair = RemoteRepair(slow, with: RemoteRepairMeans())
            try RemoteFileRepair(repair).run(found.findings.map { ($0, file) })
            #expect(try there.verify(file) == .sound)
            #expect(try FileSystem.list(band.remote.appending("lfs/bad")).count == 1, "the right one was set aside")
            try band.expectSound()
        }
    }

    /// What this store has of a version that was never pushed is nobody's but its own.
    @Test func nothingIsBroughtThatWasNotThere() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            let song = try ana.add("song")
            try ana.sync()
            let head = try band.head()
            try ana.set("title", of: song, to: "Not yet")
            try FileSystem.write("", to: band.remote.appending("refs/heads/main"))
            let report = try RemoteRepair(check(ana), with: RemoteRepairMeans()).run()
            #expect(report.problems.map(\.repaired) == [true], "\(report.problems)")
            #expect(try band.head() == head)
            #expect(try !band.shared.objects.contains(ana.head.id))
            try ana.sync()
            try band.expectSound()
        }
    }

    @Test func theAnalysesComeBackAsWell() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            try ana.add("song")
            let made = try ana.store.snapshot().version
            try band.git("update-ref", "refs/heads/analyses", made.id.hex, in: ana.path)
            try ana.sync()
            let branch = band.remote.appending("refs/heads/analyses")
            let bytes = try FileSystem.read(branch)
            try FileSystem.remove(branch)
            let report = try RemoteRepair(check(ana), with: RemoteRepairMeans()).run()
            #expect(report.problems.map(\.what) == ["refs/heads/analyses at origin"], "\(report.problems)")
            #expect(report.problems.map(\.repaired) == [true], "\(report.problems)")
            #expect(try FileSystem.read(branch) == bytes)
        }
    }
}
