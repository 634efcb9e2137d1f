import Files
import TestSupport
import Testing

@Suite struct DirectoryWalkTests {
    private func names(_ walk: DirectoryWalk, below folder: FilePath) -> [String] {
        walk.map { item in
            let name = String(item.path.string.dropFirst(folder.string.utf8.count + 1))
            return switch item {
            case .file: name
            case .other(_, let kind): "\(name) (\(kind.rawValue))"
            case .unreadable(_, let error): "\(name)! \(error.code.rawValue)"
            }
        }
    }

    @Test func `The order is that of the bytes, folders where their names stand`() throws {
        try withTemporaryDirectory { folder in
            for name in ["b/2", "b/1", "a", "c", "b/.hidden", "b/z/deep", "B"] {
                try FileSystem.makeDirectories(folder.appending(name).parent)
                try FileSystem.write("x", to: folder.appending(name))
            }
            let all = ["B", "a", "b/.hidden", "b/1", "b/2", "b/z/deep", "c"]
            #expect(names(DirectoryWalk(folder), below: folder) == all)
            let above = DirectoryWalk(folder) { $0.lastComponent != "z" }
            #expect(names(above, below: folder) == all.filter { $0 != "b/z/deep" })
        }
    }

    @Test func `A link to a folder above is told and not followed`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.symbolicLink(to: ".", at: folder.appending("loop"))
            _ = try run(command: "mkfifo", arguments: [folder.appending("pipe").string])
            #expect(names(DirectoryWalk(folder), below: folder) == ["loop (link)", "pipe (fifo)"])
        }
    }

    @Test func `The walk may begin at a link`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectory(folder.appending("real"))
            try FileSystem.write("x", to: folder.appending("real/a"))
            try FileSystem.symbolicLink(to: "real", at: folder.appending("link"))
            #expect(names(DirectoryWalk(folder.appending("link")), below: folder) == ["link/a"])
        }
    }

    @Test func `A folder that is missing or too deep is told with its error`() throws {
        try withTemporaryDirectory { folder in
            let missing = Array(DirectoryWalk(folder.appending("none")))
            #expect(missing.count == 1)
            guard case .unreadable(let path, let error)? = missing.first else {
                Issue.record("a missing folder was not told")
                return
            }
            #expect(path == folder.appending("none"))
            #expect(error.code == .notFound)
        }
    }

    @Test func `A folder that vanishes during the walk is passed over`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("x", to: folder.appending("a"))
            try FileSystem.makeDirectories(folder.appending("b/c"))
            var walk = DirectoryWalk(folder)
            #expect(walk.next()?.path == folder.appending("a"))
            try FileSystem.removeTree(folder.appending("b"))
            #expect(walk.next() == nil)
        }
    }
}
