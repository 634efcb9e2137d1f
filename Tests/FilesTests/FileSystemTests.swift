@testable import Files
import Glibc
import TestSupport
import Testing

@Suite struct FileSystemTests {
    @Test func `Missing directories are made and told, the uppermost first`() throws {
        try withTemporaryDirectory { folder in
            let deep = folder.appending("a/b/c")
            try #expect(
                FileSystem.makeDirectories(deep) == [folder.appending("a"), folder.appending("a/b"), deep])
            try #expect(FileSystem.makeDirectories(deep).isEmpty)
            try #expect(!FileSystem.makeDirectory(deep))
        }
    }

    @Test func `A file in the way of a directory is an error`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("x", to: folder.appending("a"))
            let error = #expect(throws: FileError.self) { try FileSystem.makeDirectory(folder.appending("a")) }
            #expect(error?.code == .exists)
            let below = #expect(throws: FileError.self) { try FileSystem.makeDirectories(folder.appending("a/b")) }
            #expect(below?.code == .notDirectory)
        }
    }

    @Test func `Removing tells whether there was something`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("x", to: folder.appending("a"))
            try #expect(FileSystem.remove(folder.appending("a")))
            try #expect(!FileSystem.remove(folder.appending("a")))
            try #expect(!FileSystem.removeDirectory(folder.appending("a")))
            #expect(throws: FileError.self) { try FileSystem.remove(folder) }
        }
    }

    @Test func `A tree goes with its links, and what they lead to stays`() throws {
        try withTemporaryDirectory { folder in
            let tree = folder.appending("tree")
            try FileSystem.makeDirectories(tree.appending("a/b"))
            try FileSystem.write("x", to: tree.appending("a/b/file"), mode: 0o444)
            try FileSystem.write("x", to: tree.appending(bytes: [0xFF]))
            try FileSystem.makeDirectory(folder.appending("kept"))
            try FileSystem.write("x", to: folder.appending("kept/file"))
            try FileSystem.symbolicLink(to: folder.appending("kept"), at: tree.appending("link"))
            try FileSystem.removeTree(tree)
            #expect(!FileSystem.exists(tree))
            #expect(FileSystem.exists(folder.appending("kept/file")))
            try FileSystem.removeTree(tree)
            try FileSystem.removeTree(folder.appending("kept/file/none"))
        }
    }

    @Test func `Removing a tree removes what nobody may change`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            // Root may change everything.
            if geteuid() == 0 { _ = seteuid(65_534) }
            try withTemporaryDirectory { folder in
                let tree = folder.appending("tree")
                for (name, mode) in [("closed", 0), ("read-only", 0o500)] as [(FilePath, UInt32)] {
                    try FileSystem.makeDirectories(tree.appending(name).appending("sub"))
                    try FileSystem.write("text", to: tree.appending(name).appending("file"))
                    try FileSystem.setMode(of: tree.appending(name), to: mode)
                }
                try FileSystem.removeTree(tree)
                exit(FileSystem.exists(tree) ? 1 : 7)
            }
        }
    }

    @Test func `Renaming replaces, unless it must not`() throws {
        try withTemporaryDirectory { folder in
            let (one, two) = (folder.appending("1"), folder.appending("2"))
            try FileSystem.write("one", to: one)
            try FileSystem.write("two", to: two)
            try #expect(!FileSystem.renameIfFree(one, to: two))
            try #expect(FileSystem.read(two) == Array("two".utf8))
            try FileSystem.rename(one, to: two)
            try #expect(FileSystem.read(two) == Array("one".utf8))
            try #expect(FileSystem.renameIfFree(two, to: one))
            #expect(!FileSystem.exists(two))
            let error = #expect(throws: FileError.self) { try FileSystem.rename(two, to: one) }
            #expect(error?.code == .notFound)
            #expect(throws: FileError.self) { try FileSystem.renameIfFree(two, to: folder.appending("3")) }
        }
    }

    @Test func `A second name is the same file`() throws {
        try withTemporaryDirectory { folder in
            let (one, two) = (folder.appending("1"), folder.appending("2"))
            try FileSystem.write("one", to: one)
            try FileSystem.link(one, to: two)
            let status = try FileSystem.status(of: two)
            #expect(status.links == 2)
            #expect(status.isSameFile(as: try FileSystem.status(of: one)))
            #expect(throws: FileError.self) { try FileSystem.link(one, to: two) }
            #expect(throws: FileError.self) { try FileSystem.symbolicLink(to: one, at: two) }
        }
    }

    @Test func `The status tells the kind, and links are followed on demand`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.symbolicLink(to: ".", at: folder.appending("link"))
            try #expect(FileSystem.status(of: folder.appending("link")).kind == .directory)
            try #expect(FileSystem.status(of: folder.appending("link"), followingLinks: false).kind == .link)
            try #expect(FileSystem.status(of: "/dev/zero").kind == .device)
            try #expect(FileSystem.statusIfExists(of: folder.appending("none")) == nil)
            try #expect(FileSystem.realPath(folder.appending("link")) == FileSystem.realPath(folder))
            #expect(throws: FileError.self) { try FileSystem.realPath(folder.appending("none")) }
        }
    }

    @Test func `A file that is written to is not unchanged`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            try FileSystem.write("one", to: path)
            let before = try FileSystem.status(of: path)
            #expect(before.isUnchanged(since: before))
            #expect(before.modified <= before.changed)
            SystemClock.sleep(seconds: 0.02)
            try FileSystem.setMode(of: path, to: 0o600)
            try #expect(!FileSystem.status(of: path).isUnchanged(since: before))
            try #expect(FileSystem.status(of: path).mode == 0o600)
            #expect(FileSystem.isWritable(path))
        }
    }

    @Test func `A listing is sorted by bytes and knows the kinds`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectory(folder.appending("b"))
            try FileSystem.write("x", to: folder.appending("a"))
            try FileSystem.write("x", to: folder.appending(bytes: [0xFE]))
            try FileSystem.symbolicLink(to: "a", at: folder.appending("B"))
            let entries = try FileSystem.list(folder)
            #expect(entries.map(\.name) == ["B", "a", "b", FilePath(bytes: [0xFE])])
            #expect(entries.map(\.kind) == [.link, .regular, .directory, .regular])
            #expect(throws: FileError.self) { try FileSystem.list(folder.appending("a")) }
        }
    }

    @Test func `Replacing leaves no other file, and fails without a trace`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            try FileSystem.replaceAtomically(path, with: [1, 2], mode: 0o600)
            try FileSystem.replaceAtomically(path, with: [3], mode: 0o640, durable: false)
            try #expect(FileSystem.read(path) == [3])
            try #expect(FileSystem.status(of: path).mode == 0o640)
            try FileSystem.makeDirectories(folder.appending("d/full"))
            #expect(throws: FileError.self) { try FileSystem.replaceAtomically(folder.appending("d"), with: [1]) }
            try #expect(FileSystem.list(folder).map(\.name) == ["a", "d"])
        }
    }

    @Test func `Reading refuses what is no plain file, and does not wait for a pipe`() throws {
        try withTemporaryDirectory { folder in
            _ = try run(command: "mkfifo", arguments: [folder.appending("p").string])
            let error = #expect(throws: FileError.self) { try FileSystem.read(folder.appending("p")) }
            #expect(error?.code == .notRegular)
            #expect(error?.description.hasSuffix("it is a pipe") == true)
            #expect(throws: FileError.self) { try FileSystem.read(folder) }
            try #expect(FileSystem.readIfExists(folder.appending("none")) == nil)
        }
    }

    @Test func `Directories and whole file systems can be flushed`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.syncDirectory(folder)
            try FileSystem.syncFileSystem(containing: folder)
            try #expect(FileSystem.freeSpace(at: folder) > 0)
            #expect(throws: FileError.self) { try FileSystem.syncDirectory(folder.appending("none")) }
            #expect(throws: FileError.self) { try FileSystem.freeSpace(at: folder.appending("none")) }
        }
    }
}

@Suite struct FileSystemKindTests {
    @Test func `Network file systems are told by their numbers`() {
        #expect(FileSystemKind(type: 0x6969, subtype: nil) == .network("nfs"))
        #expect(FileSystemKind(type: 0xFF53_4D42, subtype: nil) == .network("cifs"))
        #expect(FileSystemKind(type: Int(Int32(bitPattern: 0xFE53_4D42)), subtype: nil) == .network("smb"))
        #expect(FileSystemKind(type: 0xEF53, subtype: nil) == .local)
    }

    @Test func `Behind FUSE the program decides`() {
        #expect(FileSystemKind(type: 0x6573_5546, subtype: "sshfs") == .network("sshfs"))
        #expect(FileSystemKind(type: 0x6573_5546, subtype: "gocryptfs") == .local)
        #expect(FileSystemKind(type: 0x6573_5546, subtype: nil) == .local)
    }

    @Test func `The mount table names the program of a mount`() {
        let table = """
            22 1 254:0 / / rw,relatime - ext4 /dev/root rw
            36 22 0:51 / /mnt rw shared:1 - fuse.sshfs user@host: rw
            broken
            37 22 0:52 / /other rw - fuseblk /dev/sdb1 rw
            """
        #expect(FileSystem.fuseProgram(device: "0:51", mounts: table) == "sshfs")
        #expect(FileSystem.fuseProgram(device: "0:52", mounts: table) == nil)
        #expect(FileSystem.fuseProgram(device: "254:0", mounts: table) == nil)
    }

    @Test func `A place on this computer is local, a missing one an error`() throws {
        try #expect(FileSystem.kind(at: "/proc") == .local)
        #expect(throws: FileError.self) { try FileSystem.kind(at: "/no/such/place") }
    }
}
