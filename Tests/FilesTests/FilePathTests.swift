import Files
import Testing

@Suite struct FilePathTests {
    @Test(
        arguments: [
            ("/a/b.c", "b.c", "/a", "b", "c"), ("a", "a", ".", "a", nil), ("a/", "a", ".", "a", nil),
            ("/a", "a", "/", "a", nil), ("/a//b//", "b", "/a", "b", nil),
            (".hidden", ".hidden", ".", ".hidden", nil),
            ("x/.hidden.wav", ".hidden.wav", "x", ".hidden", "wav"), ("a.tar.gz", "a.tar.gz", ".", "a.tar", "gz"),
            ("a.", "a.", ".", "a.", nil), ("..", "..", ".", "..", nil), ("a/..", "..", "a", "..", nil),
        ] as [(String, String, String, String, String?)])
    func `A path falls into its parts`(path: String, last: String, parent: String, stem: String, ending: String?) {
        let path = FilePath(path)
        #expect(path.lastComponent == FilePath(last))
        #expect(path.parent == FilePath(parent))
        #expect(path.stem == stem)
        #expect(path.fileExtension == ending)
    }

    @Test func `The root is its own parent and has no last component`() {
        #expect(FilePath("/").parent == "/")
        #expect(FilePath("//").lastComponent == nil)
        #expect(FilePath("/").stem == "")
        #expect(FilePath("/").fileExtension == nil)
        #expect(FilePath("a.idx").hasSuffix(".idx") && !FilePath("idx").hasSuffix(".idx"))
    }

    @Test func `The empty path is empty`() {
        #expect(FilePath("").isEmpty)
        #expect(FilePath("").lastComponent == nil)
        #expect(FilePath("").parent == ".")
        #expect(FilePath("").appending("a") == "a")
    }

    @Test func `Appending puts one slash between`() {
        #expect(FilePath("/a").appending("b") == "/a/b")
        #expect(FilePath("/a/").appending("b") == "/a/b")
        #expect(FilePath("/a").appending("/b") == "/a/b")
        #expect(FilePath("/").appending("b") == "/b")
        #expect(FilePath("a").appending("") == "a")
        #expect(FilePath("a").appending(FilePath("b/c")) == "a/b/c")
        #expect(FilePath("a").appending(bytes: [0xFF]).bytes == [0x61, 0x2F, 0xFF])
    }

    @Test func `Bytes that are no text are kept`() {
        let path = FilePath(bytes: [0x61, 0xFF, 0x2F, 0xFE])
        #expect(path.bytes == [0x61, 0xFF, 0x2F, 0xFE])
        #expect(path.lastComponent?.bytes == [0xFE])
        #expect(path.string == "a\u{FFFD}/\u{FFFD}")
    }

    @Test func `Letters composed in two ways are two names`() {
        #expect(FilePath("\u{E9}") != FilePath("e\u{301}"))
    }

    @Test func `Paths are ordered by their bytes`() {
        let paths: [FilePath] = ["b", "a/b", "a", "ab", FilePath(bytes: [0xFF]), "\u{E9}"]
        #expect(paths.sorted() == ["a", "a/b", "ab", "b", "\u{E9}", FilePath(bytes: [0xFF])])
    }

    @Test func `A path with a NUL names nothing, least of all what stands before it`() {
        let path = FilePath(bytes: [0x2F, 0x00, 0x61])
        #expect(!FileSystem.exists(path))
        #expect(path.withCString { $0.pointee } == 0)
        #expect(throws: FileError.self) { try FileSystem.status(of: path) }
    }

    @Test func `A relative path becomes absolute below the current directory`() throws {
        let here = try FilePath.currentDirectory()
        #expect(here.isAbsolute)
        try #expect(FilePath("a/b").absolute() == here.appending("a/b"))
        try #expect(FilePath("/a").absolute() == "/a")
    }
}
