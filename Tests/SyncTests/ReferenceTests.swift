import Dispatch
import Files
import Git
import Sync
import Synchronization
import TestSupport
import Testing

/// References beside the branches of a folder that others write to as well.
@Suite struct ReferenceTests {
    private static let one = "refs/offbeat/claims/one"

    private func withFolder(_ body: (FilePath, FolderReferences) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("band.git")
            try FolderRemote(at: path).make()
            try body(path, FolderReferences(ofStoreAt: path))
        }
    }

    private func git(_ path: FilePath, _ arguments: String...) throws -> String {
        let result = try run(
            command: "git", arguments: ["-C", path.string] + arguments,
            environment: hermeticEnvironment(home: path.parent))
        try #require(result.status == 0, "git \(arguments): \(result.stderr)")
        return result.stdout
    }

    @Test func oneIsMadeOnceAndFoundByGit() throws {
        try withFolder { path, references in
            #expect(try references.references(below: "refs/offbeat/claims/").isEmpty)
            #expect(try references.reference(Self.one) == nil)
            #expect(try references.create(Self.one, standingFor: Array("first\n".utf8)))
            #expect(try !references.create(Self.one, standingFor: Array("second\n".utf8)))
            let found = try #require(try references.reference(Self.one))
            #expect(found.bytes.map { String(decoding: $0, as: UTF8.self) } == "first\n")
            #expect(try references.references(below: "refs/offbeat/claims/") == [found])
            #expect(try references.references(below: "refs/offbeat/other/").isEmpty)
            #expect(try git(path, "cat-file", "blob", Self.one) == "first\n")
            #expect(try git(path, "fsck", "--strict").isEmpty)
        }
    }

    @Test func oneIsTakenAwayOnlyAsItIsKnown() throws {
        try withFolder { path, references in
            #expect(try references.create(Self.one, standingFor: [1]))
            let found = try #require(try references.reference(Self.one))
            let other = NamedFile(
                name: found.name, id: try #require(ObjectID(hex: String(repeating: "1", count: 40))), bytes: [2])
            #expect(try !references.remove(other))
            #expect(try references.reference(Self.one) == found)
            #expect(try references.remove(found))
            #expect(try !references.remove(found))
            #expect(try references.reference(Self.one) == nil)
            #expect(try git(path, "for-each-ref").isEmpty)
            #expect(try references.create(Self.one, standingFor: [3]))
        }
    }

    /// A disk may be pulled out between two posts that are published.
    @Test func whereTheFolderIsGoneItIsOffline() throws {
        try withFolder { path, references in
            #expect(try references.create(Self.one, standingFor: [1]))
            let found = try #require(try references.reference(Self.one))
            try FileSystem.rename(path, to: path.parent.appending("away.git"))
            for change in [
                { (it) throws in try it.create("refs/offbeat/claims/two", standingFor: [2]) },
                { (it) throws in try it.remove(found) },
            ] as [(FolderReferences) throws -> Bool] {
                let error = #expect(throws: SyncError.self) { _ = try change(references) }
                #expect(error?.code == .offline && error?.message == "there is no remote at \(path)")
            }
            #expect(!FileSystem.exists(path))
        }
    }

    @Test func whatGitHasPackedIsFoundAndTakenAway() throws {
        try withFolder { path, references in
            for name in ["a", "b", "c"] {
                #expect(try references.create("refs/offbeat/claims/\(name)", standingFor: [1]))
            }
            _ = try git(path, "pack-refs", "--all")
            #expect(!FileSystem.exists(path.appending("refs/offbeat/claims/b")))
            #expect(try !references.create("refs/offbeat/claims/b", standingFor: [2]))
            let all = try references.references(below: "refs/offbeat/claims/")
            #expect(all.map(\.name) == ["a", "b", "c"].map { "refs/offbeat/claims/\($0)" })
            #expect(try references.remove(all[1]))
            let left = try git(path, "for-each-ref", "--format=%(refname)")
            #expect(left == "refs/offbeat/claims/a\nrefs/offbeat/claims/c\n")
            #expect(try references.create("refs/offbeat/claims/b", standingFor: [2]))
        }
    }

    @Test func aLockThatTheDeadLeftIsBrokenAndALivingOneIsWaitedFor() throws {
        try withFolder { path, references in
            let lock = path.appending("refs/offbeat/claims/one.lock")
            try FileSystem.makeDirectories(lock.parent)
            // Of a program that died an hour ago, by the clock of the folder.
            try FileSystem.write("", to: lock)
            _ = try run(command: "touch", arguments: ["-d", "1 hour ago", lock.string])
            #expect(try references.create(Self.one, standingFor: [1]))
            #expect(!FileSystem.exists(lock))
        }
        try withFolder { path, references in
            let lock = path.appending("refs/offbeat/claims/one.lock")
            try FileSystem.makeDirectories(lock.parent)
            try FileSystem.write("", to: lock)
            let watch = Stopwatch()
            let release = DispatchWorkItem {
                SystemClock.sleep(seconds: 0.3)
                _ = try? FileSystem.remove(lock)
            }
            DispatchQueue.global().async(execute: release)
            #expect(try references.create(Self.one, standingFor: [1]))
            #expect(watch.seconds > 0.25)
            release.wait()
        }
    }

    /// Whoever sweeps takes with a dead one's directory what tells that a lock is theirs, so all of theirs go before.
    @Test(arguments: ["refs/offbeat/claims/one", "refs/offbeat/arbiter", "refs/heads/main", "packed-refs"])
    func theLocksOfTheDeadGoBeforeTheirDirectory(_ name: String) throws {
        try withFolder { path, references in
            let directory = path.appending("lfs/tmp/offbeat-0123456789abcdef")
            try FileSystem.makeDirectories(directory)
            let thisRun = try FileSystem.read("/proc/sys/kernel/random/boot_id", limit: 64)
            try FileSystem.write(thisRun, to: directory.appending("owner"))
            try FileSystem.write("", to: directory.appending("0"))
            let lock = path.appending(FilePath("\(name).lock"))
            try FileSystem.makeDirectories(lock.parent)
            _ = try run(command: "ln", arguments: [directory.appending("0").string, lock.string])
            #expect(FileSystem.exists(lock))
            #expect(try references.create("refs/offbeat/claims/two", standingFor: [1]))
            #expect(!FileSystem.exists(lock) && !FileSystem.exists(directory))
        }
    }

    @Test func ofManyAtOnceOneMakesIt() throws {
        try withFolder { path, _ in
            for round in 0..<50 {
                let winners = Mutex<[Int]>([])
                DispatchQueue.concurrentPerform(iterations: 4) { number in
                    let made = try? FolderReferences(ofStoreAt: path).create(
                        "refs/offbeat/claims/\(round)", standingFor: [UInt8(number)])
                    if made == true { winners.withLock { $0.append(number) } }
                }
                let found = try FolderReferences(ofStoreAt: path).reference("refs/offbeat/claims/\(round)")
                #expect(winners.withLock { $0 }.map { [UInt8($0)] } == [found?.bytes])
            }
        }
    }
}
