import Files
import TestSupport
import Testing

@Suite struct MoveAsideTests {
    @Test func `What is moved aside keeps its name and bytes, and its folder is made`() throws {
        try withTemporaryDirectory { folder in
            let (file, aside) = (folder.appending("config"), folder.appending("lfs/bad"))
            try FileSystem.write("x", to: file)
            try #expect(FileSystem.moveAside(file, to: aside) == aside.appending("config"))
            #expect(!FileSystem.exists(file))
            try #expect(FileSystem.read(aside.appending("config")) == Array("x".utf8))
        }
    }

    @Test func `What has the name there already stays`() throws {
        try withTemporaryDirectory { folder in
            let (file, aside) = (folder.appending("a"), folder.appending("bad"))
            for (text, name) in [("one", "a"), ("two", "a.2"), ("three", "a.3")] {
                try FileSystem.write(text, to: file)
                try #expect(FileSystem.moveAside(file, to: aside) == aside.appending(name))
            }
            try #expect(FileSystem.list(aside).map(\.name.string) == ["a", "a.2", "a.3"])
            try #expect(FileSystem.read(aside.appending("a")) == Array("one".utf8))
            try #expect(FileSystem.read(aside.appending("a.3")) == Array("three".utf8))
        }
    }

    @Test func `Folders and links go as they are`() throws {
        try withTemporaryDirectory { folder in
            let aside = folder.appending("bad")
            try FileSystem.makeDirectories(folder.appending("a/b"))
            try FileSystem.write("x", to: folder.appending("a/b/c"))
            try FileSystem.moveAside(folder.appending("a"), to: aside)
            #expect(FileSystem.exists(aside.appending("a/b/c")))
            // A folder that stands in the way is not moved into.
            try FileSystem.makeDirectory(folder.appending("a"))
            try #expect(FileSystem.moveAside(folder.appending("a"), to: aside) == aside.appending("a.2"))
            let made = try run(command: "ln", arguments: ["-s", "nowhere", folder.appending("link").string])
            try #require(made.status == 0)
            try FileSystem.moveAside(folder.appending("link"), to: aside)
            try #expect(
                FileSystem.statusIfExists(of: aside.appending("link"), followingLinks: false)?.kind == .link)
        }
    }

    @Test func `Names that are no UTF-8 stay what they are`() throws {
        try withTemporaryDirectory { folder in
            let name: [UInt8] = [0x61, 0xFF]
            let aside = folder.appending("bad")
            for number in 1...2 {
                try FileSystem.write("\(number)", to: folder.appending(bytes: name))
                let place = try FileSystem.moveAside(folder.appending(bytes: name), to: aside)
                #expect(place.lastComponent?.bytes == name + (number == 1 ? [] : Array(".2".utf8)))
            }
        }
    }

    @Test func `What is missing is told, and so is a file where the folder should be`() throws {
        try withTemporaryDirectory { folder in
            let gone = #expect(throws: FileError.self) {
                try FileSystem.moveAside(folder.appending("a"), to: folder.appending("bad"))
            }
            #expect(gone?.isAbsent == true)
            for name in ["a", "file"] { try FileSystem.write(name, to: folder.appending(name)) }
            let refused = #expect(throws: FileError.self) {
                try FileSystem.moveAside(folder.appending("a"), to: folder.appending("file"))
            }
            #expect(refused != nil && FileSystem.exists(folder.appending("a")))
        }
    }

    @Test func `What is kept aside keeps its place as well, and is kept once`() throws {
        try withTemporaryDirectory { folder in
            let (file, aside) = (folder.appending("a"), folder.appending("bad"))
            try FileSystem.write("one", to: file)
            for _ in 1...2 { try FileSystem.keepAside(file, in: aside) }
            #expect(FileSystem.exists(file))
            try FileSystem.remove(file)
            try FileSystem.write("two", to: file)
            try FileSystem.keepAside(file, in: aside)
            try #expect(FileSystem.list(aside).map(\.name.string).sorted() == ["a", "a.2"])
            try #expect(FileSystem.read(aside.appending("a")) == Array("one".utf8))
            // A folder has no second name.
            try FileSystem.remove(file)
            try FileSystem.makeDirectory(file)
            try FileSystem.keepAside(file, in: aside)
            #expect(!FileSystem.exists(file) && FileSystem.exists(aside.appending("a.3")))
        }
    }
}
