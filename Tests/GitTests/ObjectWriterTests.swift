import Files
import Git
import TestSupport
import Testing

@Test(.enabled(if: hasGit, needsGit)) func fewObjectsBecomeLooseFilesThatGitReads() throws {
    try withFixture { fixture in
        let id = try fixture.commit(["a/b/c.json": "{}\n", "a/d": "text"])
        try fixture.expectSound()
        #expect(try fixture.names(in: "objects/pack").isEmpty)
        #expect(try fixture.git("show", "\(id):a/b/c.json") == "{}\n")
        #expect(try fixture.git("log", "--format=%H %an %s") == "\(id) Ada Change\n")
    }
}

@Test(.enabled(if: hasGit, needsGit)) func manyObjectsBecomeOnePackThatGitAccepts() throws {
    try withFixture { fixture in
        var files: [String: String] = [:]
        for number in 0..<400 {
            files["tracks/\(number % 16)/\(number).json"] = String(repeating: "\(number) ", count: number)
        }
        let id = try fixture.commit(files)
        try fixture.expectSound()
        let pack = try fixture.names(in: "objects/pack")
        #expect(pack.count == 2)
        let name = try #require(pack.first { $0.hasSuffix(".idx") })
        try fixture.git("verify-pack", "objects/pack/\(name)")
        try fixture.git(
            "index-pack", "--strict", "-o", "check.idx", "objects/pack/" + name.replacing(".idx", with: ".pack"))
        #expect(try fixture.git("show", "\(id):tracks/7/7.json") == "7 7 7 7 7 7 7 ")
        #expect(try fixture.git("ls-tree", "-r", "\(id)").split(separator: "\n").count == 400)
    }
}

@Test func objectsThatAreThereAreNotWrittenAgain() throws {
    try withFixture { fixture throws in
        let first = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        let id = try fixture.write { try $0.write(blob: [1, 2, 3]) }
        #expect(try first.write(blob: [1, 2, 3]) == id)
        #expect(first.objectsWritten == 0)
        try first.write(blob: [4])
        try first.write(blob: [4])
        #expect(first.objectsWritten == 1)
        let batch = WriteBatch(temporary: fixture.temporary, durable: false)
        try first.finish(into: batch)
        #expect(batch.count == 1)
        #expect(first.bytesWritten > 0)
    }
}

@Test func bulkWritingDoesNotAskWhatIsThere() throws {
    try withFixture { fixture throws in
        try fixture.write { try $0.write(blob: [1]) }
        let writer = ObjectWriter(
            repository: fixture.repository, temporary: fixture.temporary, checksExisting: false)
        try writer.write(blob: [1])
        #expect(writer.objectsWritten == 1)
    }
}

@Test func nothingIsWrittenForNothing() throws {
    try withFixture { fixture throws in
        let batch = WriteBatch(temporary: fixture.temporary, durable: false)
        let writer = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        try writer.finish(into: batch)
        #expect(batch.count == 0)
        #expect(writer.bytesWritten == 0)
    }
}

@Test func aWriterServesAgainAfterItsEnd() throws {
    try withFixture { fixture throws in
        let writer = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        var ids: [ObjectID] = []
        for count in [3, 300, 2] {
            let batch = WriteBatch(temporary: fixture.temporary, durable: false)
            for _ in 0..<count { ids.append(try writer.write(blob: Array("\(ids.count)".utf8))) }
            try writer.finish(into: batch)
            try batch.commit()
        }
        try fixture.repository.refresh()
        for (number, id) in ids.enumerated() {
            #expect(try fixture.repository.readBlob(id) == Array("\(number)".utf8))
        }
        #expect(try fixture.repository.looseCount() == 5)
        #expect(try fixture.repository.packCount() == 1)
    }
}

@Test func looseFilesAreReadOnly() throws {
    try withFixture { fixture throws in
        let id = try fixture.write { try $0.write(blob: [1]) }
        let path = fixture.path.appending("objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))")
        #expect(try FileSystem.status(of: path).mode & 0o777 == 0o444)
        try fixture.write { writer in for number in 0..<100 { try writer.write(blob: Array("\(number)".utf8)) } }
        for name in try fixture.names(in: "objects/pack") {
            #expect(try FileSystem.status(of: fixture.path.appending("objects/pack/\(name)")).mode & 0o777 == 0o444)
        }
    }
}

@Test(.enabled(if: hasGit, needsGit)) func objectsOfEverySizeAndKindComeThrough() throws {
    try withFixture { fixture throws in
        var random = SeededRandom()
        let sizes = [
            0, 1, 15, 16, 17, 159, 160, 161, 2047, 2048, 65_534, 65_535, 65_536, 70_000, 1_200_000, 5_000_000,
        ]
        for packed in [false, true] {
            var written: [(ObjectID, [UInt8])] = []
            try fixture.write(checksExisting: false) { writer in
                for size in sizes {
                    // Half of it chance, half of it easily packed.
                    let bytes = random.bytes(size / 2) + [UInt8](repeating: packed ? 1 : 2, count: size - size / 2)
                    written.append((try writer.write(blob: bytes), bytes))
                }
                // Trees are stored unpacked up to 64 KiB, so both sorts are tried.
                for count in [10, 1400, 2500] {
                    let tree = Tree(
                        try (0..<count).map {
                            TreeEntry(mode: .blob, name: try entryName("\(packed)\($0)"), id: written[1].0)
                        })
                    written.append((try writer.write(tree), tree.encoded()))
                }
                for number in 0..<(packed ? 300 : 0) { try writer.write(blob: Array("\(number)".utf8)) }
            }
            for (id, bytes) in written {
                #expect(try fixture.repository.readObject(id).bytes == bytes, "\(random)")
            }
        }
        try fixture.expectSound()
    }
}

@Test func anEditOfOneRecordWritesLittle() throws {
    try withFixture { fixture throws in
        var random = SeededRandom(seed: 1)
        func name() -> String {
            random.bytes(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        // What a library of 100,000 tracks looks like from above: full levels of 16, then about 24 tracks.
        let record = """
            {
              "artist": "\(name())", "created": "2026-01-02T03:04:05.678Z-0001@\(name())",
              "audio": { "channels": 2, "frames": 8812344, "of": "\(name())\(name())", "sampleRate": 44100 },
              "id": "\(name())", "owner": "\(name())", "title": "A song with a name of usual length"
            }
            """
        let tree = try fixture.write(checksExisting: false) { writer in
            var edit = TreeEdit()
            for digit in "0123456789abcdef" {
                let id = try writer.write(Tree([TreeEntry(mode: .blob, name: entryName("\(digit)"), id: .zero)]))
                for folder in ["tracks", "tracks/0", "tracks/0/0"] {
                    edit.setTree(try treePath("\(folder)/\(digit)x"), id)
                }
            }
            for _ in 0..<24 {
                let id = try writer.write(blob: random.bytes(20))
                edit.set(try treePath("tracks/0/0/0/000\(name().dropFirst(3))/track.json"), blob: id)
            }
            edit.set(try treePath("tracks/0/0/0/000/track.json"), blob: try writer.write(blob: [1]))
            edit.set(try treePath("tracks/0/0/0/000/audio.wav"), blob: try writer.write(blob: [2]))
            return try edit.apply(to: nil, reading: fixture.repository, writing: writer)
        }
        let writer = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        var edit = TreeEdit()
        edit.set(try treePath("tracks/0/0/0/000/track.json"), blob: try writer.write(blob: Array(record.utf8)))
        let changed = try #require(try edit.apply(to: tree, reading: fixture.repository, writing: writer))
        try writer.write(
            Commit(
                tree: changed, parents: [try id(of: "1")], author: somebody, committer: somebody, message: "Edit\n")
        )
        try writer.finish(into: WriteBatch(temporary: fixture.temporary, durable: false))
        #expect(writer.objectsWritten == 8)
        #expect(writer.bytesWritten < 4096)
    }
}
