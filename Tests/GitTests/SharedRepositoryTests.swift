import Files
import Glibc
import TestSupport
import Testing

@testable import Git

/// A repository that others write to as well.
@Suite struct SharedRepositoryTests {
    private static let main = "refs/heads/main"

    private func withShared(_ body: (Fixture, SharedRepository, TemporaryDirectory) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let fixture = try Fixture(in: folder)
            let temporary = try TemporaryDirectory(in: fixture.repository.path.appending("lfs/tmp"))
            try body(fixture, SharedRepository(at: fixture.repository.path), temporary)
        }
    }

    // MARK: Opening

    @Test func aBareRepositoryIsOpened() throws {
        try withShared { fixture, shared, _ in
            #expect(try shared.head(Self.main) == nil)
            #expect(try !shared.hasBranches())
            let commit = try fixture.commit(["a": "1"])
            #expect(try shared.head(Self.main) == commit)
            #expect(try shared.hasBranches())
            try fixture.git("pack-refs", "--all")
            #expect(try shared.head(Self.main) == commit)
            #expect(!shared.deniesNonFastForwards && shared.sharing == nil)
        }
    }

    @Test func whatIsNoBareRepositoryIsNot() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectory(folder.appending("tree"))
            let git = try run(
                command: "git", arguments: ["-C", folder.appending("tree").string, "init", "-q"],
                environment: hermeticEnvironment(home: folder))
            try #require(git.status == 0)
            for place in [
                folder, folder.appending("tree"), folder.appending("tree/.git"), folder.appending("none"),
            ] {
                let error = #expect(throws: GitError.self) { _ = try SharedRepository(at: place) }
                #expect(error?.code == .notARepository, "\(place)")
            }
        }
    }

    @Test(arguments: ["extensions.objectFormat=sha256", "extensions.refStorage=reftable"])
    func formsThatOnlyNewerProgramsKnowAreRefused(_ setting: String) throws {
        try withShared { fixture, shared, _ in
            let parts = setting.split(separator: "=").map(String.init)
            try fixture.git("config", parts[0], parts[1])
            let error = #expect(throws: GitError.self) { _ = try SharedRepository(at: shared.path) }
            #expect(error?.code == .invalid && error?.message.contains(parts[1]) == true)
        }
    }

    /// Neither a file that its configuration includes is read, nor a pipe in a reference's place.
    @Test func nothingOfItIsWaitedFor() throws {
        try withShared { fixture, shared, _ in
            let pipe = shared.path.appending("pipe")
            #expect(mkfifo(pipe.string, 0o644) == 0)
            let config = try FileSystem.read(shared.path.appending("config"))
            try FileSystem.replaceAtomically(
                shared.path.appending("config"), with: config + Array("[include]\n\tpath = \(pipe)\n".utf8))
            let again = try SharedRepository(at: shared.path)
            #expect(mkfifo(shared.path.appending(Self.main).string, 0o644) == 0)
            let error = #expect(throws: GitError.self) { _ = try again.head(Self.main) }
            #expect(error?.code == .corrupt)
            try FileSystem.rename(pipe, to: shared.path.appending("HEAD"))
            #expect(throws: GitError.self) { _ = try SharedRepository(at: shared.path) }
        }
    }

    @Test(arguments: ["", "nonsense\n", "ref: refs/heads/other\n"])
    func aBranchThatNamesNoCommitIsTold(_ text: String) throws {
        try withShared { _, shared, _ in
            try FileSystem.makeDirectories(shared.path.appending("refs/heads"))
            try FileSystem.write(text, to: shared.path.appending(Self.main))
            #expect(throws: GitError.self) { _ = try shared.head(Self.main) }
        }
    }

    // MARK: Moving

    @Test func aBranchIsMovedOnlyFromWhereItStands() throws {
        try withShared { fixture, shared, temporary in
            let one = try fixture.commit(["a": "1"])
            let two = try fixture.commit(["a": "2"])
            try fixture.git("update-ref", Self.main, one.hex)
            try shared.move(Self.main, from: one, to: two, temporary: temporary, modes: .unshared)
            #expect(try fixture.git("rev-parse", "main") == two.hex + "\n")
            let error = #expect(throws: GitError.self) {
                try shared.move(Self.main, from: one, to: two, temporary: temporary, modes: .unshared)
            }
            #expect(error?.code == .moved)
            #expect(throws: GitError.self) {
                try shared.move(Self.main, from: nil, to: one, temporary: temporary, modes: .unshared)
            }
            #expect(try shared.head(Self.main) == two)
            #expect(try shared.lockStatus(of: Self.main) == nil)
            try shared.move("refs/heads/new/one", from: nil, to: one, temporary: temporary, modes: .unshared)
            #expect(try fixture.git("rev-parse", "new/one") == one.hex + "\n")
            #expect(try FileSystem.list(temporary.path).isEmpty)
        }
    }

    @Test func aPackedBranchIsMovedToo() throws {
        try withShared { fixture, shared, temporary in
            let one = try fixture.commit(["a": "1"])
            let two = try fixture.commit(["a": "2"])
            try fixture.git("update-ref", Self.main, one.hex)
            try fixture.git("pack-refs", "--all")
            try shared.move(Self.main, from: one, to: two, temporary: temporary, modes: .unshared)
            #expect(try fixture.git("rev-parse", "main") == two.hex + "\n")
        }
    }

    /// Git sees our lock, and we see git's.
    @Test func locksAreThoseOfGit() throws {
        try withShared { fixture, shared, temporary in
            let one = try fixture.commit(["a": "1"])
            let two = try fixture.commit(["a": "2"])
            let lock = shared.lockPath(of: Self.main)
            try FileSystem.write("", to: lock)
            let error = #expect(throws: GitError.self) {
                try shared.move(Self.main, from: two, to: one, temporary: temporary, modes: .unshared)
            }
            #expect(error?.code == .locked && error?.path == lock.string)
            #expect(try FileSystem.list(temporary.path).isEmpty)
            let git = try run(
                command: "git", arguments: ["-C", shared.path.string, "update-ref", Self.main, one.hex],
                environment: hermeticEnvironment(home: fixture.folder))
            #expect(git.status != 0 && git.stderr.contains("main.lock"))
            #expect(FileSystem.exists(lock))
        }
    }

    /// Of many that move it at once, each from where it saw it, every move is one step.
    @Test func manyMoversLoseNothing() throws {
        try withShared { fixture, shared, temporary in
            var commits: [ObjectID] = []
            for number in 0..<4 { commits.append(try fixture.commit(["a": "\(number)"])) }
            let all = commits
            let start = try #require(try shared.head(Self.main))
            let moves = Parallel.processors + 3
            try Parallel.forEach(count: moves, workers: moves) { number throws(GitError) in
                let shared = try SharedRepository(at: shared.path)
                var done = 0
                while done < 10 {
                    do throws(GitError) {
                        let now = try shared.head(Self.main)
                        try shared.move(
                            Self.main, from: now, to: all[(number + done) % all.count], temporary: temporary,
                            modes: .unshared)
                        done += 1
                    } catch { guard error.code == .moved || error.code == .locked else { throw error } }
                }
            }
            let end = try #require(try shared.head(Self.main))
            #expect(commits.contains(end) && commits.contains(start))
            #expect(try shared.lockStatus(of: Self.main) == nil)
        }
    }

    /// What cannot be read is no branch that anybody could compare with.
    @Test(arguments: ["", "scribble\n", "ref: refs/heads/other\n"])
    func aBranchThatCannotBeReadIsRestored(_ text: String) throws {
        try withShared { fixture, shared, temporary in
            let head = try fixture.commit(["a": "1"])
            let bad = shared.path.appending("lfs/bad")
            let restore = { () throws(GitError) in
                try shared.restore(Self.main, to: head, movingTo: bad, temporary: temporary, modes: .unshared)
            }
            try FileSystem.write(text, to: shared.path.appending(Self.main))
            try restore()
            #expect(try shared.head(Self.main) == head)
            #expect(try FileSystem.read(bad.appending("main")) == Array(text.utf8))
            // Whoever comes second finds it done.
            let error = #expect(throws: GitError.self) { try restore() }
            #expect(error?.code == .moved)
            try FileSystem.remove(shared.path.appending(Self.main))
            try FileSystem.write("", to: shared.lockPath(of: Self.main))
            let held = #expect(throws: GitError.self) { try restore() }
            #expect(held?.code == .locked)
            try FileSystem.remove(shared.lockPath(of: Self.main))
            try restore()
            #expect(try shared.head(Self.main) == head)
        }
    }

    @Test func whoSharesWithAGroupLetsItWrite() throws {
        try withShared { fixture, _, temporary in
            try fixture.git("config", "core.sharedRepository", "group")
            let one = try fixture.commit(["a": "1"])
            let shared = try SharedRepository(at: fixture.repository.path)
            #expect(shared.sharing == "group")
            let modes = SharedModes(configValue: shared.sharing)
            try shared.move("refs/heads/deep/er", from: nil, to: one, temporary: temporary, modes: modes)
            let file = try FileSystem.status(of: shared.path.appending("refs/heads/deep/er"))
            #expect(file.mode & 0o664 == 0o664)
            let folder = try FileSystem.status(of: shared.path.appending("refs/heads/deep"))
            #expect(folder.mode & 0o2070 == 0o2070)
        }
    }

    // MARK: Breaking locks

    @Test func aLockIsBrokenOnlyIfItIsTheOneThatWasLookedAt() throws {
        try withShared { fixture, shared, temporary in
            _ = try fixture.commit(["a": "1"])
            let lock = shared.lockPath(of: Self.main)
            try FileSystem.write("old", to: lock)
            let old = try #require(try shared.lockStatus(of: Self.main))
            try FileSystem.replaceAtomically(lock, with: Array("new".utf8))
            try shared.breakLock(of: Self.main, lookedAt: old, temporary: temporary)
            #expect(try FileSystem.read(lock) == Array("new".utf8))
            try shared.breakLock(
                of: Self.main, lookedAt: #require(try shared.lockStatus(of: Self.main)), temporary: temporary)
            #expect(!FileSystem.exists(lock))
            try shared.breakLock(of: Self.main, lookedAt: old, temporary: temporary)
            #expect(try FileSystem.list(temporary.path).isEmpty)
        }
    }
}

/// What a foreign repository's configuration says.
@Suite struct PlainConfigurationTests {
    private func with<R>(_ text: String, _ body: (PlainConfiguration) throws -> R) throws -> R {
        try withTemporaryDirectory { place throws in
            try FileSystem.write(text, to: place.appending("config"))
            try FileSystem.write("[core]\n\tsharedRepository = all\n", to: place.appending("other"))
            return try body(PlainConfiguration(of: place))
        }
    }

    @Test func valuesAreReadAsGitReadsThem() throws {
        let text = """
            # a comment
            [core] SharedRepository = "gro\\
            up" ; why not
            \tbare
            [remote "core"]
            \tsharedRepository = all
            [receive]
            denyNonFastForwards=2
            [include]
            path = other

            """
        try with(text) { configuration throws in
            #expect(configuration["core.sharedrepository"] == "group")
            #expect(configuration.flag("core.bare") == true)
            #expect(configuration.flag("receive.denynonfastforwards") == true)
            #expect(configuration.flag("core.nothing") == nil)
        }
    }

    @Test func whatGitDoesNotTakeIsRefused() throws {
        #expect {
            try with("[receive]\nbroken line\n") { _ in }
        } throws: {
            ($0 as? GitError)?.code == .invalid
        }
    }
}
