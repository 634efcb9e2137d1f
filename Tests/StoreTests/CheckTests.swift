import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import TestSupport
import Testing

extension World {
    /// Looks at the store, without changing it.
    func check(deep: Bool = false, watch: CheckWatch = CheckWatch()) throws -> CheckReport {
        var request = CheckRequest(scratch: folder.appending("scratch"))
        request.isDeep = deep
        return try Store.check(at: path, request, context: surroundings.context(), watch: watch)
    }

    /// What is wrong, as `kind what`.
    func problems(deep: Bool = false) throws -> [String] { try check(deep: deep).problems.map(\.name) }

    /// Gives a track a stem, by hand; answers the stem's path without its extension.
    func addStem(_ sound: String, to id: TrackID, facts: Facts? = nil) throws -> String {
        let path = "\(RecordFolder.track(id).path)/stems/drums"
        let reference = AudioReference(oid: audio(of: sound).oid, size: audio(of: sound).size, name: "drums.wav")
        let type = try #require(StemType("drums"))
        let created = Stamp(milliseconds: 1_800_000_000_001, replica: ReplicaID(truncating: 7))
        let stem = Stem(type: type, audio: reference, facts: facts, created: created)
        try commitPlainly(["\(path).json": stem.encode(), "\(path).wav": audio(of: sound).encoded()])
        return path
    }

    /// Writes a file of the store, in place of what is there.
    func overwrite(_ name: String, with text: String) throws {
        _ = try FileSystem.remove(path.appending(name))
        try FileSystem.write(text, to: path.appending(name))
    }
}

extension Problem {
    var name: String { "\(kind.rawValue) \(what)" }
}

/// What a check says of what is wrong, and of what only looks so.
@Suite struct CheckTests {
    // MARK: Files

    @Test func whatACollectionHasSetAsideIsElsewhereUnlessTheHeadNamesIt() throws {
        try withWorld { world in
            let id = try world.addWithFiles("past", "present")[0]
            try world.removeTrack(id)
            try setAside([audio(of: "past")], in: world.store)
            let sound = try world.check()
            #expect(sound.isSound && sound.counts.elsewhere == 1, "\(sound.problems)")
            try setAside([audio(of: "present")], in: world.store, at: 2)
            #expect(try world.problems() == ["file \(audio(of: "present").oid)"])
        }
    }

    @Test func whatWasSetAsideWithOtherBytesIsMissing() throws {
        try withWorld { world in
            let id = try world.addWithFiles("past")[0]
            try world.removeTrack(id)
            try setAside([audio(of: "past")], in: world.store)
            let item = try #require(try world.store.blobs.quarantine.find(audio(of: "past").oid))
            try FileSystem.remove(item.path)
            try FileSystem.write("pa", to: item.path)
            let report = try world.check()
            #expect(report.problems.map(\.kind) == [.file] && report.counts.elsewhere == 0)
        }
    }

    @Test func eachWayInWhichAFileIsWrongHasWords() throws {
        try withWorld { world in
            try world.addWithFiles("missing", "long", "other", "folder", "sound")
            func place(_ text: String) -> FilePath { world.store.blobs.path(of: audio(of: text).oid) }
            for text in ["missing", "long", "other", "folder"] { try FileSystem.remove(place(text)) }
            try FileSystem.write("long and longer", to: place("long"))
            try FileSystem.write("OTHER", to: place("other"))
            try FileSystem.makeDirectory(place("folder"))
            let quick = try world.check()
            #expect(quick.problems.filter { $0.kind == .file }.count == 3)
            let report = try world.check(deep: true)
            let words = Dictionary(
                report.problems.map { ($0.what, $0.detail) }, uniquingKeysWith: { first, _ in first })
            for (text, saying) in [
                "missing": "is missing", "long": "has 15 bytes instead of 4",
                "other": "has other bytes than it was stored with", "folder": "there is a directory in its place",
            ] { #expect(words[audio(of: text).oid.hex]?.contains(saying) == true, "\(text): \(words)") }
            #expect(report.counts.hashed == 3, "what is a file")
        }
    }

    @Test func whoStopsACheckIsHeard() throws {
        struct Stop: Error {}
        try withWorld { world in
            try world.addWithFiles("one")
            for deep in [false, true] {
                let watch = CheckWatch(checkStopped: { throw Stop() })
                #expect(throws: Stop.self) { try world.check(deep: deep, watch: watch) }
            }
        }
    }

    // MARK: Records and pointers

    @Test func aStemsFileWithoutItsRecordIsTold() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            try putFiles("beat", in: world.store)
            let stem = try world.addStem("beat", to: id)
            #expect(try world.problems() == [])
            try world.commitPlainly([:], removing: ["\(stem).json"])
            #expect(try world.problems() == ["pointer \(stem).wav"])
        }
    }

    @Test func aPostsImageIsLookedAtFromBothSides() throws {
        try withWorld { world in
            let workspace: WorkspaceID = try #require(Identifier(String(repeating: "a", count: 32)))
            let id: PostID = try #require(Identifier(String(repeating: "b", count: 32)))
            let folder = RecordFolder.post(workspace, id).path
            let stamp = Stamp(milliseconds: 1_800_000_000_001, replica: ReplicaID(truncating: 7))
            var post = Post(id: id, author: world.ana.id, text: "Hello", created: stamp)
            try post.setImage(audio(of: "image").oid, at: stamp)
            let slug = try #require(Slug("band"))
            let record = Workspace(id: workspace, slug: slug, owner: world.ana.id, created: stamp)
            try putFiles("image", in: world.store)
            let (text, image) = ("\(folder)/post.json", "\(folder)/image.png")
            let shelf = try #require(TreePath(folder)).parent
            try world.commitPlainly([
                RecordPath.workspace(workspace).text: record.encode(), text: post.encode(),
                image: audio(of: "image").encoded(),
                // What is no post is nobody's concern.
                "\(shelf)/notes/image.png": [1],
            ])
            #expect(try world.problems() == [])
            try world.commitPlainly([:], removing: [image])
            #expect(try world.problems() == ["pointer \(folder)/image"])
            try world.commitPlainly([image: audio(of: "image").encoded()], removing: [text])
            #expect(try Set(world.problems()) == ["pointer \(image)", "record \(text)"])
        }
    }

    @Test func audioThatLostAMergeNeedsItsPointer() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let lost = try putFiles("lost", "nameless", in: world.store)
            let stamp = Stamp(milliseconds: 1_800_000_500_000, replica: ReplicaID(truncating: 7))
            var conflicts = JSONObject()
            for (file, name) in zip(lost, ["Lost.FLAC", nil]) {
                var value: JSONObject = ["oid": .string(file.oid.hex), "size": .integer(file.size)]
                if let name { value["name"] = .string(name) }
                let key = Conflict.Key(field: "audio", stamp: stamp, value: .object(value))
                conflicts[key.description] = ["at": .string(stamp.description), "value": .object(value)]
            }
            let path = RecordPath.track(id).text
            var fields = try world.store.snapshot().fields(at: path)
            fields["conflicts"] = .object(conflicts)
            try world.commitPlainly([path: JSON.object(fields).canonical()])
            let wanted = try zip(lost, ["flac", "audio"]).map {
                "pointer \(RecordPath.conflictAudio(id, $0.oid, try fileExtension($1)).text)"
            }
            #expect(try Set(world.problems()) == Set(wanted))
            #expect(try world.repair().problems.allSatisfy(\.repaired))
            #expect(try world.problems() == [])
        }
    }

    // MARK: References and packs

    @Test func aBranchThatLeadsNowhereOrToNoVersionIsTold() throws {
        try withWorld { world in
            try world.overwrite("refs/heads/linked", with: "ref: refs/heads/nowhere\n")
            let blob = try world.git("rev-parse", "main:offbeat.json")
            try world.overwrite("refs/heads/blob", with: "\(blob)\n")
            let report = try world.check()
            try #require(report.problems.map(\.name) == ["ref refs/heads/blob", "ref refs/heads/linked"])
            #expect(report.problems[0].detail.contains("which is a blob and no version"))
            #expect(report.problems[1].detail.contains("refs/heads/nowhere, which is not there"))
        }
    }

    @Test func aPackThatAKilledProgramLeftIsNoDamage() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            try FileSystem.makeDirectories(world.path.appending("objects/pack"))
            let name = "objects/pack/pack-\(String(repeating: "1", count: 40)).pack"
            try world.overwrite(name, with: "PACK")
            let report = try world.check()
            #expect(report.isSound && report.counts.leftovers == 1, "\(report.problems)")
        }
    }
}
