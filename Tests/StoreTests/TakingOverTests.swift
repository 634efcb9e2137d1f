import Blobs
import Catalog
import Files
import Store
import TestSupport
import Testing

private let day: Int64 = 86_400_000

extension World {
    /// Takes back what was done last.
    fileprivate func undo() throws { _ = try #require(try store.undo(by: ana) { _ in { _, _ in .all } }) }

    fileprivate func restore(_ id: TrackID, from old: Snapshot) throws {
        try store.write(by: ana) { draft in
            _ = try draft.restore(.track(id), from: old)
            return "Restore"
        }
    }

    /// Collects when the past is old, and another place has all of it.
    fileprivate func collectThePast() throws -> CollectionOutcome {
        try confirm()
        surroundings.pass(milliseconds: 100 * day)
        // The head of back then is not past before another one has been so for long.
        try addWithFiles("a head of later")
        try confirm()
        surroundings.pass(milliseconds: 100 * day)
        return try collect { $0.copies = { OtherCopies(held: Set($0)) } }
    }
}

/// What undo and restore take over whole from an earlier version: its files are brought back before a version names
/// them, whatever collections have done meanwhile.
@Suite struct TakingOverTests {
    @Test func aTrackThatReturnsByRestoreTakesItsFileBackFromQuarantine() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let old = try world.store.snapshot()
            try world.removeTrack(id)
            #expect(try world.collectThePast().quarantined == 1)
            #expect(world.here("one") == [false])
            try world.restore(id, from: old)
            #expect(world.here("one") == [true])
            #expect(try world.store.blobs.verify(audio(of: "one")) == .sound)
            try world.requireSound()
        }
    }

    @Test func aTrackThatReturnsByUndoTakesItsFileBackFromQuarantine() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            try world.removeTrack(id)
            try setAside([audio(of: "one")], in: world.store)
            try world.undo()
            #expect(world.here("one") == [true])
            try world.requireSound()
        }
    }

    @Test func aStemAndAConflictReturnWithTheirFiles() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let folder = RecordFolder.track(id).path
            let named = ["stems/drums.wav": "drums", "conflicts/x.wav": "lost", "stems/deep/er": "deep"]
            let files = try named.values.flatMap { try putFiles($0, in: world.store) }
            let pointers = named.map { ("\(folder)/\($0.key)", audio(of: $0.value).encoded()) }
            try world.commitPlainly(Dictionary(uniqueKeysWithValues: pointers))
            try world.removeTrack(id)
            try setAside(files, in: world.store)
            try world.undo()
            #expect(files.map(world.store.blobs.contains) == [true, true, true])
        }
    }

    @Test func anAudioThatReturnsAloneTakesItsFileBack() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let old = try world.store.snapshot()
            try putFiles("two", in: world.store)
            try world.store.write(by: world.ana) { draft in
                var track = try #require(try draft.base.track(id)).track
                let (two, wav) = (audio(of: "two"), try fileExtension("wav"))
                let reference = AudioReference(oid: two.oid, size: two.size, name: nil)
                try track.setAudio(reference, facts: nil, at: draft.stamp(after: track.stamp(of: "audio")))
                try draft.put(track, audio: .init(pointer: two, fileExtension: wav))
                return "Replace"
            }
            try setAside([audio(of: "one")], in: world.store)
            try world.restore(id, from: old)
            #expect(world.here("one") == [true])
            #expect(try world.store.snapshot().track(id)?.audio?.pointer == audio(of: "one"))
        }
    }

    @Test func whatIsGoneForGoodReturnsWithoutItsFile() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let old = try world.store.snapshot()
            try world.removeTrack(id)
            #expect(try world.collectThePast().quarantined == 1)
            #expect(try world.collect { $0.copies = { OtherCopies(held: Set($0)) } }.deleted == 1)
            try world.restore(id, from: old)
            #expect(world.here("one") == [false])
            let found = try world.store.snapshot().track(id)
            #expect(found?.audio?.pointer == audio(of: "one"), "it may come from another copy yet")
        }
    }

    @Test func damagedBytesStayInQuarantine() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            try world.removeTrack(id)
            try setAside([audio(of: "one")], in: world.store)
            let item = try #require(try world.store.blobs.quarantine.find(audio(of: "one").oid))
            try overwrite(item, with: "ONE")
            try world.undo()
            #expect(world.here("one") == [false])
            #expect(try world.store.blobs.quarantine.find(audio(of: "one").oid) == item)
        }
    }

    @Test func whoElseNeedsAFileThatIsGoneDecides() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let old = try world.store.snapshot()
            try world.removeTrack(id)
            try setAside([audio(of: "one")], in: world.store)
            try world.store.blobs.quarantine.delete(
                [#require(try world.store.blobs.quarantine.find(audio(of: "one").oid))])
            let before = try world.store.version()
            try storeError(.fileGone) {
                try world.store.write(by: world.ana) { draft in
                    draft.name(audio(of: "one"))
                    _ = try draft.restore(.track(id), from: old)
                    return "Restore"
                }
            }
            #expect(try world.store.version() == before)
        }
    }

    private func overwrite(_ item: Quarantine.Item, with text: String) throws {
        try FileSystem.remove(item.path)
        try FileSystem.write(text, to: item.path)
    }
}
