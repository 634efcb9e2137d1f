import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// `fsck --remote`: what is the matter at a remote is told, and nothing is written there.
@Suite(.waiting) struct RemoteCheckTests {
    @Test func aSoundRemoteIsLookedAtAndNotTouched() throws {
        try Tour.with { tour in
            let before = try fingerprint(of: tour.remote)
            let quick = try tour.check("ana")
            #expect(quick.status == 0 && quick.problems.isEmpty, "\(quick)")
            #expect(try quick.count("remoteFiles") == 1 && quick.count("remoteHashed") == 0, "\(quick)")
            let deep = try tour.check("ana", "--deep", "--repair")
            #expect(deep.status == 0 && deep.problems.isEmpty, "\(deep)")
            #expect(try deep.count("remoteHashed") == 1, "\(deep)")
            let objects = try tour.studio.git("rev-list", "--objects", "--all", "--count", in: tour.remote).done()
                .line
            #expect(try deep.count("remoteObjects") == Int64(objects), "\(deep)")
            #expect(try quick.count("remoteObjects") ?? .max < deep.count("remoteObjects") ?? 0, "\(quick)")
            #expect(try fingerprint(of: tour.remote) == before)
            #expect(try tour.json("ana", "fsck").done().json()["checked"]?["remoteFiles"] == nil)
        }
    }

    /// The version that the remote stands at is looked at as a whole, also where this laptop has not seen it yet.
    @Test func whatIsNewThereIsLookedAt() throws {
        try Tour.with { tour in
            try tour.at("ben", "add", "--no-analyze", Word(tour.studio.sound("new.wav", seed: 9))).done()
            try tour.at("ben", "edit", "new", "album=Later").done()
            try tour.sync("ben").done()
            let sound = try tour.check("ana", "--percent", "100")
            #expect(try sound.status == 0 && sound.count("remoteFiles") == 2 && sound.count("remoteHashed") == 2)
            try FileSystem.remove(tour.looseAtRemote("main~1^{tree}"))
            let damaged = try tour.check("ana")
            #expect(damaged.status == 6 && damaged.ofRemote.count == 1 && damaged.kinds == ["object"], "\(damaged)")
        }
    }

    @Test(arguments: RemoteDamage.all) func damageIsTold(_ damage: RemoteDamage) throws {
        try Tour.with { tour in
            try damage.make(tour)
            let before = try Surface(of: tour.remote)
            let quick = try tour.check("ana")
            #expect(quick.status == (damage.isDeep ? 0 : 6), "\(quick)")
            let deep = try tour.check("ana", "--deep")
            #expect(deep.status == 6, "\(deep)")
            for found in damage.isDeep ? [deep] : [quick, deep] {
                #expect(found.kinds.contains(damage.kind), "\(found)")
                #expect(found.ofRemote.count == found.problems.count, "\(found)")
                for problem in found.problems {
                    #expect(problem["detail"]?.asString?.contains(tour.remote.string) == true, "\(problem)")
                    #expect(problem["repaired"] == false)
                }
            }
            #expect(try Surface(of: tour.remote) == before, "it was only to be looked at")
        }
    }

    // MARK: Remotes that are not there

    @Test func aRemoteThatIsAwayIsToldAsBySync() throws {
        try Tour.with { tour in
            let away = tour.studio.work.appending("away")
            try FileSystem.rename(tour.remote, to: away)
            for words in [[], ["--repair"]] as [[Word]] {
                let call = ["--json", "--store", Word(tour.store("ana")), "fsck", "--remote"] + words
                let outcome = try tour.studio.offbeat(words: call)
                try outcome.expectFailure(75, "offline")
                #expect(try outcome.json() == tour.sync("ana").json())
            }
            try FileSystem.makeDirectory(tour.remote)
            try tour.check("ana", "--repair").outcome.expectFailure(75, "offline")
            #expect(try FileSystem.list(tour.remote).isEmpty)
        }
    }

    @Test func anotherStoresRemoteIsNotLookedAt() throws {
        try Tour.with { tour in
            try tour.studio.offbeat("init", "other", "--remote", "other.git").done()
            try tour.studio.offbeat("--store", "other", "sync").done()
            let place = tour.studio.work.appending("other.git")
            try tour.studio.git("config", "remote.origin.url", Word(place), in: tour.store("ana")).done()
            let before = try fingerprint(of: place)
            try tour.check("ana", "--repair").outcome.expectFailure(4, "not-allowed")
            #expect(try fingerprint(of: place) == before)
        }
    }

    @Test func withoutARemoteThereIsNothingToAsk() throws {
        try Studio.withStore { studio in
            try studio.json("fsck", "--remote").expectFailure(2, "usage")
        }
    }

    /// The store itself is told about first, and its damage hides nothing else.
    @Test func damageOnBothSidesIsTold() throws {
        try Tour.with { tour in
            try FileSystem.remove(tour.fileAtRemote())
            try FileSystem.write("scribble", to: tour.store("ana").appending("lfs/journal"))
            let both = try tour.check("ana")
            #expect(both.status == 6 && both.kinds == ["journal", "file"] && both.ofRemote.count == 1, "\(both)")
            try FileSystem.write("", to: tour.store("ana").appending("refs/heads/main"))
            let unreadable = try tour.check("ana")
            #expect(unreadable.status == 6 && unreadable.kinds.contains("config"), "\(unreadable)")
        }
    }
}

/// Everything that lies in a place by its kind, size and time: pipes cannot be read.
private struct Surface: Equatable {
    private let lines: [String: String]

    init(of place: FilePath) throws {
        var lines: [String: String] = [:]
        for item in DirectoryWalk(place) {
            let status = try FileSystem.status(of: item.path, followingLinks: false)
            lines[item.path.string] = "\(status.kind) \(status.size) \(status.modified) \(status.mode)"
        }
        self.lines = lines
    }
}
