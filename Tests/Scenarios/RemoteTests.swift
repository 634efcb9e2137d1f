import Catalog
import Files
import TestSupport
import Testing

/// `remote add`, `ls`, `rm`, `set-url` and `init --remote`: what plain git finds afterwards, and what is refused.
@Suite struct RemoteTests {
    private func remotes(_ studio: Studio) throws -> [String] {
        try studio.json("remote", "ls").done().json()["remotes"]?.asArray?.map {
            "\($0["name"]?.asString ?? "") \($0["url"]?.asString ?? "")"
        } ?? []
    }

    @Test func aRemoteIsMadeAndPlainGitFindsIt() throws {
        try Studio.withStore { studio in
            let place = studio.work.appending("nas/band.git")
            let added = try studio.json("remote", "add", "origin", "nas/band.git").done().json()
            #expect(
                added["made"] == true && added["url"]?.asString == place.string, "a path leads there from anywhere")
            #expect(try remotes(studio) == ["origin \(place)"])
            #expect(try studio.git("remote", "get-url", "origin").done().line == place.string)
            // Plain git takes it for a remote like any other.
            try studio.git("push", "-q", "origin", "main").done()
            try studio.git("fetch", "-q", "origin").done()
            #expect(try studio.git("rev-parse", "origin/main").done().line == studio.head())
            try studio.expectSound()
        }
    }

    @Test func aRemoteThatIsThereIsAddedAsItIs() throws {
        try Studio.withStore { studio in
            try studio.offbeat("remote", "add", "origin", "band.git").done()
            try studio.git("push", "-q", "origin", "main").done()
            let url = "file://\(studio.work.appending("band.git"))"
            let added = try studio.json("remote", "add", "again", Word(FilePath(url))).done().json()
            #expect(added["made"] == false && added["url"]?.asString == url)
        }
    }

    @Test func aRemoteIsForgotten() throws {
        try Studio.withStore { studio in
            try studio.offbeat("remote", "add", "origin", "band.git").done()
            try studio.git("push", "-q", "origin", "main").done()
            #expect(try studio.git("for-each-ref", "refs/remotes").done().text.contains("refs/remotes/origin/main"))
            try studio.offbeat("remote", "rm", "origin").done()
            #expect(try remotes(studio).isEmpty)
            #expect(
                try studio.git("for-each-ref", "refs/remotes").done().text == "", "it confirms nothing any more")
            #expect(try studio.git("config", "--get-regexp", "^remote\\.").status == 1)
            #expect(FileSystem.exists(studio.work.appending("band.git/HEAD")))
            try studio.json("remote", "rm", "origin").expectFailure(3, "not-found")
        }
    }

    @Test func aRemoteMovesOnlyToWhereOneIs() throws {
        try Studio.withStore { studio in
            try studio.offbeat("remote", "add", "origin", "band.git").done()
            let moved = studio.work.appending("moved.git")
            try studio.json("remote", "set-url", "origin", Word(moved)).expectFailure(75, "offline")
            #expect(!FileSystem.exists(moved), "only add makes a remote")
            try FileSystem.rename(studio.work.appending("band.git"), to: moved)
            try studio.offbeat("remote", "set-url", "origin", "moved.git").done()
            #expect(try remotes(studio) == ["origin \(moved)"])
            try studio.json("remote", "set-url", "other", Word(moved)).expectFailure(3, "not-found")
        }
    }

    @Test func whatIsNoRemoteOfThisStoreIsRefused() throws {
        try Studio.withStore { studio in
            let others = studio.work.appending("other")
            try studio.offbeat("init", Word(others)).done()
            try studio.json("remote", "add", "a", Word(others)).expectFailure(4, "not-allowed")
            let plain = studio.work.appending("plain.git")
            try studio.run(["git", "init", "-q", "--bare", "-b", "main", Word(plain)]).done()
            try studio.offbeat("remote", "add", "fresh", Word(plain)).done()
            try studio.git("push", "-q", Word(plain), "main:refs/heads/work").done()
            try studio.json("remote", "add", "b", Word(plain)).expectFailure(4, "not-allowed")
            let folder = studio.work.appending("folder")
            try FileSystem.makeDirectory(folder)
            try FileSystem.write("text", to: folder.appending("notes.txt"))
            try studio.json("remote", "add", "c", Word(folder)).expectFailure(4, "not-allowed")
            try studio.json("remote", "add", "d", "ssh://host.invalid/band.git").expectFailure(75, "offline")
            try studio.json("remote", "add", "fresh", "new.git").expectFailure(4, "wrong-state")
            for name in ["", "a/b", "-x", "a b", "..", "a.lock"] {
                try studio.json("remote", "add", "--", Word(name), "new.git").expectFailure(2, "usage")
            }
            try studio.json("remote", "add", "e", "").expectFailure(2, "usage")
            #expect(!FileSystem.exists(studio.work.appending("new.git")))
            #expect(try remotes(studio) == ["fresh \(plain)"])
        }
    }

    @Test func aFolderThatAnotherProgramSyncsIsRefused() throws {
        try Studio.withStore { studio in
            let synced = studio.work.appending("Dropbox")
            try FileSystem.makeDirectory(synced)
            let outcome = try studio.json("remote", "add", "origin", "Dropbox/band.git")
            try outcome.expectFailure(4, "not-allowed")
            #expect(outcome.text.contains("Dropbox syncs"))
            #expect(try FileSystem.list(synced).isEmpty)
        }
    }

    @Test func aStoreIsMadeWithItsRemote() throws {
        try Studio.with { studio in
            try studio.offbeat("init", "--user", "ana", "--remote", "nas/band.git").done()
            #expect(try remotes(studio) == ["origin \(studio.work.appending("nas/band.git"))"])
            try studio.git("push", "-q", "origin", "main").done()
            let second = studio.work.appending("second")
            try studio.json("init", Word(second), "--remote", "nas/band.git").expectFailure(4, "not-allowed")
            #expect(!FileSystem.exists(second), "nothing is made without its remote")
            #expect(try studio.json("init", Word(second), "--remote", "/proc/none/band.git").status != 0)
            #expect(!FileSystem.exists(second), "nor where the remote cannot be made")
            #expect(try studio.json("init", "--remote", "other.git").status != 0)
            #expect(!FileSystem.exists(studio.work.appending("other.git")), "a store that is there makes no remote")
        }
    }
}
