import Catalog
import Files
import TestSupport
import Testing

/// Many programs at one store at once: all that was said to be done is done.
@Suite struct ConcurrencyTests {
    private let count = 20

    private func start(_ studio: Studio, _ words: Word...) throws -> Studio.Running {
        try studio.start([Word(Scenarios.program()), "--json"] + words)
    }

    @Test func addsAtOnce() throws {
        try Studio.withStore { studio in
            let sounds = try (0..<count).map { number in
                try studio.sound(FilePath("\(number).wav"), seed: UInt64(number))
            }
            let running = try sounds.map { try start(studio, "add", Word($0)) }
            for run in running { try run.outcome().done() }
            let titles = try studio.tracks().values.compactMap { $0["title"]?.asString }
            #expect(titles.compactMap(Int.init).sorted() == Array(0..<count))
            #expect(try studio.git("rev-list", "--count", "main").done().line == "\(count + 1)")
            try studio.expectSound()
            try studio.expectNoLeftovers()
        }
    }

    @Test func addsOfOneFileAtOnce() throws {
        try Studio.withStore { studio in
            let song = try studio.sound("song.wav", seed: 1, frames: 100_000)
            let running = try (0..<count).map { _ in try start(studio, "add", Word(song)) }
            let added = try running.map { try $0.outcome().done().json()["added"]?.asArray?.count ?? 0 }
            #expect(added.reduce(0, +) == 1)
            #expect(try studio.tracks().count == 1)
            try studio.expectSound()
        }
    }

    @Test func editsOfOneTrackAtOnce() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let running = try (0..<count).map { try start(studio, "edit", "\(id)", "+tag-\($0)", "x-\($0)=\($0)") }
            for run in running { try run.outcome().done() }
            let track = try studio.track(id)
            let tags = track["tags"]?.asArray?.compactMap(\.asString) ?? []
            #expect(tags.sorted() == (0..<count).map { "tag-\($0)" }.sorted())
            for number in 0..<count { #expect(track["x-\(number)"]?.asString == "\(number)") }
            #expect(try studio.git("rev-list", "--count", "main").done().line == "\(count + 2)")
            try studio.expectSound()
        }
    }

    @Test func readersBesideWriters() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let writers = try (0..<count).map {
                try start(studio, "edit", "\(id)", "title=a\($0)", "artist=a\($0)")
            }
            let readers = try (0..<count).map { _ in try start(studio, "show", "\(id)") }
            for reader in readers {
                let track = try reader.outcome().done().json()
                let (title, artist) = (track["title"]?.asString, track["artist"]?.asString)
                #expect(title == "song" || title == artist, "a reader saw half an edit")
            }
            for writer in writers { try writer.outcome().done() }
            try studio.expectSound()
        }
    }

    @Test func onlyOneOfManyThatExpectTheSameVersion() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let version = Word(try studio.head())
            let running = try (0..<8).map {
                try start(studio, "edit", "\(id)", "title=\($0)", "--if-version", version)
            }
            let statuses = try running.map { try $0.outcome().status }
            #expect(statuses.filter { $0 == 0 }.count == 1 && statuses.filter { $0 == 4 }.count == 7)
        }
    }

    @Test func initsAtOnePlaceAtOnce() throws {
        try Studio.with { studio in
            let running = try (0..<8).map { _ in try start(studio, "init", "--user", "ana") }
            let statuses = try running.map { try $0.outcome().status }
            #expect(statuses.filter { $0 == 0 }.count == 1, "\(statuses)")
            #expect(try studio.json("status").done().json()["user"] == "ana")
            try studio.expectSound()
        }
    }

    @Test func gitWritingBesideOffbeat() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            // What git does while it moves a branch.
            let lock = studio.store.appending("refs/heads/main.lock")
            try FileSystem.write("", to: lock)
            let outcome = try studio.json("edit", "\(id)", "title=x")
            #expect(FileSystem.exists(lock), "the lock of somebody else must stay")
            try outcome.expectFailure(75, "locked")
            try FileSystem.remove(lock)
            try studio.offbeat("edit", "\(id)", "title=x").done()
            try studio.expectSound()
        }
    }
}
