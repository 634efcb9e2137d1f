import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// Laptops that share a bare repository which ssh reaches, and nothing else there: files go through the program itself, as
/// `git-lfs-transfer`.
@Suite(.waiting, .enabled(if: SSHServer.isAvailable, "needs OpenSSH")) struct SSHSyncTests {
    @Test(arguments: ["ed25519", "rsa", "ecdsa"])
    func twoLaptopsWorkApartAndComeTogether(_ key: String) throws {
        try FarTour.overSSH(hostKeys: [key], keyType: key) { tour, _ in
            try tour.begin()
            try tour.at("ana", "edit", "song 1", "title=Harbour").done()
            let sound = try tour.studio.sound("new.wav", seed: 9, frames: 300_000)
            try tour.at("ben", "add", "--no-analyze", Word(sound)).done()
            for laptop in ["ana", "ben", "ana"] { try tour.at(laptop, "sync").done() }
            #expect(try tour.titles("ben") == ["Harbour", "new", "song 2"])
            try tour.expectTogether(["ana", "ben"])
            let files = try tour.studio.git("lfs", "fsck", "--objects", in: tour.remote)
            #expect(files.status == 0, "\(files)")
            #expect(try FileSystem.list(tour.remote.appending("lfs/tmp")).isEmpty)
        }
    }

    @Test func gitLFSIsServedInBothDirections() throws {
        try FarTour.overSSH { tour, _ in
            try tour.begin()
            try tour.git("lfs", "install", "--skip-repo").done()
            try tour.git("config", "--global", "lfs.sshtransfer", "always").done()
            let clone = tour.studio.work.appending("clone")
            try tour.git("clone", "-q", Word(tour.url), Word(clone)).done()
            let audio = DirectoryWalk(clone.appending("tracks")).first { $0.path.lastComponent == "audio.wav" }
            let path = try #require(audio?.path)
            let mine = noise(seed: 78, frames: 5000)
            try FileSystem.write(mine, to: path)
            try tour.git("commit", "-qam", "Another take", in: clone).done()
            try tour.git("push", "-q", in: clone).done()
            try tour.at("ana", "sync").done()
            let id = try #require(path.parent.lastComponent)
            #expect(try tour.at("ana", "cat", Word(id)).done().out == mine)
            try tour.git("lfs", "fsck", in: clone).done()
            try tour.git("lfs", "lock", "offbeat.json", in: clone).done()
            #expect(try tour.git("lfs", "locks", in: clone).done().text.contains("offbeat.json"))
            try tour.git("lfs", "unlock", "offbeat.json", in: clone).done()
        }
    }

    @Test func anUnknownHostAndAStrangeKeyAreRefused() throws {
        try FarTour.overSSH { tour, server in
            try tour.begin()
            let known = server.folder.parent.appending("known")
            let true_ = try FileSystem.read(known)
            try FileSystem.write("", to: known)
            try tour.json("ana", "sync").expectFailure(4, "not-allowed")
            let other = server.folder.parent.appending("other")
            try SSHServer.makeKey(at: other, type: "ed25519")
            let line =
                try "[127.0.0.1]:\(server.port) "
                + String(decoding: FileSystem.read(FilePath("\(other).pub")), as: UTF8.self)
            try FileSystem.write(line, to: known)
            let changed = try tour.json("ana", "sync")
            try changed.expectFailure(4, "not-allowed")
            #expect(changed.text.contains("key"))
            try FileSystem.write(true_, to: known)
            try tour.at("ana", "sync").done()
        }
    }

    @Test func whoIsNotLetInIsTold() throws {
        try FarTour.overSSH { tour, server in
            try tour.begin()
            try FileSystem.write("", to: server.folder.appending("authorized"), mode: 0o600)
            try tour.json("ana", "sync").expectFailure(4, "not-allowed")
        }
    }

    @Test func noHostIsTryAgainLater() throws {
        try FarTour.overSSH { tour, server in
            try tour.begin()
            server.stop()
            try tour.at("ana", "edit", "song 1", "title=Offline").done()
            try tour.json("ana", "sync").expectFailure(75, "offline")
            #expect(try tour.titles("ana").contains("Offline"))
        }
    }

    /// The claim is a reference that is made only where there is none, also at the other end of ssh.
    @Test func aPostIsHandedOverOnceByTwoLaptops() throws {
        try FarTour.overSSH { tour, _ in
            try tour.begin()
            let out = tour.studio.work.appending("out")
            try FileSystem.write("", to: out)
            try tour.at("ana", "workspace", "add", "band", "--name", "Band").done()
            try tour.at("ana", "workspace", "member", "add", "band", "ben", "--role", "owner").done()
            try tour.at("ana", "workspace", "edit", "band", "approval=none").done()
            try tour.at("ana", "sync").done()
            try tour.at("ben", "sync").done()
            for laptop in ["ana", "ben"] {
                try tour.at(
                    laptop, "workspace", "target", "band", "command", "--", "sh", "-c", "cat >> \(out)"
                )
                .done()
            }
            for laptop in ["ana", "ben", "ana"] { try tour.at(laptop, "sync").done() }
            for number in 1...3 {
                let new = try tour.json("ana", "post", "new", "-w", "band", "Text \(number)").done().json()
                let id = Word(try #require(new["id"]?.asString))
                try tour.at("ana", "post", "submit", id).done()
                for laptop in ["ana", "ben"] { try tour.at(laptop, "sync").done() }
                let running = try ["ana", "ben"].map { try tour.start($0, "publish", id) }
                let outcomes = try running.map { try $0.outcome() }
                let text = try String(decoding: FileSystem.read(out), as: UTF8.self)
                let times = text.split(separator: "Text \(number)", omittingEmptySubsequences: false).count - 1
                #expect(times == 1, "\(outcomes)\n\(text)")
                for laptop in ["ana", "ben", "ana"] { try tour.at(laptop, "sync").done() }
            }
        }
    }
}
