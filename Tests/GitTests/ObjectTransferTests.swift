import Files
import TestSupport
import Testing

@testable import Git

/// Two repositories, of which one is brought versions of the other.
private struct Pair {
    let source: Fixture
    let target: Fixture

    init(in folder: FilePath) throws {
        source = try Fixture(in: folder.appending("source"))
        target = try Fixture(in: folder.appending("target"))
    }

    /// Brings the source's main to the target, and moves the target's branch there.
    @discardableResult
    func bring(checking: Bool = true) throws -> ObjectTransfer.Outcome {
        let head = try #require(try source.repository.resolve("refs/heads/main"))
        let known = try target.repository.resolve("refs/heads/main")
        let outcome = try target.write(checksExisting: false) { writer in
            var transfer = ObjectTransfer(
                from: source.repository, to: target.repository, known: [known].compactMap(\.self), writer: writer)
            return try transfer.bring([head])
        }
        if checking {
            try target.repository.moveReference(
                "refs/heads/main", from: known, to: head, message: "bring", by: somebody)
            #expect(try target.git("fsck", "--full", "--strict", "--no-dangling") == "")
        }
        return outcome
    }
}

private func withPair(_ body: (Pair) throws -> Void) throws {
    try withTemporaryDirectory { folder in
        for name in ["source", "target"] { try FileSystem.makeDirectory(folder.appending(name)) }
        try body(try Pair(in: folder))
    }
}

@Suite(.enabled(if: hasGit, needsGit)) struct ObjectTransferTests {
    @Test func allOfAHistoryComesOnce() throws {
        try withPair { pair in
            try pair.source.commit(["a/b/c": "one", "d": "two"])
            try pair.source.commit(["a/b/c": "three"])
            let first = try pair.bring()
            #expect(first.commits == 2 && first.objects == 2 + 6 + 3)
            #expect(try pair.bring() == ObjectTransfer.Outcome())
        }
    }

    @Test func onlyWhatIsNewComes() throws {
        try withPair { pair in
            let many = Dictionary(uniqueKeysWithValues: (0..<500).map { ("\($0 % 10)/\($0)", "text \($0)") })
            try pair.source.commit(many)
            try pair.bring()
            try pair.source.commit(["3/3": "changed"])
            // A commit, the root, a folder and a file.
            let one = try pair.bring()
            #expect(one.commits == 1 && one.objects == 4)
        }
    }

    @Test func mergesBringWhatIsNewOnBothSides() throws {
        try withPair { pair in
            let base = try pair.source.commit(["a": "1", "b": "1", "x/c": "1"])
            try pair.bring()
            let one = try pair.source.commit(["a": "2"])
            let other = try pair.source.commit(["b": "2"], on: "refs/heads/other", parents: [base])
            try pair.source.commit(["b": "2"], parents: [one, other])
            let outcome = try pair.bring()
            #expect(outcome.commits == 3)
            // Three commits, the roots of three versions, and one file, which two names share.
            #expect(outcome.objects == 7)
        }
    }

    /// A version that puts everything back has the folders of the one before it, and a change that brought a folder must not
    /// be passed over for that. Of commits of one second none says which came first.
    @Test func whatWasPutBackBesideAMergeComesWhole() throws {
        for isMergedFirst in [false, true] {
            try withPair { pair in
                try pair.source.commit(["a": "1"])
                try pair.bring()
                let new = try pair.source.commit(["folder/file": "1"])
                try pair.source.commit(["b": "2"])
                try pair.source.commit([:], removing: ["b"])
                let back = try pair.source.commit(["d": "4"])
                let other = try pair.source.commit(["c": "3"], on: "refs/heads/other", parents: [new])
                try pair.source.commit(["c": "3"], parents: isMergedFirst ? [back, other] : [other, back])
                try #expect(pair.bring().commits == 6)
            }
        }
    }

    @Test func whatTheTargetHasBesidesDoesNoHarm() throws {
        try withPair { pair in
            try pair.source.commit(["a": "1"])
            try pair.bring()
            let shared = try #require(try pair.target.repository.resolve("refs/heads/main"))
            let own = try pair.target.commit(["own": "1"])
            try pair.source.commit(["a": "2"])
            let head = try #require(try pair.source.repository.resolve("refs/heads/main"))
            let outcome = try pair.target.write(checksExisting: false) { writer in
                var transfer = ObjectTransfer(
                    from: pair.source.repository, to: pair.target.repository, known: [own], writer: writer)
                return try transfer.bring([head])
            }
            #expect(outcome.commits == 1)
            #expect(try pair.target.repository.mergeBases(own, head) == [shared])
        }
    }

    /// A transfer that was cut off leaves some of its objects, and perhaps the last of them first.
    @Test func whatOnlyLiesThereComesAgain() throws {
        try withPair { pair in
            try pair.source.commit(["a": "1"])
            try pair.bring()
            let head = try pair.source.commit(["a": "2", "b/c": "3"])
            let commit = try pair.source.repository.readObject(head).bytes
            try pair.target.write { writer in _ = try writer.write(.commit, commit) }
            #expect(try pair.bring().objects == 5)
        }
    }

    @Test func whatTheSourceLacksIsNamed() throws {
        try withPair { pair in
            try pair.source.commit(["a": "1", "b": "2"])
            let blob = ObjectNaming().id(of: .blob, Array("2".utf8))
            try FileSystem.remove(LooseWriter.path(of: blob, in: pair.source.path.appending("objects")))
            try pair.source.repository.refresh()
            let error = #expect(throws: GitError.self) { try pair.bring(checking: false) }
            #expect(error?.code == .notFound && "\(error.map(String.init(describing:)) ?? "")".contains(blob.hex))
            #expect(try pair.target.repository.resolve("refs/heads/main") == nil)
        }
    }

    /// Trees that somebody made to do harm are carried as they are.
    @Test(.timeLimit(.minutes(1))) func oddTreesAreCarried() throws {
        try withPair { pair in
            let head = try pair.source.write { writer in
                let file = try writer.write(blob: [1])
                var tree = Tree([
                    TreeEntry(mode: .link, name: try entryName("link"), id: file),
                    TreeEntry(mode: .submodule, name: try entryName("module"), id: try id(of: "e")),
                ])
                // A bomb: each folder holds the one below it twice, thirty levels deep.
                for _ in 0..<30 {
                    let below = try writer.write(tree)
                    tree = Tree(
                        try ["one", "two"].map { TreeEntry(mode: .tree, name: try entryName($0), id: below) })
                }
                // And a well of three thousand levels.
                for _ in 0..<3_000 {
                    let below = try writer.write(tree)
                    tree = Tree([TreeEntry(mode: .tree, name: try entryName("down"), id: below)])
                }
                let root = try writer.write(tree)
                return try writer.write(
                    Commit(tree: root, parents: [], author: somebody, committer: somebody, message: "odd"))
            }
            try pair.source.repository.moveReference(
                "refs/heads/main", from: nil, to: head, message: "odd", by: somebody)
            let outcome = try pair.bring(checking: false)
            #expect(outcome.objects == 1 + 1 + 30 + 3_000 + 1)
        }
    }

    @Test func whoListensIsToldOfEachFileOnce() throws {
        try withPair { pair in
            try pair.source.commit(["a": "old"])
            try pair.bring()
            try pair.source.commit(["b": "one", "x/c": "two", "x/d": "one"])
            let head = try #require(try pair.source.repository.resolve("refs/heads/main"))
            let known = try #require(try pair.target.repository.resolve("refs/heads/main"))
            var told: [String] = []
            try pair.target.write(checksExisting: false) { writer in
                var transfer = ObjectTransfer(
                    from: pair.source.repository, to: pair.target.repository, known: [known], writer: writer
                ) { id, bytes in
                    #expect(ObjectNaming().id(of: .blob, bytes) == id)
                    told.append(String(decoding: bytes, as: UTF8.self))
                }
                _ = try transfer.bring([head])
            }
            #expect(told.sorted() == ["one", "two"])
        }
    }

    @Test func whoListensMayStopIt() throws {
        try withPair { pair in
            let head = try pair.source.commit(["a": "1"])
            let error = #expect(throws: GitError.self) {
                try pair.target.write { writer in
                    var transfer = ObjectTransfer(
                        from: pair.source.repository, to: pair.target.repository, known: [], writer: writer
                    ) { (id, _) throws(GitError) in throw GitError(.invalid, "no", call: "test", subject: id.hex) }
                    _ = try transfer.bring([head])
                }
            }
            #expect(error?.code == .invalid)
        }
    }

    /// A few bytes on disk that say of themselves that they unfold to more than there is memory.
    @Test func aFileBeyondAllBoundsIsRefusedBeforeItIsUnfolded() throws {
        try withPair { pair in
            let bomb = try id(of: "b")
            let path = LooseWriter.path(of: bomb, in: pair.source.path.appending("objects"))
            try FileSystem.makeDirectory(path.parent)
            let start = "blob \(ObjectTransfer.blobLimit + 1)\0" + String(repeating: "0", count: 1000)
            var packed: [UInt8] = []
            ZlibStored.append(Array(start.utf8), to: &packed)
            try FileSystem.write(packed, to: path)
            let head = try pair.source.write { writer in
                let tree = try writer.write(
                    Tree([TreeEntry(mode: .blob, name: try entryName("bomb"), id: bomb)]))
                return try writer.write(
                    Commit(tree: tree, parents: [], author: somebody, committer: somebody, message: "bomb"))
            }
            try pair.source.repository.moveReference(
                "refs/heads/main", from: nil, to: head, message: "bomb", by: somebody)
            let error = #expect(throws: GitError.self) { try pair.bring(checking: false) }
            #expect(error?.code == .tooLarge && error?.subject == bomb.hex)
        }
    }

    /// Random histories with merges: afterwards plain git misses nothing, and nothing has come twice.
    @Test func randomHistoriesArriveWhole() throws {
        var random = SeededRandom()
        for _ in 0..<8 {
            try withPair { pair in
                var known: [ObjectID] = []
                for step in 0..<Int.random(in: 5...25, using: &random) {
                    let name = "\(Int.random(in: 0..<3, using: &random))/\(Int.random(in: 0..<4, using: &random))"
                    let parents = known.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random))
                    let commit = try pair.source.commit(
                        [name: "\(step)"], parents: Array(parents), at: 1_700_000_000 + Int64(step % 7))
                    known.append(commit)
                    if Int.random(in: 0..<4, using: &random) == 0 { try bringAnything(pair, "\(random)") }
                }
                try bringAnything(pair, "\(random)")
            }
        }
    }

    /// Brings the source's head beside whatever the target has.
    private func bringAnything(_ pair: Pair, _ seed: String) throws {
        let head = try #require(try pair.source.repository.resolve("refs/heads/main"))
        let known = try pair.target.repository.references().map(\.id)
        try pair.target.write(checksExisting: false) { writer in
            var transfer = ObjectTransfer(
                from: pair.source.repository, to: pair.target.repository, known: known, writer: writer)
            _ = try transfer.bring([head])
        }
        let name = "refs/heads/\(head.hex)"
        if try pair.target.repository.resolve(name) == nil {
            try pair.target.repository.moveReference(name, from: nil, to: head, message: "bring", by: somebody)
        }
        #expect(try pair.target.git("fsck", "--full", "--no-dangling") == "", "\(seed)")
    }
}
