import Files
import Glibc
import TestSupport
import Testing

/// Cuts and kills at random, over HTTP and over ssh.
@Suite(
    .enabled(
        if: WebServer.isInstalled && LFSServer.isInstalled && SSHServer.isAvailable,
        "`.ci/prepare test` lays down the servers"), .serialized)
struct CutTests {
    /// In `make trust` many more: `OFFBEAT_ROUNDS`.
    private static let rounds = getenv("OFFBEAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 12

    @Test(arguments: FarTour.Way.allCases)
    func nothingIsLostByCutsAndKills(_ way: FarTour.Way) throws {
        try FarTour.over(way) { tour, path in
            var game = try CutGame(tour, through: path)
            try game.play(Self.rounds)
            guard way == .ssh else { return }
            let files = try tour.studio.git("lfs", "fsck", "--objects", in: tour.remote)
            #expect(files.status == 0, "\(files)")
        }
    }
}
