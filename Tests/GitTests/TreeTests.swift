import Git
import TestSupport
import Testing

private let hash = [UInt8](repeating: 0xAB, count: 20)

private func raw(_ entries: (mode: String, name: String)...) -> [UInt8] {
    entries.flatMap { Array("\($0.mode) \($0.name)\0".utf8) + hash }
}

/// A tree whose names are short and alike, so that they collide and sort next to one another.
private func randomTree(_ random: inout SeededRandom, names: Int) throws -> Tree {
    let letters = Array("ab.-/0Z\u{E9}".utf8).filter { $0 != UInt8(ascii: "/") }
    var entries: [TreeEntry] = []
    for _ in 0..<names {
        let name = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            letters.randomElement(using: &random) ?? 97
        }
        let mode = [EntryMode.blob, .tree, .executable, .link, .submodule].randomElement(using: &random) ?? .blob
        let id = try #require(ObjectID(bytes: random.bytes(20)))
        guard let name = EntryName(bytes: name), name.isPlain else { continue }
        entries.append(TreeEntry(mode: mode, name: name, id: id))
    }
    return Tree(entries)
}

@Test func treesComeBackAsTheyWere() throws {
    var random = SeededRandom()
    for names in 0..<60 {
        let tree = try randomTree(&random, names: names)
        let again = try Tree(parsing: tree.encoded())
        #expect(again == tree, "\(random)")
        #expect(again.encoded() == tree.encoded(), "\(random)")
    }
}

@Test func foldersSortAsIfTheyEndedInASlash() throws {
    let id = try id(of: "1")
    let tree = Tree([
        TreeEntry(mode: .tree, name: try entryName("a"), id: id),
        TreeEntry(mode: .blob, name: try entryName("a.b"), id: id),
        TreeEntry(mode: .blob, name: try entryName("a0"), id: id),
        TreeEntry(mode: .blob, name: try entryName("A"), id: id),
    ])
    #expect(tree.entries.map(\.name.string) == ["A", "a.b", "a", "a0"])
}

@Test func settingAndRemovingFollowTheModel() throws {
    var random = SeededRandom()
    for _ in 0..<40 {
        var tree = Tree()
        var model: [EntryName: TreeEntry] = [:]
        for entry in try randomTree(&random, names: 30).entries {
            tree.set(entry)
            model[entry.name] = entry
            let other = TreeEntry(mode: entry.isTree ? .blob : .tree, name: entry.name, id: .zero)
            if Bool.random(using: &random) {
                tree.set(other)
                model[other.name] = other
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                #expect(tree.remove(entry.name) == model.removeValue(forKey: entry.name), "\(random)")
            }
            #expect(tree[entry.name] == model[entry.name], "\(random)")
        }
        #expect(tree == Tree(model.values), "\(random)")
        #expect(try Tree(parsing: tree.encoded()) == tree, "\(random)")
    }
}

@Test func unknownModesSurvive() throws {
    let bytes = raw(("100664", "a"), ("7", "b"))
    let tree = try Tree(parsing: bytes)
    #expect(tree.entries.map(\.mode.description) == ["100664", "7"])
    #expect(tree.encoded() == bytes)
}

@Test func namesThatAreNoTextSurvive() throws {
    let bytes = Array("100644 ".utf8) + [0xFF, 0x80] + [0] + hash
    #expect(try Tree(parsing: bytes).encoded() == bytes)
}

private func refuses(_ bytes: [UInt8], _ why: String, location: SourceLocation = #_sourceLocation) throws {
    let error = try gitError(location: location) { try Tree(parsing: bytes) }
    #expect(error.code == .corrupt, sourceLocation: location)
    #expect(error.message.contains(why), sourceLocation: location)
}

@Test func aTreeCutOffInItsHashIsRefused() throws { try refuses(raw(("100644", "a")).dropLast(), "cut off") }
@Test func aTreeCutOffInItsNameIsRefused() throws { try refuses(Array("100644 abc".utf8), "cut off") }
@Test func aTreeCutOffInItsModeIsRefused() throws { try refuses(Array("1006".utf8), "mode") }
@Test func aTreeWithAnEmptyModeIsRefused() throws { try refuses(raw(("", "a")), "mode") }
@Test func aTreeWithALeadingZeroIsRefused() throws { try refuses(raw(("040000", "a")), "mode") }
@Test func aTreeWithAModeThatIsNotOctalIsRefused() throws { try refuses(raw(("100688", "a")), "mode") }
@Test func aTreeWithAHugeModeIsRefused() throws { try refuses(raw(("77777777777777", "a")), "mode") }
@Test func aTreeWithAnEmptyNameIsRefused() throws { try refuses(raw(("100644", "")), "empty name") }
@Test func aTreeWithASlashInANameIsRefused() throws { try refuses(raw(("100644", "a/b")), "/") }
@Test func aTreeOutOfOrderIsRefused() throws { try refuses(raw(("100644", "b"), ("100644", "a")), "order") }
@Test func aTreeWithANameTwiceIsRefused() throws { try refuses(raw(("100644", "a"), ("100644", "a")), "order") }

@Test func aTreeWithAFileAndAFolderOfOneNameIsRefused() throws {
    try refuses(raw(("100644", "a"), ("40000", "a")), "one name")
    try refuses(raw(("100644", "a"), ("100644", "a.b"), ("40000", "a")), "one name")
}

@Test func anythingAtAllIsReadOrRefusedAsATree() {
    var random = SeededRandom()
    var read = 0
    for round in 0..<4000 {
        var bytes = random.bytes(Int.random(in: 0..<80, using: &random))
        // Pure chance never gets past the first letter: so it is applied to a sound tree as well.
        if round % 2 == 0 {
            bytes = raw(("100644", "a"), ("40000", "b"), ("100755", "c"))
            for _ in 0..<Int.random(in: 0..<3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
        }
        if let tree = try? Tree(parsing: bytes) {
            read += 1
            #expect(tree.encoded() == bytes, "\(random)")
        }
    }
    #expect(read > 100, "\(random)")
}

@Test(.enabled(if: hasGit, needsGit)) func treesAreThoseThatGitMakes() throws {
    try withFixture { fixture in
        var random = SeededRandom()
        var input = ""
        var expected: [String] = []
        for _ in 0..<40 {
            let tree = try randomTree(&random, names: 40)
            for entry in tree.entries.shuffled(using: &random)
            where entry.name.string.utf8.elementsEqual(entry.name.bytes) {
                let kind = entry.mode == .submodule ? "commit" : entry.isTree ? "tree" : "blob"
                input +=
                    "\(entry.mode.isTree ? "040000" : entry.mode.description) \(kind) \(entry.id)\t\(entry.name)\0"
            }
            let readable = Tree(tree.entries.filter { $0.name.string.utf8.elementsEqual($0.name.bytes) })
            guard !readable.entries.isEmpty else { continue }
            input += "\0"
            expected.append(try fixture.write { try $0.write(readable) }.hex)
        }
        let made = try fixture.git("mktree", "--missing", "--batch", "-z", input: Array(input.utf8))
        #expect(made.split(separator: "\n").map(String.init) == expected, "\(random)")
    }
}
