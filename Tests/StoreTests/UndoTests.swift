import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import TestSupport
import Testing

extension World {
    fileprivate func undo(by person: Person? = nil, in other: Store? = nil) throws -> UndoOutcome? {
        try (other ?? store).undo(by: person ?? ana) { _ in { _, _ in .all } }
    }

    fileprivate func restore(_ id: TrackID, from old: Snapshot) throws -> ReversalOutcome {
        var outcome = ReversalOutcome()
        try store.write(by: ana) { draft in
            outcome = try draft.restore(.track(id), from: old)
            return "Restore"
        }
        return outcome
    }

    fileprivate var replica: ReplicaID { get throws { try store.snapshot().info().created.replica } }

    /// Makes a version by hand that looks as if Ana's program had made it.
    @discardableResult
    fileprivate func operate(
        _ subject: String, _ files: [String: [UInt8]], removing removed: [String] = [], at stamp: Stamp
    ) throws -> Version {
        try commitPlainly(
            files, removing: removed,
            message: "\(subject)\n\nOffbeat-Operation: \(stamp)\nOffbeat-Person: \(ana.id)\n")
    }

    fileprivate func stamp(_ number: UInt64) throws -> Stamp {
        Stamp(milliseconds: 1_800_000_100_000 + number, replica: try replica)
    }

    /// Makes a merge by hand of the head with another version, with the head's files and some more.
    fileprivate func merge(
        _ first: Version, _ second: Version, files of: Version, adding more: [String: [UInt8]] = [:],
        message: String = "Merge\n"
    ) throws -> Version {
        let repository = try Repository(at: path)
        let temporary = try TemporaryDirectory(in: folder.appending("merge"))
        let writer = ObjectWriter(repository: repository, temporary: temporary)
        var edit = TreeEdit()
        for (name, bytes) in more { edit.set(try #require(TreePath(name)), blob: try writer.write(blob: bytes)) }
        let tree = try edit.apply(to: repository.readCommit(of.id).tree, reading: repository, writing: writer)
        let nobody = Signature(name: "Offbeat", email: "offbeat@invalid", seconds: 1_800_000_200)
        let commit = try writer.write(
            Commit(
                tree: try #require(tree), parents: [first.id, second.id], author: nobody, committer: nobody,
                message: message))
        let batch = WriteBatch(temporary: temporary, durable: false)
        try writer.finish(into: batch)
        try batch.commit()
        try repository.refresh()
        let head = try repository.resolve("refs/heads/main")
        try repository.moveReference("refs/heads/main", from: head, to: commit, message: "merge", by: nobody)
        return Version(commit)
    }
}

@Test func anUndoLooksThroughMergesAndLeavesThem() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let base = try world.store.version()
        let mine = try world.rename(id, to: "two")
        let theirs = try commitByHand(in: world.path, ["x": [1]], onto: base.id)
        let stamp = try world.stamp(1)
        let trailers = "Merge\n\nOffbeat-Operation: \(stamp)\nOffbeat-Person: \(world.ana.id)\n"
        let merge = try world.merge(theirs, mine, files: mine, adding: ["x": [1]], message: trailers)
        let outcome = try #require(try world.undo())
        #expect(outcome.undone.version == mine)
        #expect(try titles(in: world.store.snapshot()) == ["one"])
        #expect(try world.store.changes(from: merge, to: outcome.version).count == 1, "x stays")
    }
}

@Test func whatAMergeDecidedAnewStays() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let base = try world.store.version()
        let mine = try world.rename(id, to: "two")
        let theirs = try commitByHand(in: world.path, ["x": [1]], onto: base.id)
        var track = try #require(try world.store.snapshot(of: mine).track(id)).track
        let later = Stamp(milliseconds: 1_800_000_500_000, replica: ReplicaID(truncating: 99))
        try track.set("title", to: "merged", at: later)
        try track.set("artist", to: "Shore", at: later)
        _ = try world.merge(
            theirs, mine, files: mine, adding: [RecordPath.track(id).text: try track.encode()])
        let outcome = try #require(try world.undo()).outcome
        #expect(outcome.changes.isEmpty && outcome.kept.map(\.field) == ["title"])
        #expect(try titles(in: world.store.snapshot()) == ["merged"])
    }
}

@Test func aCopyUndoesNothingThatTheOriginalDid() throws {
    try withWorld { world in
        try world.add("one")
        let place = world.folder.appending("copy")
        #expect(try run(command: "cp", arguments: ["-r", world.path.string, place.string]).status == 0)
        let copy = try Store(at: place, context: world.surroundings.context())
        #expect(try world.undo(in: copy) == nil)
        try world.add("two", to: copy)
        #expect(try world.undo(in: copy)?.undone.subject == "Add 1 tracks")
        #expect(try world.undo(in: copy) == nil)
        #expect(try titles(in: copy.snapshot()) == ["one"])
        #expect(try world.undo() != nil)
    }
}

@Test func anUndoneOperationIsNotUndoneAgainByWhoeverUndidIt() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.rename(id, to: "two")
        let undo = try #require(try world.undo())
        #expect(undo.undone.subject == "Rename" && undo.outcome.changes.map(\.kind) == [.changed])
        #expect(try world.undo()?.undone.subject == "Add 1 tracks")
        #expect(try world.undo() == nil)
        #expect(try world.store.version() != undo.version)
    }
}

@Test func anOperationWithoutAPersonIsNobodys() throws {
    try withWorld { world in
        try world.store.write(by: nil) { draft in
            try draft.add("one")
            return "Add"
        }
        #expect(try world.undo() == nil)
        #expect(try world.store.undo(by: nil) { _ in { _, _ in .all } }?.undone.subject == "Add")
    }
}

@Test func stemsComeAndGoWithTheirFiles() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let (drums, wav) = (try #require(StemType("drums")), try fileExtension("wav"))
        let (record, file) = (RecordPath.stem(id, drums).text, RecordPath.stemAudio(id, drums, wav).text)
        func stem(_ sound: String, at stamp: Stamp) throws -> [UInt8] {
            let pointer = audio(of: sound)
            let reference = AudioReference(oid: pointer.oid, size: pointer.size, name: nil)
            return try Stem(type: drums, audio: reference, created: stamp).encode()
        }
        func stems() throws -> [Pointer?] {
            try #require(try world.store.snapshot().track(id)).stems.map(\.audio?.pointer)
        }
        let added = try world.stamp(1)
        try world.operate(
            "Add a stem", [record: try stem("a", at: added), file: audio(of: "a").encoded()], at: added)
        let with = try world.store.snapshot()
        // The same stem with another sound.
        var changed = try Stem.read(stem("a", at: added))
        let (second, b) = (try world.stamp(2), audio(of: "b"))
        try changed.setAudio(
            AudioReference(oid: b.oid, size: b.size, name: nil), facts: nil, madeFrom: nil, at: second)
        try world.operate("Change a stem", [record: try changed.encode(), file: b.encoded()], at: second)
        #expect(try stems() == [b])
        try world.operate("Remove a stem", [:], removing: [record, file], at: world.stamp(3))
        #expect(try stems() == [])

        #expect(try world.undo()?.outcome.changes.map(\.fields) == [["stems/drums"]])
        #expect(try stems() == [b])
        #expect(try world.undo()?.outcome.changes.map(\.fields) == [["stems/drums.audio"]])
        #expect(try stems() == [audio(of: "a")])
        #expect(try world.undo()?.outcome.changes.map(\.fields) == [["stems/drums"]])
        #expect(try stems() == [])

        try world.store.write(by: world.ana) { draft in
            let outcome = try draft.restore(.track(id), from: with)
            #expect(outcome.changes.map(\.fields) == [["stems/drums"]])
            return "Restore"
        }
        #expect(try stems() == [audio(of: "a")])
        let broken = try world.commitPlainly([record: Array("{".utf8)])
        #expect(try world.restore(id, from: with).changes.map(\.fields) == [["stems/drums"]])
        #expect(try stems() == [audio(of: "a")])
        #expect(try world.restore(id, from: world.store.snapshot(of: broken)).kept.count == 1)
    }
}

@Test func aStemThatSomebodyChangedSinceStays() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let drums = try #require(StemType("drums"))
        let (record, file) = (
            RecordPath.stem(id, drums).text, RecordPath.stemAudio(id, drums, try fileExtension("wav")).text
        )
        let reference = AudioReference(oid: audio(of: "a").oid, size: 1, name: nil)
        var stem = Stem(type: drums, audio: reference, created: try world.stamp(1))
        let files = [record: try stem.encode(), file: audio(of: "a").encoded()]
        try world.operate("Add a stem", files, at: world.stamp(1))
        let other = AudioReference(oid: audio(of: "b").oid, size: 1, name: nil)
        let later = Stamp(milliseconds: 1_800_000_500_000, replica: ReplicaID(truncating: 9))
        try stem.setAudio(other, facts: nil, madeFrom: nil, at: later)
        try world.commitPlainly([record: try stem.encode()])
        let changed = try #require(try world.undo()).outcome
        #expect(changed.changes.isEmpty && changed.kept.map(\.field) == ["stems/drums.audio"])
    }
}

@Test func aPointerThatPlainGitChangedReturnsWithItsField() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let old = try world.store.snapshot()
        let path = RecordPath.trackAudio(id, try fileExtension("wav")).text
        try world.commitPlainly([path: audio(of: "other").encoded()])
        let before = try #require(try world.store.snapshot().track(id)).track.stamp(of: "audio")
        #expect(try world.restore(id, from: old).changes.map(\.fields) == [["audio"]])
        let track = try #require(try world.store.snapshot().track(id))
        #expect(track.audio?.pointer == audio(of: "one") && track.track.stamp(of: "audio") > before)
    }
}

@Test func aPostGoesWithItsImageAndKeepsItsDecisions() throws {
    try withWorld { world in
        let workspace: WorkspaceID = try #require(Identifier(String(repeating: "a", count: 32)))
        let id: PostID = try #require(Identifier(String(repeating: "b", count: 32)))
        let path = RecordPath.post(workspace, id)
        let image = RecordPath.postImage(workspace, id, try fileExtension("png")).text
        var post = Post(id: id, author: world.ana.id, text: "Hello", created: try world.stamp(1))
        try post.setImage(audio(of: "a").oid, at: try world.stamp(1))
        let files = [path.text: try post.encode(), image: audio(of: "a").encoded()]
        try world.operate("Write a post", files, at: try world.stamp(1))
        try post.setImage(audio(of: "b").oid, at: try world.stamp(2))
        try world.operate(
            "Change its image", [path.text: try post.encode(), image: audio(of: "b").encoded()],
            at: try world.stamp(2))
        let hash = audio(of: "a").oid
        try post.decide(
            Decision(
                id: try #require(Identifier(String(repeating: "c", count: 32))), at: try world.stamp(3),
                by: world.ana.id, kind: .approved, content: hash, stamps: hash, saw: []))
        try world.operate("Approve it", [path.text: try post.encode()], at: try world.stamp(3))

        // The approval is passed over, the image before it goes back.
        let first = try #require(try world.undo())
        #expect(first.undone.subject == "Change its image" && first.outcome.changes.map(\.fields) == [["image"]])
        let fields = try world.store.snapshot().fields(at: path.text)
        #expect(fields["image"]?["oid"]?.asString == audio(of: "a").oid.hex)
        #expect(fields["decisions"]?.asObject?.count == 1)
        let last = try #require(try world.undo()).outcome
        #expect(last.changes.isEmpty && last.kept.map(\.field) == ["decisions"], "a decision about it keeps a post")
    }
}

@Test func whatAMergeKeptForAPersonReturnsWithItsField() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        let other = audio(of: "other")
        let kept = RecordPath.conflictAudio(id, other.oid, try fileExtension("wav")).text
        try world.commitPlainly([kept: other.encoded(), "tracks/later": [1]])
        var track = try #require(try world.store.snapshot().track(id)).track
        try track.set("title", to: "two", at: world.stamp(1))
        try world.operate(
            "Resolve it", [RecordPath.track(id).text: track.encode(), "tracks/later": [2]],
            removing: [kept], at: world.stamp(1))
        let before = try world.store.version()
        _ = try world.undo()
        let changes = try world.store.changes(from: before, to: world.store.version())
        let file = kept.replacing(RecordFolder.track(id).path + "/", with: "")
        #expect(changes.flatMap(\.files) == [file, "track.json"], "what is outside of the grammar stays")
    }
}

@Test func theStoresOwnRecordIsTakenBackButNotItsFormat() throws {
    try withWorld { world in
        var info = try world.store.snapshot().info()
        try info.set("name", to: "Other", at: try world.stamp(1))
        try world.operate("Rename the library", ["offbeat.json": try info.encode()], at: world.stamp(1))
        #expect(try world.undo()?.outcome.changes.map(\.folder) == [.store])
        #expect(try world.store.snapshot().info().name == "Band")
    }
}

@Test func aRecordThatNobodyCanReadIsLeft() throws {
    try withWorld { world in
        let id = try world.add("one")[0]
        try world.rename(id, to: "two")
        try world.commitPlainly([RecordPath.track(id).text: Array("{".utf8)])
        let outcome = try #require(try world.undo()).outcome
        #expect(outcome.changes.isEmpty && outcome.kept.count == 1)
        guard case .unreadable? = outcome.kept.first?.cause else {
            Issue.record("\(outcome)")
            return
        }
    }
}

@Test func whatCameOrWentSinceIsLeft() throws {
    try withWorld { world in
        let one = try world.add("one")[0]
        let folder = RecordFolder.track(one).path
        try world.rename(one, to: "two")
        let full = try world.store.snapshot()
        try world.commitPlainly([:], removing: [folder])
        guard case .removed? = try world.undo()?.outcome.kept.first?.cause else {
            Issue.record("a removed track was undone")
            return
        }
        #expect(try world.restore(one, from: full).changes.map(\.kind) == [.removed])
        try world.store.write(by: world.ana) { draft in
            draft.remove(one)
            return "Remove"
        }
        let pointer = audio(of: "one")
        let again = Track(
            id: one, audio: AudioReference(oid: pointer.oid, size: pointer.size, name: nil), facts: nil, owner: nil,
            created: Stamp(milliseconds: 1_800_000_000_000, replica: ReplicaID(truncating: 9)))
        try world.commitPlainly([
            RecordPath.track(one).text: try again.encode(),
            RecordPath.trackAudio(one, try fileExtension("wav")).text: pointer.encoded(),
        ])
        let outcome = try #require(try world.undo()).outcome
        guard case .addedAgain? = outcome.kept.first?.cause, outcome.changes.isEmpty else {
            Issue.record("a track that was added again was replaced: \(outcome)")
            return
        }
    }
}
