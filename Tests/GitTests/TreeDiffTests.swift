import Files
import Git
import TestSupport
import Testing

/// The changes as `git diff-tree -r` prints them.
private func lines(_ changes: [TreeDiff.Change]) -> [String] {
    func mode(_ entry: TreeEntry?) -> String {
        let digits = entry.map(\.mode.description) ?? "0"
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
    return changes.map { change in
        let kind = change.old == nil ? "A" : change.new == nil ? "D" : "M"
        let ids = "\(change.old?.id ?? .zero) \(change.new?.id ?? .zero)"
        return ":\(mode(change.old)) \(mode(change.new)) \(ids) \(kind)\t\(change.path)"
    }
}

@Test(.enabled(if: hasGit, needsGit)) func diffsAreThoseThatGitSees() throws {
    try withFixture { fixture throws in
        var random = SeededRandom()
        let blobs = try fixture.write { writer in try (0..<3).map { try writer.write(blob: [UInt8($0)]) } }
        var trees: [ObjectID] = [try fixture.write { try $0.write(Tree()) }]
        var expected: [String] = []
        for _ in 0..<25 {
            var edit = TreeEdit()
            var model: Model = [:]
            for _ in 0..<4 {
                try randomChange(&edit, &model, &random, blob: try #require(blobs.randomElement(using: &random)))
            }
            let tree = try fixture.write { writer in
                try edit.apply(to: trees.last, reading: fixture.repository, writing: writer) ?? writer.write(Tree())
            }
            let old = try #require(trees.randomElement(using: &random))
            trees.append(tree)
            expected.append("\(old) \(tree)")
            expected += lines(try TreeDiff.changes(from: old, to: tree, in: fixture.repository))
        }
        let pairs = expected.filter { !$0.hasPrefix(":") }.joined(separator: "\n") + "\n"
        let said = try fixture.git("diff-tree", "-r", "--no-renames", "--stdin", input: Array(pairs.utf8))
        // A type change is a change to us.
        let theirs = said.split(separator: "\n").map { String($0).replacing(" T\t", with: " M\t") }
        // git sorts by whole paths, which differs from a tree's order only where a file gives way to a folder.
        #expect(theirs.sorted() == expected.sorted(), "\(random)")
    }
}

/// 400 files in 16 × 25 folders.
private func wideTree(_ fixture: Fixture) throws -> ObjectID {
    try #require(
        try fixture.write { writer in
            var edit = TreeEdit()
            for number in 0..<400 {
                let path = try treePath("tracks/\(number % 16)/\(number / 16)/track.json")
                edit.set(path, blob: try writer.write(blob: Array("\(number)".utf8)))
            }
            return try edit.apply(to: nil, reading: fixture.repository, writing: writer)
        })
}

@Test func onlyFoldersOnTheWayToAChangeAreRead() throws {
    try withFixture { fixture throws in
        let repository = fixture.repository
        let old = try wideTree(fixture)
        var edit = TreeEdit()
        edit.set(try treePath("tracks/3/4/track.json"), blob: try id(of: "1"))
        edit.set(try treePath("tracks/3/5/track.json"), blob: try id(of: "1"))
        let new = try fixture.write { try edit.apply(to: old, reading: repository, writing: $0) }
        var diff = TreeDiff(from: old, to: new, in: repository)
        var paths: [String] = []
        while let change = try diff.next() { paths.append(change.path.description) }
        #expect(paths == ["tracks/3/4/track.json", "tracks/3/5/track.json"])
        // The root, tracks, 3, 4 and 5 of either side.
        #expect(diff.treesRead == 10)
    }
}

@Test func equalTreesAreNotReadAtAll() throws {
    try withFixture { fixture throws in
        let missing = try id(of: "5")
        var diff = TreeDiff(from: missing, to: missing, in: fixture.repository)
        #expect(try diff.next() == nil)
        #expect(diff.treesRead == 0)
        var nothing = TreeDiff(from: nil, to: nil, in: fixture.repository)
        #expect(try nothing.next() == nil)
    }
}

@Test func stoppingEarlyReadsNoFurther() throws {
    try withFixture { fixture throws in
        var diff = TreeDiff(from: nil, to: try wideTree(fixture), in: fixture.repository)
        #expect(try diff.next() != nil)
        #expect(diff.treesRead == 4)
    }
}

@Test func foldersThatAreNotEnteredAreToldWhole() throws {
    try withFixture { fixture throws in
        let old = try wideTree(fixture)
        var edit = TreeEdit()
        edit.set(try treePath("tracks/3/4/track.json"), blob: try id(of: "1"))
        edit.remove(try treePath("tracks/5"))
        let new = try fixture.write { try edit.apply(to: old, reading: fixture.repository, writing: $0) }
        var diff = TreeDiff(from: old, to: new, in: fixture.repository) { $0.path.count < 2 }
        let first = try #require(try diff.next())
        #expect(first.path.description == "tracks/3")
        #expect(first.old?.isTree == true && first.new?.isTree == true)
        let second = try #require(try diff.next())
        #expect(second.path.description == "tracks/5")
        #expect(second.new == nil)
        #expect(try diff.next() == nil)
        #expect(diff.treesRead == 4)
    }
}

@Test func aFileThatBecomesAFolderIsRemovedAndItsFilesAdded() throws {
    try withFixture { fixture throws in
        var edit = TreeEdit()
        edit.set(try treePath("a"), blob: try id(of: "1"))
        let old = try fixture.write { try edit.apply(to: nil, reading: fixture.repository, writing: $0) }
        edit.set(try treePath("a/b/c"), blob: try id(of: "2"))
        let new = try fixture.write { try edit.apply(to: nil, reading: fixture.repository, writing: $0) }
        let there = try TreeDiff.changes(from: old, to: new, in: fixture.repository)
        #expect(there.map(\.path.description) == ["a", "a/b/c"])
        #expect(there.map { $0.new == nil } == [true, false])
        let back = try TreeDiff.changes(from: new, to: old, in: fixture.repository)
        #expect(back.map(\.path.description) == ["a", "a/b/c"])
        #expect(back.map { $0.old == nil } == [true, false])
    }
}

/// A tree with one folder in another, so many levels deep.
private func deepTree(_ levels: Int, leaf: ObjectID, in fixture: Fixture) throws -> ObjectID {
    try fixture.write { writer in
        var entry = TreeEntry(mode: .blob, name: try entryName("d"), id: leaf)
        for _ in 0..<levels {
            entry = TreeEntry(mode: .tree, name: try entryName("d"), id: try writer.write(Tree([entry])))
        }
        return entry.id
    }
}

@Test func aHostilelyDeepTreeIsCarriedAndNotEntered() throws {
    try withFixture { fixture throws in
        let one = try deepTree(10_000, leaf: try id(of: "1"), in: fixture)
        let two = try deepTree(10_000, leaf: try id(of: "2"), in: fixture)
        for changes in [
            try TreeDiff.changes(from: one, to: two, in: fixture.repository),
            try TreeDiff.changes(from: nil, to: two, in: fixture.repository),
        ] {
            #expect(changes.count == 1)
            #expect(changes.first?.path.count == Git.maximumDepth)
            #expect(changes.first?.new?.isTree == true)
        }
    }
}

@Test func aMissingFolderIsNamed() throws {
    try withFixture { fixture throws in
        let missing = try id(of: "9")
        let tree = try fixture.write { writer in
            try writer.write(Tree([TreeEntry(mode: .tree, name: try entryName("a"), id: missing)]))
        }
        let error = try gitError { try TreeDiff.changes(from: nil, to: tree, in: fixture.repository) }
        #expect(error.code == .notFound)
        #expect(error.subject == missing.hex)
    }
}
