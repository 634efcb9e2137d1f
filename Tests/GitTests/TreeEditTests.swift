import Files
import Git
import TestSupport
import Testing

/// A version as a model: every file by its path.
typealias Model = [TreePath: TreeEntry]

/// All files of a tree.
func files(of tree: ObjectID?, in repository: Repository) throws -> Model {
    var model: Model = [:]
    for change in try TreeDiff.changes(from: nil, to: tree, in: repository) { model[change.path] = change.new }
    return model
}

/// A path of up to four names from a few letters, so that files and folders get in each other's way.
func randomPath(_ random: inout SeededRandom) throws -> TreePath {
    let names = try (0..<Int.random(in: 1...4, using: &random)).map { _ in
        try entryName(["a", "b", "a.b", "a0", "-"].randomElement(using: &random) ?? "a")
    }
    return TreePath(names)
}

/// One random change, made to the edit and to the model.
func randomChange(
    _ edit: inout TreeEdit, _ model: inout Model, _ random: inout SeededRandom, blob: ObjectID
) throws {
    let path = try randomPath(&random)
    if Int.random(in: 0..<3, using: &random) == 0 {
        edit.remove(path)
        // Nothing is removed below a file.
        model = model.filter { !$0.key.isWithin(path) }
    } else {
        let mode = Bool.random(using: &random) ? EntryMode.blob : .executable
        edit.set(path, blob: blob, mode: mode)
        model = model.filter { !$0.key.isWithin(path) && !path.isWithin($0.key) }
        model[path] = TreeEntry(mode: mode, name: try #require(path.last), id: blob)
    }
}

@Test func editsFollowTheModel() throws {
    try withFixture { fixture throws in
        var random = SeededRandom()
        let blobs = try fixture.write { writer in try (0..<5).map { try writer.write(blob: [UInt8($0)]) } }
        for _ in 0..<12 {
            var tree: ObjectID?
            var model: Model = [:]
            for _ in 0..<6 {
                var edit = TreeEdit()
                for _ in 0..<Int.random(in: 0..<8, using: &random) {
                    try randomChange(
                        &edit, &model, &random, blob: try #require(blobs.randomElement(using: &random)))
                }
                tree = try fixture.write { try edit.apply(to: tree, reading: fixture.repository, writing: $0) }
                #expect(try files(of: tree, in: fixture.repository) == model, "\(random)")
                #expect((tree == nil) == model.isEmpty, "\(random)")
            }
        }
    }
}

@Test(.enabled(if: hasGit, needsGit)) func editedTreesAreThoseThatGitWrites() throws {
    try withFixture { fixture throws in
        var random = SeededRandom()
        let blob = try fixture.write { try $0.write(blob: [1]) }
        for _ in 0..<8 {
            var model: Model = [:]
            var edit = TreeEdit()
            for _ in 0..<20 { try randomChange(&edit, &model, &random, blob: blob) }
            let tree = try fixture.write { try edit.apply(to: nil, reading: fixture.repository, writing: $0) }
            let index = model.map { "\($0.value.mode) \($0.value.id)\t\($0.key)\0" }.joined()
            try fixture.git("read-tree", "--empty")
            try fixture.git("update-index", "-z", "--index-info", input: Array(index.utf8))
            let written = try fixture.git("write-tree")
            guard let tree else { continue }
            #expect(written == "\(tree)\n", "\(random)")
        }
    }
}

/// A tree with a file in each of these places.
private func tree(_ paths: [String], in fixture: Fixture) throws -> ObjectID? {
    try fixture.write { writer in
        var edit = TreeEdit()
        for path in paths { edit.set(try treePath(path), blob: try writer.write(blob: Array(path.utf8))) }
        return try edit.apply(to: nil, reading: fixture.repository, writing: writer)
    }
}

/// What is left of a tree after the edit.
private func paths(
    of base: ObjectID?, after edit: TreeEdit, in fixture: Fixture
) throws -> [String] {
    let tree = try fixture.write { try edit.apply(to: base, reading: fixture.repository, writing: $0) }
    return try TreeDiff.changes(from: nil, to: tree, in: fixture.repository).map(\.path.description)
}

@Test func aWholeFolderIsRemovedAndEmptyParentsVanish() throws {
    try withFixture { fixture throws in
        let base = try tree(["a/b/c", "a/b/d", "e/f"], in: fixture)
        var edit = TreeEdit()
        edit.remove(try treePath("a/b"))
        #expect(try paths(of: base, after: edit, in: fixture) == ["e/f"])
        edit.remove(try treePath("e/f"))
        #expect(try paths(of: base, after: edit, in: fixture).isEmpty)
    }
}

@Test func removingWhatIsNotThereChangesNothing() throws {
    try withFixture { fixture throws in
        let base = try tree(["a/b", "c"], in: fixture)
        var edit = TreeEdit()
        for path in ["a/x", "x", "x/y/z", "c/below/a/file"] { edit.remove(try treePath(path)) }
        let writer = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        #expect(try edit.apply(to: base, reading: fixture.repository, writing: writer) == base)
        #expect(writer.objectsWritten == 0)
    }
}

@Test func whatIsSetAgainAsItWasChangesNothing() throws {
    try withFixture { fixture throws in
        let base = try tree(["a/b", "c"], in: fixture)
        let blob = try #require(try files(of: base, in: fixture.repository)[treePath("a/b")]?.id)
        var edit = TreeEdit()
        edit.set(try treePath("a/b"), blob: blob)
        let writer = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        #expect(try edit.apply(to: base, reading: fixture.repository, writing: writer) == base)
        #expect(writer.objectsWritten == 0)
        #expect(try TreeEdit().apply(to: base, reading: fixture.repository, writing: writer) == base)
        #expect(try TreeEdit().apply(to: nil, reading: fixture.repository, writing: writer) == nil)
    }
}

@Test func aWholeFolderIsPutInPlace() throws {
    try withFixture { fixture throws in
        let base = try tree(["a/b", "c"], in: fixture)
        let other = try #require(try tree(["x", "y/z"], in: fixture))
        var edit = TreeEdit()
        edit.setTree(try treePath("a"), other)
        edit.remove(try treePath("a/x"))
        edit.set(try treePath("a/y/new"), blob: try id(of: "1"))
        #expect(try paths(of: base, after: edit, in: fixture) == ["a/y/new", "a/y/z", "c"])
        var whole = TreeEdit()
        whole.remove(try treePath("c"))
        whole.setTree(.root, other)
        whole.remove(try treePath("x"))
        #expect(try paths(of: base, after: whole, in: fixture) == ["y/z"])
        whole.remove(.root)
        #expect(try paths(of: base, after: whole, in: fixture).isEmpty)
    }
}

@Test func aFileThatGaveWayToAFolderDoesNotComeBackWithTheFoldersEnd() throws {
    try withFixture { fixture throws in
        let base = try tree(["a", "b"], in: fixture)
        var edit = TreeEdit()
        edit.set(try treePath("a/x"), blob: try id(of: "1"))
        edit.remove(try treePath("a/x"))
        #expect(try paths(of: base, after: edit, in: fixture) == ["b"])
    }
}

@Test func theRootCannotBecomeAFile() throws {
    try withFixture { fixture throws in
        var edit = TreeEdit()
        edit.set(.root, blob: try id(of: "1"))
        #expect(edit.count == 1)
        #expect(try gitError { try paths(of: nil, after: edit, in: fixture) }.code == .invalid)
    }
}

@Test func pathsThatAreTooDeepAreRefused() throws {
    try withFixture { fixture throws in
        for depth in [Git.maximumDepth, Git.maximumDepth + 1] {
            var edit = TreeEdit()
            edit.set(TreePath(repeatElement(try entryName("d"), count: depth)), blob: try id(of: "1"))
            if depth <= Git.maximumDepth {
                #expect(try paths(of: nil, after: edit, in: fixture).count == 1)
            } else {
                #expect(try gitError { try paths(of: nil, after: edit, in: fixture) }.code == .tooDeep)
            }
        }
    }
}

@Test func anEditWritesOnlyTheFoldersAboveIt() throws {
    try withFixture { fixture throws in
        let base = try tree((0..<400).map { "tracks/\($0 % 16)/\($0 / 16)/track.json" }, in: fixture)
        let writer = ObjectWriter(repository: fixture.repository, temporary: fixture.temporary)
        var edit = TreeEdit()
        edit.set(try treePath("tracks/3/4/track.json"), blob: try writer.write(blob: Array("new".utf8)))
        _ = try edit.apply(to: base, reading: fixture.repository, writing: writer)
        #expect(writer.objectsWritten == 5)
    }
}

@Test func aMissingBaseIsNamed() throws {
    try withFixture { fixture throws in
        var edit = TreeEdit()
        edit.set(try treePath("a"), blob: try id(of: "1"))
        #expect(!edit.isEmpty)
        let error = try gitError { try paths(of: try id(of: "9"), after: edit, in: fixture) }
        #expect(error.code == .notFound)
        #expect(error.subject == (try id(of: "9").hex))
    }
}
