import Blobs
import Cache
import Catalog
import Files
import Store
import TestSupport
import Testing

@testable import Offbeat

/// What is counted with the index is what reading every record gives.
@Suite struct StatusTests {
    @Test(arguments: [Sharing.everyone, .workspaces])
    func aStatusFromTheIndexIsTheStatusWithoutIt(_ sharing: Sharing) throws {
        try withPlace(sharing: sharing, people: ["ana", "ben", "zoe"]) { place in
            var chance = SeededRandom()
            let band = try place.workspace("band", ["ana", "ben"])
            for step in 0..<60 {
                try place.changeAnything(step, band, &chance)
                for name in ["ana", "ben", "zoe"] { try place.compareStatus(as: name, "\(step): \(chance)") }
            }
        }
    }

    /// Conflicts of tracks and of other records, as two laptops that meet make them.
    @Test func conflictsAreFoundAsReadingFindsThem() throws {
        try withMeeting { meeting, first in
            var chance = SeededRandom()
            for number in 0..<4 { try meeting.one.add("\(number).wav", frequency: 200 + Double(number)) }
            try meeting.meet()
            let ids = try meeting.one.session.list(ListRequest()).tracks.map(\.id.hex)
            for step in 0..<12 {
                let id = ids.randomElement(using: &chance) ?? first.hex
                for (place, name) in [(meeting.one, "ana"), (meeting.other, "ben")] {
                    meeting.pass()
                    try place.edit(id, "title=\(name) \(step)", as: name)
                    try place.change { draft in
                        guard var person = try draft.base.people().first else { return }
                        try person.set("name", to: .string("\(name) \(step)"), at: draft.stamp())
                        try draft.put(person)
                    }
                }
                try meeting.meet()
                for place in [meeting.one, meeting.other] {
                    try place.compareStatus(as: "ana", "\(step): \(chance)")
                }
                if let conflict = try meeting.one.session.conflicts().randomElement(using: &chance) {
                    try meeting.one.resolve(conflict.id, conflict.field, .current)
                    try meeting.one.compareStatus(as: "ana", "resolved \(step): \(chance)")
                }
            }
            #expect(try !meeting.one.session.conflicts().isEmpty)
        }
    }

    /// What the journal of files says is what looking at each file says, after each change of either.
    @Test func theJournalCountsAsLookingDoes() throws {
        try withPlace { place in
            var chance = SeededRandom()
            try place.addRemote()
            var expected = FileCounts()
            try place.expectFiles(expected, "before there is a journal")
            for step in 0..<12 {
                try place.add("\(step).wav", frequency: 100 + Double(step))
                expected.here += 1
                if Bool.random(using: &chance) {
                    try place.push()
                    _ = try place.session.drop(["\(step)"])
                    (expected.here, expected.missing) = (expected.here - 1, expected.missing + 1)
                }
                for _ in 0..<2 { try place.expectFiles(expected, "\(step): \(chance)") }
            }
            _ = try place.session.fetch(["0"])
            try place.expectFiles(try place.library.index.fileCounts(in: .everything), "\(chance)")
            try place.store.blobs.journal.rebuild()
            try place.expectFiles(try place.library.index.fileCounts(in: .everything), "\(chance)")
        }
    }

    /// A count is noted with the journal's position, and taken for right only there.
    @Test func anotherJournalIsNotTakenForTheOneThatWasCounted() throws {
        try withPlace { place in
            try place.add("one.wav")
            let journal = try place.store.blobs.journal
            let before = try #require(try journal.position())
            #expect(try journal.position() == before)
            try place.add("two.wav", frequency: 200)
            #expect(try journal.position() != before)
            let files = place.path.appending("lfs")
            try place.loseFile(of: place.session.show("two"))
            for name in ["journal", "journal-wal", "journal-shm"] { try FileSystem.remove(files.appending(name)) }
            let anew = try place.store.blobs.journal
            #expect(try anew.totals().files == 1)
            #expect(try anew.position() != before)
        }
    }
}

extension Status {
    /// All of it, as text.
    var described: String {
        let unreadable = unreadable.map { "\($0.path): \($0.reason)" }.sorted()
        return "\(version) \(tracks) \(posts) \(waiting) \(files) \(conflicts) \(unreadable)"
    }
}

extension Place {
    fileprivate func compareStatus(as name: String, _ what: String) throws {
        let session = try session(name)
        let (fast, slow) = (try session.status(), try session.statusWithoutIndex())
        #expect(fast.described == slow.described, "\(name), \(what)")
        let view = try session.view()
        let (listed, read) = (try session.conflicts(), try session.openConflictsWithoutIndex(in: view))
        #expect(
            listed.map { "\($0.id) \($0.field)" } == read.map { "\($0.folder.idText) \($0.field)" },
            "\(name), \(what)")
    }

    fileprivate func expectFiles(_ expected: FileCounts, _ what: String) throws {
        let index = try Library(at: path, context: clock.context).index
        #expect(try index.fileCounts(in: .everything) == expected, "\(what)")
        #expect(try index.fileCounts(in: .everything, lookingAtMost: 0) == expected, "by the journal, \(what)")
        let known = try #require(try library.session().person).id
        #expect(
            try index.fileCounts(in: .usable(by: known), lookingAtMost: 0) == expected, "of one person, \(what)")
    }

    /// One change of many kinds, also such as make records unreadable and conflicts wait.
    fileprivate func changeAnything(_ step: Int, _ band: WorkspaceID, _ chance: inout SeededRandom) throws {
        clock.pass(seconds: 60)
        let snapshot = try store.snapshot()
        var tracks: [TrackID] = []
        try snapshot.forEachTrackID { tracks.append($0) }
        guard tracks.count > 3, let id = tracks.randomElement(using: &chance) else {
            let owner = ["ana", "ben", "zoe"].randomElement(using: &chance)
            return _ = try add("\(step).wav", frequency: 100 + Double(step), as: owner)
        }
        let record = RecordPath.track(id).text
        switch Int.random(in: 0..<6, using: &chance) {
        case 0: try add("\(step).wav", frequency: 100 + Double(step), as: "ana")
        case 1: if case .track? = try snapshot.read(id) { try share(id, with: band) }
        case 2: try commitPlainly([record: Array("scribble".utf8)])
        case 3: try commitPlainly([:], removing: [record])
        case 4:
            guard case .track(let folder)? = try snapshot.read(id), let file = folder.audio else { return }
            try FileSystem.remove(store.blobs.path(of: file.pointer.oid))
        default: try commitPlainly(["people/\(String(repeating: "ab", count: 16)).json": Array("x\(step)".utf8)])
        }
    }
}
