import Files
import TestSupport
import Testing

@Suite struct FileDescriptorTests {
    @Test func `What is written is read`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            let file = try FileDescriptor.open(path, .readWrite, create: .exclusive)
            try file.write(all: Array("hello world".utf8))
            try file.seek(to: 6)
            try #expect(file.readAll() == Array("world".utf8))
            let two: [UInt8] = [1, 2]
            try two.withUnsafeBytes { bytes in try file.pwrite(all: bytes, at: 0) }
            var room = [UInt8](repeating: 0, count: 4)
            try #expect(room.withUnsafeMutableBytes { try file.pread(into: $0, at: 0) } == 4)
            #expect(room == [1, 2] + Array("ll".utf8))
            try file.truncate(to: 3)
            try file.sync()
            try #expect(file.status().size == 3)
            try file.close()
        }
    }

    @Test func `A file is refused when it has one byte more than the limit`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            try FileSystem.write([UInt8](repeating: 1, count: 100_000), to: path)
            try #expect(FileSystem.read(path, limit: 100_000).count == 100_000)
            let error = #expect(throws: FileError.self) { try FileSystem.read(path, limit: 99_999) }
            #expect(error?.code == .overLimit)
            #expect(error?.description.hasSuffix("/a: it is larger than expected") == true)
        }
    }

    @Test func `An open directory knows what lies in it, also below and by links`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectories(folder.appending("a/b"))
            try FileSystem.write("abc", to: folder.appending("a/b/c"))
            try FileSystem.symbolicLink(to: "a", at: folder.appending("link"))
            let directory = try FileDescriptor.openDirectory(folder)
            try #expect(directory.status(ofEntry: "a/b/c")?.size == 3)
            try #expect(directory.status(ofEntry: "link")?.kind == .link)
            try #expect(directory.status(ofEntry: "none") == nil)
            try #expect(directory.status(ofEntry: "a/b/c/d") == nil)
            let error = #expect(throws: FileError.self) {
                try directory.status(ofEntry: FilePath(String(repeating: "x", count: 300)))
            }
            #expect(error?.description.contains("xxx") == true)
        }
    }

    @Test func `A file whose size the system does not know is read whole`() throws {
        let bytes = try FileDescriptor.open("/proc/self/status", .read).readAll()
        #expect(bytes.count > 100)
    }

    @Test func `Making a file exclusively fails where there is one, also a dangling link`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.symbolicLink(to: "nowhere", at: folder.appending("a"))
            let error = #expect(throws: FileError.self) {
                try FileDescriptor.open(folder.appending("a"), .write, create: .exclusive).sync()
            }
            #expect(error?.code == .exists)
        }
    }

    @Test func `A link at the end is refused where none may be`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("x", to: folder.appending("a"))
            try FileSystem.symbolicLink(to: "a", at: folder.appending("b"))
            let error = #expect(throws: FileError.self) {
                try FileDescriptor.open(folder.appending("b"), .read, noFollow: true).sync()
            }
            #expect(error?.code == .tooManyLinks)
        }
    }

    @Test func `Permissions are set whatever the mask says`() throws {
        try withTemporaryDirectory { folder in
            let file = try FileDescriptor.open(folder.appending("a"), .write, create: .exclusive)
            try file.setMode(0o666)
            try #expect(file.status().mode == 0o666)
        }
    }

    @Test func `Appending goes to the end`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            try FileSystem.write("one", to: path)
            try FileDescriptor.open(path, .write, append: true).write(all: Array("two".utf8))
            try #expect(FileSystem.read(path) == Array("onetwo".utf8))
        }
    }

    @Test func `Writing to a full device tells that there is no space`() throws {
        let error = #expect(throws: FileError.self) { try FileDescriptor.open("/dev/full", .write).write(all: [1]) }
        #expect(error?.isOutOfSpace == true)
        #expect(error?.description == "cannot write /dev/full: no space left on device")
    }

    @Test func `Reading a directory, and seeking in a pipe, is refused`() throws {
        try withTemporaryDirectory { folder in
            let error = #expect(throws: FileError.self) { try FileDescriptor.openDirectory(folder).readAll() }
            #expect(error?.code == .isDirectory)
            _ = try run(command: "mkfifo", arguments: [folder.appending("p").string])
            let pipe = try FileDescriptor.open(folder.appending("p"), .read, nonBlocking: true)
            #expect(throws: FileError.self) { try pipe.seek(to: 0) }
            try #expect(pipe.status().kind == .fifo)
        }
    }

    @Test func `Blocks are shared or the answer is no`() throws {
        try withTemporaryDirectory { folder in
            let bytes = [UInt8](repeating: 7, count: 8192)
            try FileSystem.write(bytes, to: folder.appending("a"))
            let source = try FileDescriptor.open(folder.appending("a"), .read)
            let target = try FileDescriptor.open(folder.appending("b"), .readWrite, create: .exclusive)
            let isShared = try target.reflink(from: source)
            try #expect(target.readAll() == (isShared ? bytes : []))
        }
    }

    @Test func `A shared lock lets others share and keeps one alone out`() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("a")
            let one = try FileDescriptor.open(path, .readWrite, create: .ifMissing)
            let two = try FileDescriptor.open(path, .readWrite)
            try #expect(one.tryLock(shared: true))
            try #expect(two.tryLock(shared: true))
            try #expect(!two.tryLock())
        }
    }
}

@Suite struct FileErrorTests {
    @Test func `Every failure is one line that says what, which and why`() {
        #expect(FileError(.notFound, "open", "a/b").description == "cannot open a/b: no such file or directory")
        #expect(FileError(.changed, "add", "x").description == "cannot add x: it changed while it was being read")
        #expect(FileError(.notRegular, "read", "x").description == "cannot read x: it is not a plain file")
        #expect(FileError(.truncated, "read", "x").description == "cannot read x: it ends too early")
        #expect(
            FileError(.notRegular, "read", "x", detail: "it is a pipe").description == "cannot read x: it is a pipe"
        )
        #expect(FileError(.init(rawValue: 72), "read", "x").description.hasPrefix("cannot read x: "))
    }

    @Test func `Kinds of failure are grouped`() {
        #expect(FileError(.quota, "write", "x").isOutOfSpace)
        #expect(FileError(.notDirectory, "open", "x").isAbsent)
        #expect(FileError(.readOnly, "open", "x").isDenied)
        #expect(!FileError(.io, "read", "x").isOutOfSpace)
        #expect(!FileError(.io, "read", "x").isAbsent)
        #expect(!FileError(.io, "read", "x").isDenied)
    }
}
