import Blobs
import Digest
import Files
import Sync
import TestSupport
import Testing

/// Which files a remote holds a second time.
@Suite struct ConfirmTests {
    private func confirmed(_ sides: Sides, _ files: [Pointer], verifying: Bool = false) throws -> Set<Pointer> {
        try sides.transport().confirmed(files, apart: sides.ours, verifying: verifying)
    }

    @Test func aSecondCopyIsOne() throws {
        try withSides { sides in
            let files = try sides.put("one", "two", "three")
            _ = try sides.give("one", "two")
            #expect(try confirmed(sides, files) == Set(files.prefix(2)))
            #expect(try confirmed(sides, files, verifying: true) == Set(files.prefix(2)))
            #expect(try confirmed(sides, [.empty]) == [.empty])
        }
    }

    @Test func theSameFileUnderASecondNameIsNone() throws {
        try withSides { sides in
            let file = try sides.put("one")[0]
            let path = sides.there.path(of: file.oid)
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.link(sides.ours.path(of: file.oid), to: path)
            #expect(try confirmed(sides, [file], verifying: true).isEmpty)
        }
    }

    /// Who asks may have set the file aside meanwhile: that gives it another name, and no second copy.
    @Test func theSameFileInQuarantineIsNoneEither() throws {
        try withSides { sides in
            let files = try sides.put("linked", "copied")
            _ = try sides.give("copied")
            let path = sides.there.path(of: files[0].oid)
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.link(sides.ours.path(of: files[0].oid), to: path)
            let owner = try TemporaryDirectory(in: sides.folder)
            try withExtendedLifetime(owner) { _ = try sides.ours.quarantine.setAside(files, at: 1, owner: owner) }
            #expect(try confirmed(sides, files) == [files[1]])
        }
    }

    @Test func whatIsOnlyThereIsHeldThere() throws {
        try withSides { sides in
            let files = try sides.give("one")
            #expect(try confirmed(sides, files) == Set(files))
        }
    }

    @Test func otherBytesAreSeenByWhoReadsThem() throws {
        try withSides { sides in
            let files = try sides.put("sound", "half")
            _ = try sides.give("sound", "half")
            try FileSystem.write("sownd", to: sides.there.path(of: files[0].oid))
            try FileSystem.write("hal", to: sides.there.path(of: files[1].oid))
            #expect(try confirmed(sides, files) == [files[0]])
            #expect(try confirmed(sides, files, verifying: true).isEmpty)
        }
    }

    @Test func aRemoteThatIsGoneConfirmsNothing() throws {
        try withSides { sides in
            let files = try sides.put("one")
            try FileSystem.removeTree(sides.remote)
            let error = #expect(throws: SyncError.self) { try confirmed(sides, files) }
            #expect(error?.code == .offline)
        }
    }

    @Test func aLeaseStandsAsLongAsItCounts() throws {
        try withSides { sides in
            let files = try sides.give("one", "two")
            let transport = sides.transport()
            _ = try transport.confirmed(files, apart: sides.ours, verifying: false)
            #expect(try Lease.current(in: sides.there.directory) == Set(files.map(\.oid)))
            transport.release()
            #expect(try sides.leftovers().isEmpty)
        }
    }

    /// Whoever may only read it can let go of files, unless it is a store that somebody works in and may do so as well.
    @Test(.enabled(if: canMount, "file systems cannot be mounted here"), arguments: [false, true])
    func aRemoteThatMayNotBeWritten(isWorkedIn: Bool) throws {
        try withTemporaryDirectory { folder in
            try SmallDisk.with(at: folder, size: "4m") { disk in
                let sides = try Sides(folder, remoteIn: disk.path)
                let files = try sides.give("one")
                if isWorkedIn { try sides.put("two", in: sides.there) }
                try disk.setReadOnly(true)
                guard isWorkedIn else {
                    #expect(try confirmed(sides, files) == Set(files))
                    return
                }
                let error = #expect(throws: SyncError.self) { try confirmed(sides, files) }
                #expect(error?.code == .readOnly)
            }
        }
    }
}
