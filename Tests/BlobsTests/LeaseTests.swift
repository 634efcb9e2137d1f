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
            #expect(name.string.count == 16 && name.string.allSatisfy(\.isHexDigit))
            let path = place.appending("leases").appending(name)
            #expect(try FileSystem.read(path) == Array(files.map { "\($0.hex)\n" }.joined().utf8))
            #expect(try FileSystem.status(of: path).mode == 0o664)
            #expect(try FileSystem.status(of: path.parent).mode & 0o2070 == 0o2070)
            withExtendedLifetime(lease) {}
        }
    }

    @Test func yesterdaysIsOverAndTomorrowsIsNot() throws {
        try withPlace { place in
            let lease = try Lease(on: files, in: place)
            let path = place.appending("leases").appending(try names(place)[0])
            try age(path, "23 hours ago")
            #expect(try Lease.current(in: place) == Set(files))
            try age(path, "3 days")
            #expect(try Lease.current(in: place) == Set(files))
            try age(path, "25 hours ago")
            #expect(try Lease.current(in: place).isEmpty)
            #expect(try names(place).isEmpty)
            withExtendedLifetime(lease) {}
        }
    }

    @Test func whatElseLiesThereHoldsNothing() throws {
        try withPlace { place in
            let leases = place.appending("leases")
            try FileSystem.makeDirectories(leases.appending("0000000000000000"))
            try FileSystem.write("\(files[0].hex)\n", to: leases.appending("notes"))
            try #require(
                run(command: "mkfifo", arguments: [leases.appending("1111111111111111").string]).status == 0)
            try FileSystem.symbolicLink(to: "notes", at: leases.appending("2222222222222222"))
            try FileSystem.write("text\n\(files[1].hex)\n", to: leases.appending("3333333333333333"))
            #expect(try Lease.current(in: place) == [files[1]])
            #expect(try names(place).count == 5)
        }
    }
}
