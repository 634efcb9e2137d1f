import Catalog
import Files
import TestSupport
import Testing

/// The history of a workspace is right at the next read after each step that brings posts out, here and elsewhere.
@Suite struct PublishedHistoryScenes {
    /// A list of one laptop, and what it must be.
    private struct Reader {
        let band: Band
        let laptop: String

        /// Expects these posts, and then the same at once from what the first read made. If `isOld`, nothing was to be made.
        func expect(
            _ states: [String: String], _ what: String, isOld: Bool = false, minute: Int,
            location: SourceLocation = #_sourceLocation
        ) throws {
            for isFirst in [true, false] {
                let list = try band.at(laptop, minute: minute, "post", "ls", "-w", "band").done().json()
                let found = (list["posts"]?.asArray ?? []).map { ($0["text"]?.asString, $0["state"]?.asString) }
                let told = "\(laptop), \(what), \(isFirst ? "first" : "second") read"
                #expect(
                    Dictionary(found, uniquingKeysWith: { $1 }) == states, "\(told)", sourceLocation: location)
                let source = list["cache"]?.asString ?? ""
                if !isFirst || isOld { #expect(source == "hit", "\(told)", sourceLocation: location) }
            }
            // The count of what waits comes from the same rows.
            let waiting = try band.at(laptop, minute: minute, "status").done().json()["waiting"]?.asInteger
            let asks = states.values.count { ["failed", "needs-attention"].contains($0) }
            #expect(waiting == Int64(asks), "\(laptop), \(what)", sourceLocation: location)
        }
    }

    @Test func theHistoryShowsWhatCameOut() throws {
        try Band.with { band in
            let (ana, ben) = (Reader(band: band, laptop: "ana"), Reader(band: band, laptop: "ben"))
            let now = try band.sharedPost("now")
            let due = try band.sharedPost("due", at: 1)
            let late = try band.sharedPost("late", at: 2)
            var states = ["now": "approved", "due": "scheduled", "late": "scheduled"]
            /// Both say so: the one that did it at once, the other after a sync and not before.
            func expect(_ text: String, _ state: String, by doer: Reader, minute: Int, _ what: String) throws {
                let other = doer.laptop == "ana" ? ben : ana
                try other.expect(states, "before \(what)", isOld: true, minute: minute)
                states[text] = state
                try doer.expect(states, what, minute: minute)
                try band.at(doer.laptop, minute: minute, "sync").done()
                try band.at(other.laptop, minute: minute, "sync").done()
                try other.expect(states, what, minute: minute)
                try band.at(doer.laptop, minute: minute, "sync").done()
                _ = try band.at(doer.laptop, minute: minute, "post", "ls", "-w", "band").done()
            }
            for reader in [ana, ben] { try reader.expect(states, "all are there", minute: -60) }
            try band.at("ana", minute: 0, "publish", now).done()
            try expect("now", "published", by: ana, minute: 0, "a post that was named is out")
            // The scheduler is a program of its own; the reader has not been told.
            try band.receive(.after, "exit 1")
            try #expect(band.publishDue("ben", minute: 1).status == 1)
            try expect("due", "failed", by: ben, minute: 1, "the scheduler could not")
            try band.receive(.after, nil)
            try band.at("ana", minute: 1, "publish", due).done()
            try expect("due", "published", by: ana, minute: 1, "once more")
            try #expect(band.publishDue("ben", minute: 63).status == 1)
            try expect("late", "needs-attention", by: ben, minute: 63, "the scheduler comes too late")
            try band.at("ana", minute: 64, "post", "schedule", late, "--at", Word(Band.clock(90))).done()
            try expect("late", "scheduled", by: ana, minute: 64, "another time")
            try band.receive(.after, "kill -9 $PPID")
            try #expect(band.publishDue("ben", minute: 90).status == 137)
            try band.receive(.after, nil)
            _ = try band.publishDue("ben", minute: 91)
            try expect("late", "needs-attention", by: ben, minute: 91, "the scheduler was killed")
            try band.at("ana", minute: 92, "post", "settle", late, "--sent", "https://example.org/1").done()
            try expect("late", "published", by: ana, minute: 92, "somebody has said so")
        }
    }

    /// The same where lists are made without an index, and where it is deleted before each read.
    @Test(arguments: [true, false]) func soItIsWithoutAnIndex(isDeleted: Bool) throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            if !isDeleted { try band.at("ana", "config", "set", "cache.enabled", "false").done() }
            func expect(_ state: String) throws {
                if isDeleted { try FileSystem.removeTree(band.tour.store("ana").appending("cache")) }
                let list = try band.at("ana", minute: 1, "post", "ls").done().json()
                #expect(list["posts"]?.asArray?.map { $0["state"] } == [.string(state)] && list["cache"] == "built")
            }
            _ = try band.at("ana", "post", "ls").done()
            try expect("scheduled")
            try band.receive(.before, "exit 1")
            _ = try band.publishDue("ana", minute: 0)
            try expect("failed")
            try band.receive(.before, nil)
            try band.at("ana", minute: 0, "publish", id).done()
            try expect("published")
        }
    }
}
