import Blobs
import Digest
import Files
import Sync
import TestSupport
import Testing

/// Files that come from a remote in a folder, which nobody trusts.
@Suite struct DownloadTests {
    @Test func theyAreHereAfterwards() throws {
        try withSides { sides in
            let long = String(repeating: "long ", count: 200_000)
            let files = try sides.give("one", "two", long)
            let tally = Tally()
            let download = try sides.transport().download(files + files, to: sides.ours, report: tally.report)
            #expect(download.files == 3 && download.bytes == 1_000_006)
            #expect(download.missing.isEmpty && download.damaged.isEmpty)
            #expect(tally.told == Tally.Sums(planned: [3, 1_000_006], files: 3, bytes: 1_000_006))
            #expect(try sides.ours.files() == files.sorted { $0.oid < $1.oid })
            #expect(try sides.ours.journal.differences().isEmpty)
            for file in files {
                #expect(try sides.ours.verify(file) == .sound)
                let statuses = try [sides.ours, sides.there].map {
                    try FileSystem.status(of: $0.path(of: file.oid))
                }
                #expect(!statuses[0].isSameFile(as: statuses[1]), "a file of the remote's is never ours")
                #expect(statuses[0].mode == 0o444)
            }
        }
    }

    @Test func whatIsHereStaysAsItIs() throws {
        try withSides { sides in
            let files = try sides.give("one", "two")
            try sides.put("one")
            let inode = try FileSystem.status(of: sides.ours.path(of: files[0].oid)).inode
            #expect(try sides.transport().download(files, to: sides.ours, report: .none).files == 1)
            #expect(try FileSystem.status(of: sides.ours.path(of: files[0].oid)).inode == inode)
            #expect(try sides.transport().download(files + [.empty], to: sides.ours, report: .none).files == 0)
        }
    }

    @Test func whatIsNotThereIsTold() throws {
        try withSides { sides in
            let files = try sides.give("one") + [sides.pointer("none")]
            let download = try sides.transport().download(files, to: sides.ours, report: .none)
            #expect(download.files == 1)
            #expect(download.missing == [files[1]])
            try FileSystem.removeTree(sides.there.directory)
            let none = try sides.transport().download([files[1]], to: sides.ours, report: .none)
            #expect(none.missing == [files[1]], "a remote to which no file was ever pushed")
        }
    }

    @Test(arguments: ["fifo", "link", "folder", "short", "long", "other bytes", "other large bytes", "socket"])
    func whatIsNoSuchFileIsToldAsDamaged(kind: String) throws {
        try withSides { sides in
            let sound = try sides.give("sound")
            let text = kind == "other large bytes" ? String(repeating: "bytes", count: 100_000) : "bytes"
            let file = sides.pointer(text)
            let path = sides.there.path(of: file.oid)
            try FileSystem.makeDirectories(path.parent)
            switch kind {
            case "fifo": try #require(run(command: "mkfifo", arguments: [path.string]).status == 0)
            case "link":
                try FileSystem.write(text, to: sides.folder.appending("right"))
                try FileSystem.symbolicLink(to: sides.folder.appending("right"), at: path)
            case "folder": try FileSystem.makeDirectory(path)
            case "short": try FileSystem.write("byte", to: path)
            case "long": try FileSystem.write("bytes and more", to: path)
            case "socket":
                let script = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])"
                // The name of a socket must be short.
                let made = try run(
                    command: "python3", arguments: ["-c", script, path.lastComponent!.string],
                    directory: path.parent)
                try #require(made.status == 0)
            default: try FileSystem.write(String(text.reversed()), to: path)
            }
            let download = try sides.transport().download(sound + [file], to: sides.ours, report: .none)
            #expect(download.files == 1)
            #expect(download.damaged == [file])
            #expect(try sides.ours.files() == sound)
            #expect(try FileSystem.list(sides.ours.directory.appending("tmp")).isEmpty)
        }
    }

    @Test func whatCameBeforeTheRemoteWentStays() throws {
        try withSides { sides in
            let files = try sides.give("one", "two")
            _ = try sides.transport().download([files[0]], to: sides.ours, report: .none)
            try FileSystem.rename(sides.remote, to: sides.folder.appending("away"))
            let error = #expect(throws: SyncError.self) {
                try sides.transport().download(files, to: sides.ours, report: .none)
            }
            #expect(error?.code == .offline)
            try FileSystem.rename(sides.folder.appending("away"), to: sides.remote)
            #expect(try sides.transport().download(files, to: sides.ours, report: .none).files == 1)
        }
    }

    /// The disk goes while files come: what is committed by then stays, and nobody takes the rest for lost.
    @Test func aRemoteThatGoesInTheMiddleIsOffline() throws {
        try withSides { sides in
            let texts = (0..<1500).map { "file \($0)" }
            let files = try texts.map { try sides.give($0)[0] }
            let away = sides.folder.appending("away")
            let report = TransferReport(
                planned: { _, _ in },
                done: { _, _ in _ = try? FileSystem.rename(sides.remote, to: away) })
            let error = #expect(throws: SyncError.self) {
                try sides.transport().download(files, to: sides.ours, report: report)
            }
            #expect(error?.code == .offline)
            let came = try sides.ours.files()
            #expect(!came.isEmpty && came.count < files.count)
            #expect(try sides.ours.journal.differences().isEmpty)
            try FileSystem.rename(away, to: sides.remote)
            let rest = try sides.transport().download(files, to: sides.ours, report: .none)
            #expect(rest.files == files.count - came.count && rest.missing.isEmpty)
        }
    }

    @Test(.enabled(if: canMount, "file systems cannot be mounted here"))
    func aDiskThatIsTooSmallIsToldBeforeTheFirstByte() throws {
        try withTemporaryDirectory { folder in
            try SmallDisk.with(at: folder, size: "2m") { disk in
                let sides = try Sides(folder)
                let files = try sides.give("one", String(repeating: "long ", count: 500_000))
                let small = try BlobStore.create(at: disk.path.appending("lfs"))
                let error = #expect(throws: SyncError.self) {
                    try sides.transport().download(files, to: small, report: .none)
                }
                #expect(error?.code == .noSpace)
                #expect(error?.hint?.contains("on this computer") == true)
                #expect(try small.files().isEmpty)
            }
        }
    }

    /// A file may say that it has as many bytes as there can be, and take no room.
    @Test(.enabled(if: canMount, "file systems cannot be mounted here")) func sizesBeyondAllMeasureAreCounted()
        throws
    {
        try withTemporaryDirectory { folder in
            try SmallDisk.with(at: folder, size: "4m") { disk in
                let sides = try Sides(folder, remoteIn: disk.path)
                let files = ["one", "two"].map { Pointer(oid: sides.pointer($0).oid, size: .max) }
                for file in files {
                    let path = sides.there.path(of: file.oid)
                    try FileSystem.makeDirectories(path.parent)
                    try FileSystem.write("", to: path)
                    try FileDescriptor.open(path, .write).truncate(to: .max)
                }
                for blobs in [sides.ours, try BlobStore.create(at: disk.path.appending("store/lfs"))] {
                    let error = #expect(throws: SyncError.self) {
                        try sides.transport().download(files, to: blobs, report: .none)
                    }
                    #expect(error?.code == .noSpace)
                    #expect(try blobs.files().isEmpty)
                }
            }
        }
    }
}
