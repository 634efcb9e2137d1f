import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import TestSupport
import Testing

private let longAfter: Int64 = 100 * 86_400_000

extension World {
    fileprivate func pointerPath(_ id: TrackID) throws -> String {
        RecordPath.trackAudio(id, try fileExtension("wav")).text
    }

    /// Collects when only what the head names is needed.
    fileprivate func collectTheOld() throws -> CollectionOutcome {
        try confirm()
        surroundings.pass(milliseconds: longAfter)
        return try collect { $0.copies = { OtherCopies(held: Set($0)) } }
    }
}

/// Files that a record names, and no pointer.
@Suite struct RecordsAloneTests {
    @Test func aRecordWithoutItsPointerHoldsItsFile() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one", "two")[0]
            try world.commitPlainly([:], removing: [world.pointerPath(id)])
            #expect(try world.collectTheOld().quarantined == 0)
            #expect(world.here("one", "two") == [true, true])
            let report = try world.repair()
            #expect(report.isSound && report.problems.count == 1, "\(report.problems)")
            #expect(try world.git("cat-file", "-t", "main:\(world.pointerPath(id))") == "blob")
            #expect(try world.reopen().snapshot().track(id)?.audio?.pointer == audio(of: "one"))
            // Of a track that is gone altogether nothing is held.
            let gone = try world.addWithFiles("gone")[0]
            try world.removeTrack(gone)
            #expect(try world.collectTheOld().quarantined == 1)
            #expect(world.here("one", "gone") == [true, false])
        }
    }

    @Test func stemsPostsAndConflictsHoldTheirFilesToo() throws {
        try withWorld { world in
            try putFiles("beat", "bass", "image", "lost", "nothing", in: world.store)
            let id = try world.add("absent")[0]
            let stem = try world.addStem("beat", to: id)
            let other = try world.store.snapshot().fields(at: "\(stem).json")
            let reference: JSON = ["oid": .string(audio(of: "bass").oid.hex), "size": 4]
            var bass = other
            (bass["audio"], bass["type"]) = (reference, "bass")
            var track = try world.store.snapshot().fields(at: RecordPath.track(id).text)
            track["conflicts"] = ["audio@x#y": ["value": ["oid": .string(audio(of: "lost").oid.hex)]]]
            let workspace: WorkspaceID = try #require(Identifier(String(repeating: "a", count: 32)))
            let post: PostID = try #require(Identifier(String(repeating: "b", count: 32)))
            let stamp = Stamp(milliseconds: 1_800_000_000_001, replica: ReplicaID(truncating: 7))
            var record = Post(id: post, author: world.ana.id, text: "Hello", created: stamp)
            try record.setImage(audio(of: "image").oid, at: stamp)
            try world.commitPlainly(
                [
                    stem.replacing("drums", with: "bass.json"): JSON.object(bass).canonical(),
                    RecordPath.track(id).text: JSON.object(track).canonical(),
                    RecordPath.post(workspace, post).text: record.encode(),
                ], removing: ["\(stem).wav", world.pointerPath(id)])
            #expect(try world.collectTheOld().quarantined == 1)
            #expect(
                world.here("beat", "bass", "image", "lost", "nothing") == [true, true, true, true, false])
        }
    }

    @Test(arguments: ["", "garbage", "[]", "{\"audio\": {\"oid\": 7}}", "too large"])
    func aRecordThatSaysNothingHoldsNothing(text: String) throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let path = RecordPath.track(id).text
            var bytes = Array(text.utf8)
            if text == "too large" {
                bytes = try JSON.object(world.store.snapshot().fields(at: path)).canonical()
                bytes += [UInt8](repeating: 32, count: Catalog.recordLimit)
            }
            try world.commitPlainly([path: bytes], removing: [world.pointerPath(id)])
            #expect(try world.collectTheOld().quarantined == 1)
        }
    }

    /// A record that is not there shows who reads it.
    @Test func aRecordIsReadOnlyWhereItsPointerIsMissing() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let object = try world.git("rev-parse", "main:\(RecordPath.track(id))")
            func needs() throws -> FileNeeds.Verdict {
                try world.reopen().exclusively { writer in
                    let needs = try writer.needs(of: [audio(of: "one")], keepHistory: .forever)
                    return needs.verdict(on: audio(of: "one")) { true }
                }
            }
            try FileSystem.remove(world.path.appending("objects/\(object.prefix(2))/\(object.dropFirst(2))"))
            #expect(try needs() == .mustStay(.head("refs/heads/main")))
            try world.commitPlainly([:], removing: [world.pointerPath(id)])
            try storeError(.damaged) { try needs() }
        }
    }
}
