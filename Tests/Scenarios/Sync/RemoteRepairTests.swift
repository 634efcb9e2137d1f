import Catalog
import Digest
import Files
import Glibc
import TestSupport
import TestTraits
import Testing

/// `fsck --remote --repair`: what a laptop has comes back to a remote that has lost it, and nothing else changes there.
@Suite(.waiting) struct RemoteRepairTests {
    @Test(arguments: RemoteDamage.all) func damageIsMended(_ damage: RemoteDamage) throws {
        try Tour.with { tour in
            let head = try tour.remoteHead()
            try damage.make(tour)
            let repair = try tour.check("ana", "--deep", "--repair")
            #expect(repair.status == 0 && repair.kinds.contains(damage.kind), "\(repair)")
            for problem in repair.problems { #expect(problem["repaired"] == true, "\(problem)") }
            try tour.expectMended(at: head)
        }
    }

    /// What a check that is not deep has found needs no deep one to be mended.
    @Test(arguments: RemoteDamage.all.filter { !$0.isDeep })
    func aQuickCheckMendsWhatItFinds(_ damage: RemoteDamage) throws {
        try Tour.with { tour in
            try damage.make(tour)
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 0 && !repair.problems.isEmpty, "\(repair)")
            #expect(try tour.check("ana").status == 0)
        }
    }

    @Test func severalDamagesAtOnce() throws {
        var random = SeededRandom()
        for _ in 0..<4 {
            let drawn = (0..<3).compactMap { _ in RemoteDamage.all.randomElement(using: &random) }
            // What git itself cannot look past comes last, and alone: git does the other damages.
            let damages = drawn.filter { !$0.stopsGit } + drawn.filter(\.stopsGit).prefix(1)
            try Tour.with { tour in
                let head = try tour.remoteHead()
                // What is damaged already may be out of reach for another damage: then that one is left out.
                let done = damages.filter { (try? $0.make(tour)) != nil }
                // Without a branch, and without a version that can be read, nothing tells whose remote it is.
                let hides = done.contains { $0.name.contains("pack") || $0.name == "everything missing" }
                if hides, done.contains(where: { $0.kind == "ref" }) { return }
                let repair = try tour.check("ana", "--deep", "--repair")
                try #require(repair.status == 0, "\(done.map(\.name)); \(random): \(repair)")
                try tour.expectMended(at: head)
            }
        }
    }

    /// Versions from before tell as well whose remote it is.
    @Test func aBranchIsMendedWhoseVersionIsGone() throws {
        try Tour.with { tour in
            let head = try tour.remoteHead()
            try FileSystem.remove(tour.looseAtRemote("main"))
            try FileSystem.write("scribble", to: tour.atRemote("refs/heads/main"))
            #expect(try tour.check("ana", "--repair").status == 0)
            try tour.expectMended(at: head)
        }
    }

    // MARK: Files

    @Test func whatWasDamagedIsKept() throws {
        try Tour.with { tour in
            let file = try tour.fileAtRemote()
            let right = try FileSystem.read(file)
            try tour.hurtAtRemote(file) { $0.dropLast() + [1] }
            #expect(try tour.check("ana", "--percent", "100", "--repair").status == 0)
            let kept = tour.atRemote("lfs/bad").appending(file.lastComponent ?? ".")
            #expect(try FileSystem.read(kept) == right.dropLast() + [1])
            #expect(try FileSystem.read(file) == right)
        }
    }

    /// Each side has lost what the other has.
    @Test func bothSidesAreMended() throws {
        try Tour.with { tour in
            try tour.at("ana", "add", "--no-analyze", Word(tour.studio.sound("second.wav", seed: 9))).done()
            try tour.sync("ana").done()
            let there = try tour.fileAtRemote()
            let second = try tour.json("ana", "show", "second").done().json()["audio"]?["oid"]?.asString ?? ""
            let here = "lfs/objects/\(second.prefix(2))/\(second.dropFirst(2).prefix(2))/\(second)"
            try FileSystem.remove(there)
            try FileSystem.remove(tour.store("ana").appending(here))
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 0 && repair.ofRemote.count == 1 && repair.problems.count >= 2, "\(repair)")
            #expect(FileSystem.exists(there) && FileSystem.exists(tour.store("ana").appending(here)))
            try tour.expectMended(at: tour.remoteHead())
        }
    }

    /// What this laptop has let go of may be at another remote.
    @Test func aFileComesFromAnotherRemote() throws {
        try Tour.with { tour in
            try tour.at("ana", "remote", "add", "stick", Word(tour.studio.work.appending("stick.git"))).done()
            try tour.sync("ana", "stick").done()
            try tour.drop("ana")
            try FileSystem.remove(tour.fileAtRemote())
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 0 && repair.ofRemote.count == 1, "\(repair)")
            try tour.expectMended(at: tour.remoteHead())
        }
    }

    @Test func whatIsNotHereIsLeftToWhoHasIt() throws {
        try Tour.with { tour in
            try tour.drop("ana")
            try FileSystem.remove(tour.fileAtRemote())
            let lost = try tour.check("ana", "--repair")
            #expect(lost.status == 6 && lost.ofRemote.first?["repaired"] == false, "\(lost)")
            #expect("\(lost)".contains("on a laptop that has it"), "\(lost)")
            #expect(try tour.check("ben", "--repair").status == 0)
            try tour.expectMended(at: tour.remoteHead())
        }
    }

    /// Bytes that are wrong here do not take the place of others that are.
    @Test func whatIsDamagedHereIsNotBrought() throws {
        try Tour.with { tour in
            let file = try tour.fileAtRemote()
            let own = tour.store("ana").appending(
                String(file.string.dropFirst(tour.remote.string.utf8.count + 1)))
            try FileSystem.remove(file)
            let bytes = try FileSystem.read(own)
            try FileSystem.remove(own)
            try FileSystem.write(bytes.dropLast() + [1], to: own, mode: 0o444)
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 6 && "\(repair)".contains("damaged here as well"), "\(repair)")
            #expect(!FileSystem.exists(file))
        }
    }

    // MARK: Objects and branches

    /// Of what another laptop pushed nothing is known here.
    @Test func anObjectThatIsNotHereIsLeftToWhoHasIt() throws {
        try Tour.with { tour in
            try tour.newVersion("ben")
            try tour.sync("ben").done()
            let head = try tour.remoteHead()
            try FileSystem.remove(tour.looseAtRemote("main^{tree}"))
            let lost = try tour.check("ana", "--repair")
            #expect(lost.status == 6 && lost.kinds == ["object"], "\(lost)")
            #expect("\(lost)".contains("on the laptop that pushed it"), "\(lost)")
            #expect(try tour.check("ben", "--repair").status == 0)
            try tour.expectMended(at: head)
        }
    }

    /// What somebody pushed after this laptop's last sync is not forgotten with the branch.
    @Test func aLostBranchGoesOnFromWhatLiesThere() throws {
        try Tour.with { tour in
            for _ in 1...2 {
                try tour.newVersion("ben")
                try tour.sync("ben").done()
            }
            let head = try tour.remoteHead()
            try FileSystem.write("scribble\n", to: tour.atRemote("refs/heads/main"))
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 0, "\(repair)")
            #expect(try FileSystem.read(tour.atRemote("lfs/bad/main")) == Array("scribble\n".utf8))
            try tour.expectMended(at: head)
        }
    }

    @Test func wherePersonsMustDecideNothingMoves() throws {
        try Tour.with { tour in
            // Two versions that lead on from the last one, and neither from the other.
            let head = try tour.remoteHead()
            let made = try ["One", "Two"].map { title in
                try tour.studio.git(
                    "-c", "user.name=G", "-c", "user.email=g@invalid", "commit-tree", "main^{tree}", "-p", "main",
                    "-m",
                    Word(title), in: tour.remote
                ).done().line
            }
            try FileSystem.remove(tour.atRemote("refs/heads/main"))
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 6 && made.allSatisfy { "\(repair)".contains($0.prefix(10)) }, "\(repair)")
            #expect(!FileSystem.exists(tour.atRemote("refs/heads/main")))
            try tour.studio.git("update-ref", "refs/heads/main", Word(head), in: tour.remote).done()
            #expect(try tour.check("ana").status == 0)
        }
    }

    /// A remote that was made anew is not this store's until somebody says so.
    @Test func anEmptiedRemoteIsNotFilled() throws {
        try Tour.with { tour in
            try FileSystem.removeTree(tour.remote)
            try tour.studio.git("init", "-q", "--bare", "-b", "main", Word(tour.remote), in: tour.studio.work)
                .done()
            let repair = try tour.check("ana", "--repair")
            #expect(repair.status == 6 && repair.kinds == ["ref"], "\(repair)")
            #expect(repair.problems.allSatisfy { $0["repaired"] == false }, "\(repair)")
            #expect(try tour.studio.git("for-each-ref", in: tour.remote).done().text.isEmpty)
            #expect(try FileSystem.list(tour.atRemote("objects/pack")).isEmpty)
        }
    }

    @Test func whoMovesTheBranchIsNotDisturbed() throws {
        try Tour.with { tour in
            try FileSystem.write("", to: tour.atRemote("refs/heads/main"))
            try FileSystem.write("", to: tour.atRemote("refs/heads/main.lock"))
            try tour.check("ana", "--repair").outcome.expectFailure(75, "locked")
            #expect(try FileSystem.read(tour.atRemote("refs/heads/main")).isEmpty)
        }
    }

    // MARK: Others

    @Test func twoLaptopsMendAtOnce() throws {
        try Tour.with { tour in
            let head = try tour.remoteHead()
            for round in 1...4 {
                try FileSystem.remove(tour.looseAtRemote("main:tracks"))
                try tour.hurtAtRemote(tour.looseAtRemote("main:offbeat.json")) { $0.map { $0 ^ 0x5A } }
                try tour.hurtAtRemote(tour.fileAtRemote()) { $0.dropLast() + [1] }
                if round > 2 { try FileSystem.write("", to: tour.atRemote("refs/heads/main")) }
                let both = try ["ana", "ben"].map {
                    try tour.start($0, "fsck", "--remote", "--deep", "--repair")
                }
                for repair in both {
                    let outcome = try repair.outcome(timeout: 60)
                    #expect(outcome.status == 0, "\(outcome)")
                }
                try tour.expectMended(at: head)
            }
        }
    }

    @Test(.enabled(if: Scenarios.canMount, "file systems cannot be mounted here"))
    func aRemoteThatMayNotBeWrittenIsToldOnce() throws {
        try Tour.onDisk(size: "16m") { tour, disk in
            try tour.sync("ana").done()
            #expect(try tour.check("ana").status == 0)
            try FileSystem.remove(tour.fileAtRemote())
            try disk.setReadOnly(true)
            #expect(try tour.check("ana").status == 6)
            try tour.check("ana", "--repair").outcome.expectFailure(1, "read-only")
            try disk.setReadOnly(false)
            #expect(try tour.check("ana", "--repair").status == 0)
            try tour.expectMended(at: tour.remoteHead())
        }
    }

    /// What is written there may be used by those whom the remote is shared with.
    @Test func permissionsAreThoseOfTheRemote() throws {
        try Tour.with { tour in
            try tour.studio.git("config", "core.sharedRepository", "group", in: tour.remote).done()
            try tour.hurtAtRemote(tour.fileAtRemote()) { $0.dropLast() + [1] }
            try tour.hurtAtRemote(tour.looseAtRemote("main^{tree}")) { $0.map { $0 ^ 0x5A } }
            for name in ["refs/heads/main", "HEAD"] { try FileSystem.write("", to: tour.atRemote(name)) }
            let before = umask(0o077)
            let repair = try tour.check("ana", "--deep", "--repair")
            umask(before)
            #expect(repair.status == 0, "\(repair)")
            func mode(_ path: FilePath) throws -> UInt32 { try FileSystem.status(of: path).mode & 0o7777 }
            #expect(try mode(tour.atRemote("lfs/bad")) & 0o2070 == 0o2070)
            #expect(try mode(tour.fileAtRemote()) & 0o040 == 0o040)
            for name in ["refs/heads/main", "HEAD"] {
                #expect(try mode(tour.atRemote(name)) & 0o060 == 0o060, "\(name)")
            }
            for entry in try FileSystem.list(tour.atRemote("objects/pack")) {
                #expect(try mode(tour.atRemote("objects/pack").appending(entry.name)) & 0o040 == 0o040)
            }
        }
    }
}

extension Tour {
    /// Lets go of the song here; the remote's file gets bytes of its own before.
    fileprivate func drop(_ laptop: String) throws {
        try hurtAtRemote(fileAtRemote()) { $0 }
        try at(laptop, "drop", song()).done()
    }

    /// The remote stands where it stood, nobody finds a fault in it, git-lfs clones it, and both laptops go on.
    fileprivate func expectMended(at head: String, location: SourceLocation = #_sourceLocation) throws {
        #expect(try remoteHead() == head, sourceLocation: location)
        let check = try check("ana", "--deep")
        #expect(check.status == 0 && check.ofRemote.isEmpty, "\(check)", sourceLocation: location)
        let clone = studio.work.appending("clone")
        try studio.git("clone", "-q", Word("file://\(remote)"), Word(clone), in: studio.work).done()
        try studio.git("lfs", "install", "--local", in: clone).done()
        try studio.git("lfs", "pull", in: clone).done()
        for case .file(let path) in DirectoryWalk(clone.appending("tracks")) where path.fileExtension == "wav" {
            #expect(try FileSystem.read(path).starts(with: "RIFF".utf8), "\(path)", sourceLocation: location)
        }
        try FileSystem.removeTree(clone)
        for laptop in ["ana", "ben", "ana"] { try sync(laptop).done() }
        try expectTogether(["ana", "ben"], location: location)
    }
}
