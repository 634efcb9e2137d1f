import Blobs
import Digest
import Files
import TestSupport
import Testing

/// What somebody is about to name, written down where collections look.
@Suite struct LeaseTests {
    private let files = [[1], [2]].map { ContentHash(of: $0) }

    private func withPlace(_ body: (FilePath) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            try body(BlobStore.create(at: folder.appending("lfs")).directory)
        }
    }

    private func age(_ path: FilePath, _ words: String) throws {
        try #require(run(command: "touch", arguments: ["-d", words, path.string]).status == 0)
    }

    private func names(_ place: FilePath) throws -> [FilePath] {
        try FileSystem.list(place.appending("leases")).map(\.name)
    }

    @Test func itHoldsItsFilesUntilItIsReleased() throws {
        try withPlace { place in
            #expect(try Lease.current(in: place).isEmpty)
            let first = try Lease(on: files, in: place)
            let second = try Lease(on: files.prefix(1), in: place)
            #expect(try Lease.current(in: place) == Set(files))
            first.release()
            first.release()
            #expect(try Lease.current(in: place) == Set(files.prefix(1)))
            withExtendedLifetime(second) {}
        }
    }

    @Test func itGoesWithItsLastReference() throws {
        try withPlace { place in
            do { _ = try Lease(on: files, in: place) }
            #expect(try names(place).isEmpty)
        }
    }

    @Test func itIsOneHashALineUnderARandomName() throws {
        try withPlace { place in
            let lease = try Lease(on: files, in: place, modes: SharedModes(configValue: "group"))
            let name = try #require(try names(place).first)
            #expect(name.string.wholeMatch(of: /offbeat-[0-9a-f]{16}/) != nil)
            let path = place.appending("leases").appending(name).appending("files")
            #expect(try FileSystem.read(path) == Array(files.map { "\($0.hex)\n" }.joined().utf8))
            #expect(try FileSystem.status(of: path).mode == 0o664)
            #expect(try FileSystem.status(of: path.parent).mode & 0o2070 == 0o2070)
            withExtendedLifetime(lease) {}
        }
    }

    @Test func yesterdaysIsOverAndTomorrowsIsNot() throws {
        try withPlace { place in
            let lease = try Lease(on: files, in: place)
            let path = place.appending("leases").appending(try names(place)[0]).appending("files")
            try age(path, "23 hours ago")
            #expect(try Lease.current(in: place) == Set(files))
            try age(path, "3 days")
            #expect(try Lease.current(in: place) == Set(files))
            try age(path, "25 hours ago")
            #expect(try Lease.current(in: place).isEmpty)
            withExtendedLifetime(lease) {}
        }
    }

    /// Nobody holds its lock; who made it, on this computer or another, is told by what it says of its owner.
    @Test func thatOfTheDeadOfThisComputerIsOver() throws {
        try withPlace { place in
            let lease = try Lease(on: files, in: place)
            let leases = place.appending("leases")
            let living = leases.appending(try names(place)[0])
            for (name, isForeign) in [("dead", false), ("foreign", true)] {
                let path = leases.appending(
                    "offbeat-\(name == "dead" ? "0" : "1")" + String(repeating: "a", count: 15))
                try #require(run(command: "cp", arguments: ["-r", living.string, path.string]).status == 0)
                let own = isForeign ? files[0] : files[1]
                try FileSystem.write("\(own.hex)\n", to: path.appending("files"))
                if isForeign { try FileSystem.write("another computer\n", to: path.appending("owner")) }
            }
            lease.release()
            #expect(try Lease.current(in: place) == [files[0]])
            #expect(try names(place).count == 1)
        }
    }

    @Test func whatElseLiesThereHoldsNothing() throws {
        try withPlace { place in
            let leases = place.appending("leases")
            let folders = (0...3).map { leases.appending("offbeat-" + String(repeating: "\($0)", count: 16)) }
            for folder in folders { try FileSystem.makeDirectories(folder) }
            try FileSystem.write("\(files[0].hex)\n", to: leases.appending("notes"))
            try #require(run(command: "mkfifo", arguments: [folders[1].appending("files").string]).status == 0)
            try FileSystem.symbolicLink(to: "../notes", at: folders[2].appending("files"))
            try FileSystem.write("text\n\(files[1].hex)\n", to: folders[3].appending("files"))
            #expect(try Lease.current(in: place) == [files[1]])
            #expect(try names(place).count == 5)
        }
    }
}
