import Files
import Synchronization
import TestSupport
import Testing

@Suite struct TemporaryDirectoryTests {
    @Test func `It goes with its last reference`() throws {
        try withTemporaryDirectory { folder in
            let parent = folder.appending("a/tmp")
            var directory: TemporaryDirectory? = try TemporaryDirectory(in: parent)
            let path = try #require(directory?.path)
            try FileSystem.write("x", to: path.appending("file"))
            #expect(path.parent == parent)
            directory = nil
            try #expect(FileSystem.list(parent).isEmpty)
        }
    }

    @Test func `Removing twice is removing once`() throws {
        try withTemporaryDirectory { folder in
            let directory = try TemporaryDirectory(in: folder)
            directory.remove()
            directory.remove()
            #expect(!FileSystem.exists(directory.path))
        }
    }

    @Test func `A sweep leaves the living and what is not its own, and removes the dead`() throws {
        try withTemporaryDirectory { folder in
            let living = try TemporaryDirectory(in: folder)
            let dead = folder.appending("offbeat-0123456789abcdef")
            try FileSystem.makeDirectory(dead)
            try FileSystem.write("x", to: dead.appending("half"))
            try FileSystem.makeDirectory(folder.appending("other"))
            try FileSystem.write("x", to: folder.appending("offbeat-file"))
            try #expect(TemporaryDirectory.isAlive(living.name, in: folder))
            try #expect(!TemporaryDirectory.isAlive("offbeat-0123456789abcdef", in: folder))
            try #expect(!TemporaryDirectory.isAlive("offbeat-none", in: folder))
            try #expect(TemporaryDirectory.sweep(in: folder) == 1)
            #expect(FileSystem.exists(living.path))
            #expect(!FileSystem.exists(dead))
            try #expect(FileSystem.list(folder).count == 3)
        }
    }

    @Test func `One that has become something else stays`() throws {
        try withTemporaryDirectory { folder in
            let place = folder.appending("place")
            var directory: TemporaryDirectory? = try TemporaryDirectory(in: folder)
            if let path = directory?.newPath() { try FileSystem.write("x", to: path) }
            try directory?.become(place)
            directory = nil
            try #expect(FileSystem.list(place).count == 1)
            try #expect(FileSystem.list(folder).count == 1)
        }
    }

    @Test func `There is nothing to sweep where there is no place`() throws {
        try withTemporaryDirectory { folder in
            try #expect(TemporaryDirectory.sweep(in: folder.appending("none")) == 0)
        }
    }

    @Test func `No path is given out twice, to whichever thread`() throws {
        try withTemporaryDirectory { folder in
            let directory = try TemporaryDirectory(in: folder)
            let seen = Mutex<Set<FilePath>>([])
            Parallel.forEach(count: 1000, workers: 4) { _ in
                let path = directory.newPath()
                seen.withLock { _ = $0.insert(path) }
            }
            #expect(seen.withLock { $0.count } == 1000)
        }
    }

    @Test func `Nothing that is being made is swept`() throws {
        try withTemporaryDirectory { folder in
            try Parallel.forEach(count: 200, workers: 4) { number in
                if number.isMultiple(of: 2) {
                    let directory = try TemporaryDirectory(in: folder)
                    try FileSystem.write("x", to: directory.newPath())
                    #expect(FileSystem.exists(directory.path))
                } else {
                    try TemporaryDirectory.sweep(in: folder)
                }
            }
            try #expect(FileSystem.list(folder).isEmpty)
        }
    }
}
