import Files
import TestSupport
import Testing

@Suite struct WriteBatchTests {
    private func add(
        _ text: String, to destination: FilePath, in batch: WriteBatch, _ temporary: TemporaryDirectory,
        replacing: Bool = false
    ) throws {
        let path = temporary.newPath()
        let file = try FileDescriptor.open(path, .write, create: .exclusive)
        try file.write(all: Array(text.utf8))
        try batch.add(file, at: path, to: destination, replacing: replacing)
    }

    @Test(arguments: [1, 64, 65, 150], [true, false])
    func `All files get their names, however many`(count: Int, durable: Bool) throws {
        try withTemporaryDirectory { folder in
            let temporary = try TemporaryDirectory(in: folder.appending("tmp"))
            let batch = WriteBatch(temporary: temporary, durable: durable)
            for number in 0..<count {
                try add("\(number)", to: folder.appending("out/\(number % 70)/\(number)"), in: batch, temporary)
            }
            #expect(batch.count == count)
            #expect(!FileSystem.exists(folder.appending("out")))
            try batch.commit()
            for number in 0..<count {
                let path = folder.appending("out/\(number % 70)/\(number)")
                try #expect(FileSystem.read(path) == Array("\(number)".utf8))
                try #expect(FileSystem.status(of: path).mode == 0o444)
            }
            try #expect(FileSystem.list(temporary.path).isEmpty)
        }
    }

    @Test func `A name that is taken stays as it is, unless it is to be replaced`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("old", to: folder.appending("kept"))
            try FileSystem.write("old", to: folder.appending("replaced"))
            let temporary = try TemporaryDirectory(in: folder)
            let batch = WriteBatch(temporary: temporary)
            try add("new", to: folder.appending("kept"), in: batch, temporary)
            try add("new", to: folder.appending("replaced"), in: batch, temporary, replacing: true)
            try batch.commit()
            try #expect(FileSystem.read(folder.appending("kept")) == Array("old".utf8))
            try #expect(FileSystem.read(folder.appending("replaced")) == Array("new".utf8))
            try #expect(FileSystem.list(temporary.path).isEmpty)
        }
    }

    @Test func `After a failure the files before it have their names, and the rest go with the directory`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("in the way", to: folder.appending("file"))
            do {
                let temporary = try TemporaryDirectory(in: folder.appending("tmp"))
                let batch = WriteBatch(temporary: temporary)
                try add("1", to: folder.appending("one"), in: batch, temporary)
                try add("2", to: folder.appending("file/two"), in: batch, temporary)
                try add("3", to: folder.appending("three"), in: batch, temporary)
                let error = #expect(throws: FileError.self) { try batch.commit() }
                #expect(error?.code == .exists)
            }
            #expect(FileSystem.exists(folder.appending("one")))
            #expect(!FileSystem.exists(folder.appending("three")))
            try #expect(FileSystem.list(folder.appending("tmp")).isEmpty)
        }
    }

    @Test func `Many files get their names from several threads, and a failure among them is told`() throws {
        try withTemporaryDirectory { folder in
            let temporary = try TemporaryDirectory(in: folder.appending("tmp"))
            let batch = WriteBatch(temporary: temporary, durable: false)
            for number in 0..<300 {
                try add("\(number)", to: folder.appending("out/\(number % 7)/\(number)"), in: batch, temporary)
            }
            try batch.publish(workers: 3)
            try #expect((0..<7).reduce(0) { try $0 + FileSystem.list(folder.appending("out/\($1)")).count } == 300)
            for number in 0..<100 { try add("x", to: folder.appending("out/0/0/\(number)"), in: batch, temporary) }
            let error = #expect(throws: FileError.self) { try batch.publish(workers: 3) }
            #expect(error?.code == .exists)
        }
    }

    @Test func `A file that has its name already is made durable with the others`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.write("old", to: folder.appending("old"))
            let batch = WriteBatch(temporary: try TemporaryDirectory(in: folder))
            try batch.add(existing: folder.appending("old"))
            #expect(throws: FileError.self) { try batch.add(existing: folder.appending("none")) }
            try batch.commit()
            #expect(batch.count == 0)
        }
    }

    @Test func `Many threads may add`() throws {
        try withTemporaryDirectory { folder in
            let temporary = try TemporaryDirectory(in: folder)
            let batch = WriteBatch(temporary: temporary)
            try Parallel.forEach(count: 100, workers: 4) { number in
                try add("\(number)", to: folder.appending("\(number)"), in: batch, temporary)
            }
            try batch.commit()
            #expect(batch.count == 100)
            try #expect(FileSystem.list(folder).count == 101)
        }
    }

    @Test func `No file has its name before all are flushed, and flushing again is harmless`() throws {
        try withTemporaryDirectory { folder in
            let temporary = try TemporaryDirectory(in: folder.appending("tmp"))
            let batch = WriteBatch(temporary: temporary)
            let path = temporary.newPath()
            let file = try FileDescriptor.open(path, .write, create: .exclusive)
            try file.write(all: [1])
            try batch.add(file, at: path, to: folder.appending("a"))
            try batch.flush()
            #expect(!FileSystem.exists(folder.appending("a")))
            try batch.publish()
            #expect(FileSystem.exists(folder.appending("a")))
            try batch.publish()
            try batch.syncDirectories()
            try batch.syncDirectories()
        }
    }

    @Test func `A file that lies elsewhere gets a second name, among new ones`() throws {
        try withTemporaryDirectory { folder in
            let temporary = try TemporaryDirectory(in: folder.appending("tmp"))
            let original = folder.appending("original")
            try FileSystem.write("kept", to: original)
            for name in ["damaged", "sound"] { try FileSystem.write("old", to: folder.appending(name)) }
            let batch = WriteBatch(temporary: temporary)
            batch.add(linkTo: original, at: folder.appending("new/name"))
            batch.add(linkTo: original, at: folder.appending("damaged"), replacing: true)
            batch.add(linkTo: original, at: folder.appending("sound"))
            let path = temporary.newPath()
            let file = try FileDescriptor.open(path, .write, create: .exclusive)
            try file.write(all: [1])
            try batch.add(file, at: path, to: folder.appending("written"))
            try batch.flush()
            #expect(!FileSystem.exists(folder.appending("new")))
            try batch.publish()
            try batch.syncDirectories()
            let first = try FileSystem.status(of: original)
            #expect(try FileSystem.status(of: folder.appending("new/name")).isSameFile(as: first))
            #expect(try FileSystem.status(of: folder.appending("damaged")).isSameFile(as: first))
            #expect(try FileSystem.read(folder.appending("sound")) == Array("old".utf8))
            #expect(try FileSystem.read(folder.appending("written")) == [1])
            #expect(try FileSystem.read(original) == Array("kept".utf8))
            #expect(try FileSystem.list(temporary.path).isEmpty)
        }
    }
}
