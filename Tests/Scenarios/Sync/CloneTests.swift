import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// `clone`: a copy of a shared library on another laptop.
@Suite(.waiting) struct CloneTests {
    @Test func aCloneHasAllOfIt() throws {
        try Tour.with([]) { tour in
            let cloned = try tour.studio.json("clone", "band.git", "ben", "--user", "ben").done().json()
            #expect(cloned["store"]?.asString == tour.store("ben").string && cloned["tracks"] == 1)
            #expect(cloned["files"]?["fetched"] == 1)
            #expect(try cloned["version"]?.asString == tour.head("ben"))
            #expect(try tour.tracks("ben").map { $0["here"] } == [true])
            #expect(try tour.json("ben", "remote", "ls").done().json()["remotes"]?.asArray?.count == 1)
            #expect(try tour.json("ben", "status").done().json()["user"] == "ben")
            try tour.at("ben", "sync").done()
            try tour.at("ana", "sync").done()
            try tour.expectTogether(["ana", "ben"])
            let people = try tour.json("ana", "user", "ls").done().json()["users"]?.asArray
            #expect(people?.compactMap { $0["handle"]?.asString }.sorted() == ["ana", "ben"])
        }
    }

    @Test(arguments: ["all", "pinned", "none"]) func aCloneFetchesWhatItIsToldTo(_ content: String) throws {
        try Tour.with([]) { tour in
            let cloned = try tour.studio.json(
                "clone", "band.git", "ben", "--user", "ana", "--content", "\(content)"
            ).done().json()
            #expect(cloned["files"]?["fetched"] == (content == "all" ? 1 : 0))
            #expect(try tour.at("ben", "config", "get", "content").done().line == content)
            #expect(try tour.tracks("ben").map { $0["here"] } == [.bool(content == "all")])
        }
    }

    @Test func whoIsThereAlreadyIsNotAddedAgain() throws {
        try Tour.with([]) { tour in
            try tour.studio.offbeat("clone", "band.git", "second", "--user", "ana").done()
            #expect(try tour.head("second") == tour.remoteHead())
            #expect(try tour.json("second", "status").done().json()["user"] == "ana")
        }
    }

    @Test func aCloneIsNamedLikeTheRemoteAndReadByOtherURLs() throws {
        try Tour.with([]) { tour in
            try tour.studio.offbeat("clone", "file://\(tour.remote)").done()
            #expect(try tour.head("band") == tour.remoteHead())
        }
    }

    @Test func whatIsNoStoreIsNotCloned() throws {
        try Tour.with([]) { tour in
            let work = tour.studio.work
            try tour.studio.json("clone", "nowhere.git", "new").expectFailure(75, "offline")
            try FileSystem.makeDirectory(work.appending("unmounted"))
            try tour.studio.json("clone", "unmounted", "new").expectFailure(75, "offline")
            try FileSystem.write("x", to: work.appending("unmounted/notes"))
            try tour.studio.json("clone", "unmounted", "new").expectFailure(4, "not-allowed")
            try tour.studio.git("init", "-q", "--bare", "empty.git", in: work).done()
            try tour.studio.json("clone", "empty.git", "new").expectFailure(4, "not-allowed")
            try tour.studio.json("clone", "ssh://host.invalid/band.git", "new").expectFailure(75, "offline")
            #expect(!FileSystem.exists(work.appending("new")))
            try tour.studio.json("clone", "band.git", "ana").expectFailure(4, "wrong-state")
            #expect(try FileSystem.list(work).allSatisfy { !$0.name.string.hasPrefix("offbeat-") })
        }
    }

    /// Packs that two stores share are the same files, and stay when the remote goes.
    @Test func aCloneOutlivesItsRemote() throws {
        try Tour.with([]) { tour in
            try tour.studio.git("gc", "-q", in: tour.remote).done()
            try tour.studio.offbeat("clone", "band.git", "ben", "--user", "ana").done()
            try FileSystem.removeTree(tour.remote)
            try tour.at("ben", "fsck", "--deep").done()
            let check = try tour.studio.git("fsck", "--full", "--strict", in: tour.store("ben"))
            #expect(check.status == 0, "\(check)")
        }
    }
}
