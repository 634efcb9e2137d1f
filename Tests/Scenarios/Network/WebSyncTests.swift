import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// Laptops that share a repository behind a web server: nginx with git's own `http-backend`, and git-lfs servers of others.
@Suite(
    .waiting,
    .enabled(if: WebServer.isInstalled && LFSServer.isInstalled, "`.ci/prepare test` lays down the servers"))
struct WebSyncTests {
    @Test(arguments: LFSServer.ofOthers)
    func twoLaptopsWorkApartAndComeTogether(_ kind: LFSServer.Kind) throws {
        try FarTour.overWeb(kind) { tour, _ in
            try tour.begin()
            try tour.at("ana", "edit", "song 1", "title=Harbour").done()
            try tour.at("ben", "edit", "song 1", "artist=Ben").done()
            let sound = try tour.studio.sound("new.wav", seed: 9, frames: 300_000)
            try tour.at("ben", "add", "--no-analyze", Word(sound)).done()
            for laptop in ["ana", "ben", "ana"] { try tour.at(laptop, "sync").done() }
            #expect(try tour.titles("ana") == ["Harbour", "new", "song 2"])
            #expect(try tour.titles("ben") == ["Harbour", "new", "song 2"])
            try tour.expectTogether(["ana", "ben"])
            // Nothing to do is nothing asked but where the branches stand.
            let document = try tour.json("ana", "sync").done().json()
            #expect(document["result"] == .string("up-to-date"))
        }
    }

    @Test func gitAndGitLFSReadWhatIsPushedAndPushWhatIsRead() throws {
        try FarTour.overWeb { tour, _ in
            try tour.begin()
            let clone = tour.studio.work.appending("clone")
            try tour.git("lfs", "install", "--skip-repo").done()
            try tour.git("clone", "-q", Word(tour.url), Word(clone)).done()
            let audio = DirectoryWalk(clone.appending("tracks")).first { $0.path.lastComponent == "audio.wav" }
            let path = try #require(audio?.path)
            let original = try FileSystem.read(tour.studio.work.appending("song 1.wav"))
            let other = try FileSystem.read(tour.studio.work.appending("song 2.wav"))
            #expect(try [original, other].contains(FileSystem.read(path)))
            // Somebody replaces the audio with plain git.
            let mine = noise(seed: 77, frames: 5000)
            try FileSystem.write(mine, to: path)
            try tour.git("commit", "-qam", "Another take", in: clone).done()
            try tour.git("push", "-q", in: clone).done()
            try tour.at("ana", "sync").done()
            let id = try #require(path.parent.lastComponent)
            let played = try tour.at("ana", "cat", Word(id)).done()
            #expect(played.out == mine)
            #expect(try tour.head("ana") == tour.studio.git("rev-parse", "main", in: tour.remote).done().line)
        }
    }

    @Test func aPasswordIsTakenFromGitsHelpersAndNobodyIsAsked() throws {
        var settings = WebServer.Settings()
        settings.people = ["ana": "s3cret"]
        try FarTour.overWeb(.giftless, settings) { tour, server in
            try tour.studio.offbeat("init", "eve", "--user", "eve", "--name", "Other").done()
            let unknown = try tour.json("eve", "remote", "add", "origin", Word(tour.url))
            try unknown.expectFailure(4, "not-allowed")
            let place = "http://ana:wrong@localhost:\(server.port)\n"
            let credentials = tour.studio.home.appending(".git-credentials")
            try FileSystem.write(place, to: credentials, mode: 0o600)
            try tour.git("config", "--global", "credential.helper", "store").done()
            let wrong = try tour.json("eve", "remote", "add", "origin", Word(tour.url))
            try wrong.expectFailure(4, "not-allowed")
            #expect(!wrong.text.contains("wrong@") && !wrong.complaint.contains("wrong"))
            // What the server did not take is forgotten.
            #expect(try FileSystem.read(credentials).isEmpty)
            try FileSystem.write(
                "http://ana:s3cret@localhost:\(server.port)\n", to: credentials, mode: 0o600)
            try tour.begin()
            try tour.expectTogether(["ana", "ben"])
            for laptop in ["ana", "ben"] {
                let text = try tour.at(laptop, "remote", "ls").done().text
                #expect(!text.contains("s3cret"))
                let config = try FileSystem.read(tour.store(laptop).appending("config"))
                #expect(!String(decoding: config, as: UTF8.self).contains("s3cret"))
            }
        }
    }

    @Test func watchingEndsWhereThePasswordHasCeasedToHold() throws {
        var settings = WebServer.Settings()
        settings.people = ["ana": "s3cret"]
        try FarTour.overWeb(.giftless, settings) { tour, server in
            // A helper that forgets nothing, as those have that read a password from somewhere else.
            let helper = "!f() { test \"$1\" = get && echo username=ana && echo password=s3cret; }; f"
            try tour.git("config", "--global", "credential.helper", Word(helper)).done()
            try tour.studio.offbeat("init", "ana", "--user", "ana", "--name", "Band").done()
            try tour.at("ana", "remote", "add", "origin", Word(tour.url)).done()
            let watcher = try tour.start("ana", "sync", "--watch", "--interval", "1")
            try eventually { try tour.json("ana", "status").done().json()["remote"]?["lastSync"] != .null }
            let people = tour.studio.root.appending("server/people")
            try FileSystem.write("ana:{PLAIN}an0ther\n", to: people)
            let outcome = try watcher.outcome()
            #expect(outcome.status == 4 && outcome.text.contains("does not take the name"), "\(outcome)")
            // Once without a password, as each conversation begins, and once with it.
            let refused = server.requests.reversed().prefix { $0.hasSuffix(" 401") }
            #expect(refused.count == 2, "\(server.requests)")
        }
    }

    @Test func aRepositoryThatHasMovedIsFollowed() throws {
        try FarTour.overWeb { tour, server in
            let old = try LoopbackServer { request in
                request.target.hasPrefix("/old/info/refs?")
                    ? .redirect(
                        to: server.url + request.target.replacing("/old/", with: "/team/band.git/"), status: 301)
                    : .reply(404)
            }
            try tour.studio.offbeat("init", "ana", "--user", "ana", "--name", "Band").done()
            let sound = try tour.studio.sound("song.wav", seed: 1, frames: 9_000)
            try tour.at("ana", "add", "--no-analyze", Word(sound)).done()
            try tour.at("ana", "remote", "add", "origin", "\(old.url)/old").done()
            let outcome = try tour.at("ana", "sync").done()
            #expect(outcome.text.contains("It has moved to \(tour.url); "), "\(outcome)")
            try tour.at("ana", "remote", "set-url", "origin", Word(tour.url)).done()
            #expect(try !tour.at("ana", "sync").done().text.contains("set-url"))
            try tour.expectTogether(["ana"])
        }
    }

    @Test func aPasswordInTheURLIsRefused() throws {
        try Studio.withStore { studio in
            let refused = try studio.json("remote", "add", "origin", "https://ana:s3cret@localhost:1/band.git")
            try refused.expectFailure(4, "not-allowed")
            #expect(!refused.text.contains("s3cret"))
        }
    }

    @Test func noServerIsTryAgainLaterAndNoRepositoryIsNot() throws {
        try FarTour.overWeb { tour, server in
            try tour.begin()
            try tour.at("ana", "remote", "set-url", "origin", Word(tour.url.replacingLast("band", "none")))
                .expectRefused(4)
            server.stop()
            try tour.at("ana", "edit", "song 1", "title=Offline").done()
            try tour.json("ana", "sync").expectFailure(75, "offline")
            #expect(try tour.titles("ana").contains("Offline"))
        }
    }

    @Test func anotherStoresRepositoryIsLeftAlone() throws {
        try FarTour.overWeb { tour, _ in
            try tour.begin()
            let head = try tour.studio.git("rev-parse", "main", in: tour.remote).done().line
            try tour.studio.offbeat("init", "eve", "--user", "eve", "--name", "Other").done()
            try tour.json("eve", "remote", "add", "origin", Word(tour.url)).expectFailure(4, "wrong-state")
            #expect(try tour.json("eve", "remote", "ls").done().json()["remotes"]?.asArray == [])
            #expect(try tour.studio.git("rev-parse", "main", in: tour.remote).done().line == head)
        }
    }

    @Test func aRepositoryOfSomethingElseIsLeftAlone() throws {
        try FarTour.overWeb { tour, _ in
            let work = tour.studio.work.appending("site")
            try tour.git("init", "-q", "-b", "trunk", Word(work)).done()
            try tour.git("commit", "-q", "--allow-empty", "-m", "x", in: work).done()
            try tour.git("push", "-q", Word(tour.url), "trunk", in: work).done()
            try tour.studio.offbeat("init", "ana", "--user", "ana").done()
            try tour.json("ana", "remote", "add", "origin", Word(tour.url)).expectFailure(4, "not-allowed")
        }
    }

    @Test func whatSomebodyElseHasLockedIsNotPushed() throws {
        try FarTour.overWeb(.plain) { tour, _ in
            try tour.begin()
            let tracks = try tour.json("ana", "ls").done().json()["tracks"]?.asArray ?? []
            let ids = try tracks.map { try #require($0["id"]?.asString) }
            let digits = ids.map { Array($0.prefix(3)).map(String.init).joined(separator: "/") }
            let locks = tour.studio.root.appending("server/files.locks")
            try FileSystem.write(
                #"[{"id":"1","path":"tracks/\#(digits[0])/\#(ids[0])/track.json","owner":{"name":"Eve"}}]"#,
                to: locks)
            try tour.at("ana", "edit", Word(ids[1]), "title=Free").done()
            try tour.at("ana", "sync").done()
            try tour.at("ana", "edit", Word(ids[0]), "title=Locked").done()
            let refused = try tour.json("ana", "sync")
            try refused.expectFailure(4, "not-allowed")
            #expect(refused.text.contains("Eve") && refused.text.contains(ids[0]), "\(refused)")
            try FileSystem.remove(locks)
            try tour.at("ana", "sync").done()
        }
    }

    @Test func whatAHookForbidsIsToldInItsWords() throws {
        try FarTour.overWeb { tour, _ in
            try tour.begin()
            let hook = tour.remote.appending("hooks/pre-receive")
            try FileSystem.write(
                "#!/bin/sh\necho 'main is frozen until Monday' >&2\nexit 1\n", to: hook, mode: 0o755)
            try tour.at("ana", "edit", "song 1", "title=Late").done()
            let refused = try tour.json("ana", "sync")
            try refused.expectFailure(4, "not-allowed")
            #expect(refused.text.contains("main is frozen until Monday"))
            try FileSystem.remove(hook)
            try tour.at("ana", "sync").done()
        }
    }
}

extension Outcome {
    fileprivate func expectRefused(_ status: Int32, location: SourceLocation = #_sourceLocation) {
        #expect(self.status == status, "\(self)", sourceLocation: location)
        #expect(complaint.split(separator: "\n").count == 1, "\(self)", sourceLocation: location)
    }
}

extension String {
    fileprivate func replacingLast(_ part: String, _ other: String) -> String {
        var pieces = split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let last = pieces.popLast() { pieces.append(last == "\(part).git" ? "\(other).git" : last) }
        return pieces.joined(separator: "/")
    }
}
