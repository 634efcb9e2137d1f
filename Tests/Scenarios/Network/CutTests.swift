import Files
import Glibc
import TestSupport
import TestTraits
import Testing

/// Cuts and kills at random, over HTTP and over ssh.
@Suite(
    .waiting,
    .enabled(
        if: WebServer.isInstalled && LFSServer.isInstalled && SSHServer.isAvailable,
        "`.ci/prepare test` lays down the servers"), .serialized)
struct CutTests {
    /// In `make trust` many more: `OFFBEAT_ROUNDS`.
    private static let rounds = getenv("OFFBEAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 5

    @Test func nothingIsLostOverHTTP() throws {
        try FarTour.overBrokenWeb { tour, path in
            var game = try CutGame(tour, through: path)
            try game.play(Self.rounds)
        }
    }

    @Test func nothingIsLostOverSSH() throws {
        try FarTour.overBrokenSSH { tour, path in
            var game = try CutGame(tour, through: path)
            try game.play(Self.rounds)
            let files = try tour.studio.git("lfs", "fsck", "--objects", in: tour.remote)
            #expect(files.status == 0, "\(files)")
        }
    }
}
