import Catalog
import Files
import TestSupport
import Testing

/// `gc` where the remote is on another computer: it asks before anything of the past goes.
@Suite(.enabled(if: WebServer.isInstalled && LFSServer.isInstalled && SSHServer.isAvailable, "needs the servers"))
struct FarCollectionTests {
    /// Long after what a band did.
    private let later = ["OFFBEAT_NOW": "2041-01-01T00:00:00Z"]

    /// A band that has removed all songs but one; gives the files of the old versions, by hash.
    private func past(_ tour: FarTour, songs: Int) throws -> [String] {
        try tour.begin(songs: songs + 1)
        let tracks = try tour.json("ana", "ls").done().json()["tracks"]?.asArray ?? []
        let old = tracks.filter { $0["title"]?.asString != "song 1" }
        for track in old { try tour.at("ana", "rm", Word(track["id"]?.asString ?? "")).done() }
        try tour.at("ana", "sync").done()
        try tour.at("ana", "config", "set", "keepHistory", "0").done()
        try tour.at("ana", "config", "set", "keepQuarantine", "0").done()
        return old.compactMap { $0["audio"]?["oid"]?.asString }
    }

    private func isHere(_ oid: String, _ tour: FarTour) -> Bool {
        let (first, second) = (oid.prefix(2), oid.dropFirst(2).prefix(2))
        return FileSystem.exists(tour.store("ana").appending("lfs/objects/\(first)/\(second)/\(oid)"))
    }

    /// The remote's copy, wherever its server keeps it.
    private func copy(_ oid: String, _ tour: FarTour) -> FilePath? {
        let places = [tour.remote.appending("lfs/objects"), tour.remote.parent.parent.parent.appending("files")]
        return places.filter { FileSystem.exists($0) }.flatMap { DirectoryWalk($0).map(\.path) }
            .first { $0.lastComponent?.string == oid }
    }

    private func gc(_ tour: FarTour, _ words: Word...) throws -> JSON {
        try tour.json("ana", words: ["gc"] + words, adding: later).done().json()
    }

    private func play(_ tour: FarTour, songs: Int, stopping stop: () -> Void, asked: () -> Int) throws {
        let old = try past(tour, songs: songs)
        let lost = try #require(old.first)
        try FileSystem.remove(try #require(copy(lost, tour)))
        let before = asked()
        let dry = try gc(tour, "--dry-run")
        let first = try gc(tour)
        #expect(first == dry)
        #expect(first["quarantined"] == .integer(Int64(songs - 1)), "\(first)")
        #expect(first["onlyHere"] == [.string(lost)] && first["silent"] == [], "\(first)")
        #expect(old.map { isHere($0, tour) } == old.map { $0 == lost })
        let second = try gc(tour)
        #expect(second["deleted"] == .integer(Int64(songs - 1)), "\(second)")
        // Each asked once about all, and who has nothing to ask about does not call.
        #expect(asked() - before == 3)
        try tour.at("ben", "gc", adding: later).done()
        #expect(asked() - before == 3)
        stop()
        let third = try tour.at("ana", "gc", adding: later).done()
        let told = "1 file of the past kept, since the remote origin does not say what it holds: "
        #expect(third.text.split(separator: "\n").count { $0.hasPrefix(told) } == 1, "\(third)")
        #expect(isHere(lost, tour))
    }

    @Test func behindAWebServer() throws {
        try FarTour.overWeb { tour, server in
            try play(tour, songs: 3, stopping: { server.stop() }) {
                server.requests.count { $0.contains("objects/batch") }
            }
        }
    }

    @Test func bySSH() throws {
        try FarTour.overSSH { tour, server in
            try play(tour, songs: 2, stopping: { server.stop() }) {
                server.log.split(separator: "Accepted publickey", omittingEmptySubsequences: false).count
            }
        }
    }
}
