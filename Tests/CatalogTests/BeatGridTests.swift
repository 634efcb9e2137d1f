import Testing

@testable import Catalog

/// Where a person says that beats are.
@Suite struct BeatGridTests {
    @Test func itIsReadAsItIsWritten() throws {
        let grid = try #require(BeatGrid("128.5@0.35"))
        #expect(grid == .steady(bpm: 128.5, offset: 0.35) && grid.bpm == 128.5)
        #expect(BeatGrid(grid.json) == grid)
        let frames = try #require(BeatGrid(["beats": [22_050, 0, -1, "x"]]))
        #expect(frames == .frames([0, 22_050]) && frames.bpm == nil && BeatGrid(frames.json) == frames)
    }

    @Test(arguments: [
        "", "128", "@", "128@", "@1", "0@1", "1000@1", "-1@1", "128@-1", "128@86401", "a@b", "128@1@2", "1e999@0",
        "128@\"x\"", "{}@[]",
    ])
    func whatIsNoGridIsNotRead(text: String) { #expect(BeatGrid(text) == nil) }

    @Test func whatARecordCannotMeanIsNoGrid() {
        for json in [[:], ["bpm": 128], ["bpm": "128", "offset": 0], ["beats": []], ["beats": ["x"]]]
            as [JSONObject]
        {
            #expect(BeatGrid(json) == nil)
        }
    }

    /// From the beginning to the end, wherever the beat is that was named.
    @Test func steadyBeatsFillTheTrack() {
        let grid = BeatGrid.steady(bpm: 120, offset: 1.25)
        #expect(grid.beats(durationMs: 2000, sampleRate: 44_100) == [250, 750, 1250, 1750])
        #expect(grid.beats(durationMs: 250, sampleRate: 44_100) == [])
        #expect(grid.beats(durationMs: 0, sampleRate: 44_100) == [])
        #expect(BeatGrid.frames([0, 22_050]).beats(durationMs: 9, sampleRate: 44_100) == [0, 500])
        #expect(BeatGrid.frames([7]).beats(durationMs: 9, sampleRate: 0) == [7000])
    }
}
