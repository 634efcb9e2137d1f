import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// Whole syncs through a path that fails: connections are refused, cut, silent, slow. Each time it is told what to do,
/// nothing is lost, and over a sound path all come together.
@Suite(
    .waiting,
    .enabled(
        if: WebServer.isInstalled && LFSServer.isInstalled && SSHServer.isAvailable,
        "`.ci/prepare test` lays down the servers"))
struct BrokenPathTests {
    @Test(arguments: FarTour.Way.allCases)
    func nobodyAnswers(_ way: FarTour.Way) throws {
        try FarTour.over(way) { tour, path in
            try tour.begin()
            try tour.work(1)
            path.refuse()
            try tour.expectFailure(of: "ana", 75, "offline", saying: "try again later")
            #expect(try tour.at("ana", "sync", "--quiet").complaint.isEmpty)
            path.mend()
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// Every connection ends after so many bytes, in one direction or the other, in order or as in a crash.
    @Test(arguments: FarTour.Way.allCases)
    func everyConnectionIsCut(_ way: FarTour.Way) throws {
        try FarTour.over(way) { tour, path in
            try tour.begin()
            var number = 0
            for direction in BrokenPath.Way.allCases {
                for (after, byReset) in [(0, false), (0, true), (10, false), (100, true)] {
                    number += 1
                    try tour.work(number)
                    path.breaks(each: .cut(direction, after: after, byReset: byReset))
                    try tour.expectFailure(of: "ana", 75, "offline", saying: "try again later")
                    #expect(path.met > 0)
                    path.mend()
                    try tour.at("ana", "sync").done()
                }
            }
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// What has come before a cut does not come again, so that a line that is good for a part brings the whole at last, and
    /// nobody has to do anything about it.
    @Test func aLargeFileComesInPieces() throws {
        try FarTour.overBrokenWeb { tour, path in
            try tour.begin()
            try tour.work(1, frames: 2_000_000)
            try tour.at("ana", "sync").done()
            let before = path.bytes(.back)
            path.breaks(each: .cut(.back, after: 900_000, byReset: false))
            try tour.at("ben", "sync").done()
            // 4 MB in pieces of not one, and hardly more than that.
            #expect(path.met > 3)
            #expect(path.bytes(.back) - before < 5_000_000)
            path.mend()
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test(arguments: FarTour.Way.allCases)
    func aSlowPathIsNoBrokenOne(_ way: FarTour.Way) throws {
        try FarTour.over(way) { tour, path in
            try tour.begin()
            try tour.work(1)
            path.breaks(each: .slow(40_000))
            try tour.at("ana", "sync").done()
            path.mend()
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// Takes as long as is stated: half a minute until somebody has to answer.
    @Test(.enabled(if: Scenarios.areLongOnesWanted, "waits for what never comes: OFFBEAT_LONG"))
    func aHostThatSaysNothingIsGivenUp() throws {
        for way in FarTour.Way.allCases {
            try FarTour.over(way) { tour, path in
                try tour.begin()
                try tour.work(1)
                path.breaks(each: .silence)
                try tour.expectFailure(of: "ana", 75, "offline", saying: "try again later", within: 75)
                // A line that is dead in the middle is found out by silence, too.
                path.breaks(each: .stall(.back, after: way == .web ? 150 : 3_000))
                try tour.expectFailure(of: "ana", 75, "offline", saying: "try again later", within: 140)
                path.mend()
                try tour.comeTogether()
                try tour.expectTogether(["ana", "ben"])
            }
        }
    }
}
