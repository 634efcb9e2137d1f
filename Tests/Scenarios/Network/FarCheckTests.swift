import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// `fsck --remote` where the remote is on another computer.
@Suite(
    .waiting,
    .enabled(if: WebServer.isInstalled && LFSServer.isInstalled && SSHServer.isAvailable, "needs the servers"))
struct FarCheckTests {
    /// The files of the remote, wherever its server keeps them.
    private func files(_ tour: FarTour) -> [FilePath] {
        let places = [tour.remote.appending("lfs/objects"), tour.remote.parent.parent.parent.appending("files")]
        return places.filter { FileSystem.exists($0) }.flatMap { place in
            DirectoryWalk(place).map(\.path).filter { $0.lastComponent?.bytes.count == 64 }
        }
    }

    private func problems(_ outcome: Outcome) throws -> [JSON] { try outcome.json()["problems"]?.asArray ?? [] }

    private func eachKind(_ body: (FarTour) throws -> Void) throws {
        try FarTour.overWeb { tour, _ in
            try tour.begin()
            try body(tour)
        }
        try FarTour.overSSH { tour, _ in
            try tour.begin()
            try body(tour)
        }
    }

    @Test func aSoundRemoteIsLookedAtAndNotTouched() throws {
        try eachKind { tour in
            for words: [Word] in [[], ["--deep"]] {
                let found = try tour.json("ana", words: ["fsck", "--remote"] + words)
                #expect(found.status == 0, "\(found)")
                #expect(try found.json()["checked"]?["remoteFiles"] == .integer(2), "\(found)")
            }
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func aFileThatIsGoneThereIsToldAndComesBack() throws {
        try eachKind { tour in
            let file = try #require(files(tour).first)
            try FileSystem.remove(file)
            let told = try tour.json("ana", "fsck", "--remote")
            #expect(told.status == 6, "\(told)")
            #expect(try problems(told).map { $0["kind"] } == [.string("file")])
            let mended = try tour.json("ana", "fsck", "--remote", "--repair")
            #expect(try mended.status == 0 && problems(mended).first?["repaired"] == .bool(true), "\(mended)")
            #expect(FileSystem.exists(file))
            try tour.at("ana", "fsck", "--remote", "--deep").done()
        }
    }

    @Test func damageIsToldAndLeftToWhoKeepsTheRemote() throws {
        try eachKind { tour in
            let file = try #require(files(tour).first)
            let size = Int(try FileSystem.status(of: file).size)
            try FileSystem.remove(file)
            try FileSystem.write([UInt8](repeating: 7, count: size), to: file)
            try tour.at("ana", "fsck", "--remote").done()
            let told = try tour.json("ana", "fsck", "--remote", "--deep")
            #expect(try told.status == 6 && problems(told).map { $0["kind"] } == [.string("file")], "\(told)")
        }
    }

    @Test func aBranchThatIsGoneThereComesBack() throws {
        try eachKind { tour in
            let head = try tour.head("ana")
            try tour.studio.git("update-ref", "-d", "refs/heads/main", in: tour.remote).done()
            try tour.json("ana", "sync").expectFailure(4, "not-allowed")
            let told = try tour.json("ana", "fsck", "--remote")
            #expect(try problems(told).first?["kind"] == .string("ref"), "\(told)")
            let mended = try tour.json("ana", "fsck", "--remote", "--repair")
            #expect(mended.status == 0, "\(mended)")
            #expect(try tour.studio.git("rev-parse", "main", in: tour.remote).done().line == head)
            try tour.expectTogether(["ana", "ben"])
        }
    }
}
