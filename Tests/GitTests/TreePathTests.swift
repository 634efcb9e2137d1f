import Git
import TestSupport
import Testing

@Test func namesThatGitRefusesAreNotMade() {
    for bad in ["", "a/b", "/", ".", "..", ".git", ".GIT", ".gIt", "a\0b"] {
        #expect(EntryName(bad) == nil, "\(bad.debugDescription)")
    }
    for good in ["a", "...", ".g", ".gi", ".git2", ".gitattributes", "git", " ", "Ünïcode", ".gid"] {
        #expect(EntryName(good)?.string == good)
    }
}

@Test func namesOfForeignTreesAreCarried() {
    for foreign in [".", "..", ".git"] { #expect(EntryName(bytes: foreign.utf8)?.isPlain == false) }
    #expect(EntryName(bytes: [0xFF, 0xFE])?.string == "\u{FFFD}\u{FFFD}")
    #expect(EntryName(bytes: [0x61, 0]) == nil)
    #expect(EntryName(bytes: [0x61, 0x2F]) == nil)
    #expect(EntryName(bytes: []) == nil)
}

@Test func namesAreBytesAndNotUnicode() throws {
    let composed = try #require(EntryName("\u{E9}"))
    let decomposed = try #require(EntryName("e\u{301}"))
    #expect("\u{E9}" == "e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(decomposed < composed)
}

@Test func pathsAreReadStrictly() {
    for bad in ["", "/a", "a/", "a//b", "./a", "a/..", "a/.git/b", "a/.GIT", "a\0b"] {
        #expect(TreePath(bad) == nil, "\(bad.debugDescription)")
    }
    #expect(TreePath("a/b/c")?.names.map(\.string) == ["a", "b", "c"])
}

@Test func pathsKnowTheirParts() throws {
    let path = try treePath("tracks/a/track.json")
    #expect(path.count == 3)
    #expect(path.last?.string == "track.json")
    #expect(path.parent.description == "tracks/a")
    #expect(path.parent.parent.parent == .root)
    #expect(TreePath.root.parent == .root)
    #expect(TreePath.root.last == nil)
    #expect(TreePath.root.count == 0)
    #expect(TreePath.root.isRoot)
    #expect(TreePath(path.names) == path)
    #expect(try path.parent.appending(entryName("track.json")) == path)
    #expect(try treePath("single").last?.string == "single")
}

@Test func pathsKnowWhatLiesWithin() throws {
    let folder = try treePath("a/b")
    #expect(try treePath("a/b/c").isWithin(folder))
    #expect(folder.isWithin(folder))
    #expect(folder.isWithin(.root))
    #expect(try !treePath("a/bc").isWithin(folder))
    #expect(try !treePath("a").isWithin(folder))
    #expect(try Set([folder, treePath("a/b")]).count == 1)
    #expect(try treePath("a/b") < treePath("a/c"))
}
