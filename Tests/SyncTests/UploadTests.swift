import Blobs
import Digest
import Files
import Sync
import TestSupport
import Testing

/// Files that go to a remote in a folder.
@Suite struct UploadTests {
    @Test func theRemoteHasThemAllAfterwards() throws {
        try withSides { sides in
            let files = try sides.put("one", "two", "three")
            let tally = Tally()
            let upload = try sides.transport().upload(files + files, from: sides.ours, report: tally.report)
            #expect([upload.files, Int(upload.bytes)] == [3, 11])
            #expect(upload.missing.isEmpty)
            #expect(tally.told == Tally.Sums(planned: [3, 11], files: 3, bytes: 11))
            for file in files { #expect(try sides.there.verify(file) == .sound) }
            #expect(!FileSystem.exists(sides.there.directory.appending("journal")), "no journal is begun")
        }
    }

    @Test func whatIsThereIsNotBroughtAgain() throws {
        try withSides { sides in
            let files = try sides.put("one", "two") + sides.give("three")
            _ = try sides.transport().upload([files[0]], from: sides.ours, report: .none)
            let inode = try FileSystem.status(of: sides.there.path(of: files[0].oid)).inode
            let upload = try sides.transport().upload(files, from: sides.ours, report: .none)
            #expect(upload.files == 1 && upload.missing.isEmpty)
            #expect(try FileSystem.status(of: sides.there.path(of: files[0].oid)).inode == inode)
        }
    }

    @Test func whatIsNeitherThereNorHereIsTold() throws {
        try withSides { sides in
            let absent = [sides.pointer("none"), sides.pointer("nothing")]
            let files = try sides.put("one")
            let upload = try sides.transport().upload(
                [absent[0]] + files + [absent[1]], from: sides.ours, report: .none)
            #expect(upload.files == 1)
            #expect(upload.missing == absent)
        }
    }

    @Test func theEmptyFileTravelsByItself() throws {
        try withSides { sides in
            let upload = try sides.transport().upload([.empty], from: sides.ours, report: .none)
            #expect(upload.files == 0 && upload.missing.isEmpty)
        }
    }

    @Test func halfAFileInItsPlaceIsReplaced() throws {
        try withSides { sides in
            let files = try sides.put("sound")
            let path = sides.there.path(of: files[0].oid)
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.write("so", to: path)
            #expect(try sides.transport().upload(files, from: sides.ours, report: .none).files == 1)
            #expect(try sides.there.verify(files[0]) == .sound)
        }
    }

    @Test func manyFilesGoInPortions() throws {
        try withSides { sides in
            let batch = try sides.ours.beginBatch(durable: false)
            let files = try (0..<1100).map { try batch.put(bytes: Array("file \($0)".utf8)).pointer }
            try batch.commit()
            #expect(try sides.transport().upload(files, from: sides.ours, report: .none).files == 1100)
            #expect(try sides.there.files() == files.sorted { $0.oid < $1.oid })
            #expect(try FileSystem.list(sides.there.directory.appending("tmp")).isEmpty)
        }
    }

    @Test func gitLfsFindsThemWhereItLooks() throws {
        try withSides { sides in
            let file = try sides.put("sound")[0]
            _ = try sides.transport().upload([file], from: sides.ours, report: .none)
            let hex = file.oid.hex
            let path = sides.remote.appending("lfs/objects/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)")
            #expect(try FileSystem.read(path) == Array("sound".utf8))
        }
    }

    @Test(arguments: ["group", "0660", "all"]) func anotherUserMayWriteThere(sharing: String) throws {
        try withSides { sides in
            try FileSystem.removeTree(sides.there.directory)
            let files = try sides.put("sound")
            let transport = sides.transport(sharing)
            _ = try transport.upload(files, from: sides.ours, report: .none)
            let file = sides.there.path(of: files[0].oid)
            let folders =
                [sides.there.directory, file.parent, file.parent.parent]
                + ["objects", "tmp", "leases"].map { sides.there.directory.appending($0) }
            for folder in folders {
                let mode = try FileSystem.status(of: folder).mode
                #expect(mode & 0o2070 == 0o2070, "\(folder): \(String(mode, radix: 8))")
            }
            #expect(try FileSystem.status(of: file).mode & 0o222 == 0)
            #expect(try FileSystem.status(of: sides.ours.path(of: files[0].oid)).mode == 0o444)
            transport.release()
        }
    }

    // MARK: A remote that is a store

    @Test func itsJournalLearnsOfThem() throws {
        try withSides { sides in
            try sides.put("there before", in: sides.there)
            let files = try sides.put("one", "two")
            #expect(try sides.transport().upload(files, from: sides.ours, report: .none).files == 2)
            let store = sides.there
            #expect(try store.journal.totals().files == 3)
            #expect(try store.journal.differences().isEmpty)
            for file in files { #expect(try store.journal.contains(file.oid)) }
        }
    }

    // MARK: Leases

    @Test func aLeaseStandsUntilThePushIsOver() throws {
        try withSides { sides in
            let files = try sides.put("one") + sides.give("two")
            let transport = sides.transport()
            _ = try transport.upload(files, from: sides.ours, report: .none)
            #expect(try Lease.current(in: sides.there.directory) == Set(files.map(\.oid)), "also what was there")
            transport.release()
            transport.release()
            #expect(try sides.leftovers().isEmpty)
        }
    }

    @Test func whoIsDroppedLetsGo() throws {
        try withSides { sides in
            let files = try sides.put("one")
            do { _ = try sides.transport().upload(files, from: sides.ours, report: .none) }
            #expect(try sides.leftovers().isEmpty)
        }
    }

    @Test func whatDiedHereIsSweptAndWhatLivesElsewhereStays() throws {
        try withSides { sides in
            let files = try sides.put("one")
            let run = try FileSystem.read("/proc/sys/kernel/random/boot_id")
            for (name, owner) in [("offbeat-0000000000000000", run), ("offbeat-1111111111111111", [1])] {
                let path = sides.there.directory.appending("tmp/\(name)")
                try FileSystem.makeDirectories(path)
                try FileSystem.write(owner, to: path.appending("owner"))
            }
            _ = try sides.transport().upload(files, from: sides.ours, report: .none)
            #expect(try sides.leftovers() == ["offbeat-1111111111111111"])
        }
    }

    // MARK: Trouble

    @Test func whereThereIsNoRemoteNothingIsMade() throws {
        try withSides { sides in
            let files = try sides.put("one")
            try FileSystem.removeTree(sides.remote)
            for makesMountPoint in [false, true] {
                if makesMountPoint { try FileSystem.makeDirectory(sides.remote) }
                let error = #expect(throws: SyncError.self) {
                    try sides.transport().upload(files, from: sides.ours, report: .none)
                }
                #expect(error?.code == .offline)
                #expect(error?.message.contains("band.git") == true && error?.hint != nil)
                if makesMountPoint { #expect(try FileSystem.list(sides.remote).isEmpty) }
            }
        }
    }

    @Test(.enabled(if: canMount, "file systems cannot be mounted here"))
    func aRemoteThatIsFullIsToldBeforeTheFirstByte() throws {
        try withTemporaryDirectory { folder in
            try SmallDisk.with(at: folder, size: "1m") { disk in
                let sides = try Sides(folder, remoteIn: disk.path)
                let file = try sides.put(String(repeating: "long ", count: 300_000))
                let error = #expect(throws: SyncError.self) {
                    try sides.transport().upload(file, from: sides.ours, report: .none)
                }
                #expect(error?.code == .noSpace)
                #expect(error?.hint?.contains("at the remote") == true)
                #expect(try sides.there.files().isEmpty && sides.leftovers().isEmpty)
            }
        }
    }

    @Test(.enabled(if: canMount, "file systems cannot be mounted here"))
    func aRemoteThatMayNotBeWrittenSaysSo() throws {
        try withTemporaryDirectory { folder in
            try SmallDisk.with(at: folder, size: "1m") { disk in
                let sides = try Sides(folder, remoteIn: disk.path)
                let files = try sides.put("one")
                try disk.setReadOnly(true)
                let error = #expect(throws: SyncError.self) {
                    try sides.transport().upload(files, from: sides.ours, report: .none)
                }
                #expect(error?.code == .readOnly)
                #expect(error?.hint?.contains("permission to write") == true)
            }
        }
    }
}
