import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Saying where posts are brought out.
@Suite struct TargetTests {
    private static func request(
        _ kind: TargetKind, _ settings: [String: String] = [:], _ fill: (inout TargetRequest) -> Void = { _ in }
    ) -> TargetRequest {
        var request = TargetRequest(kind)
        request.settings = settings
        fill(&request)
        return request
    }

    private static let service = "https://api.example.org/api"

    private static func token(_ token: String?) -> TargetRequest {
        request(.http) { $0.token = token.map { .from(.value($0)) } ?? TargetRequest.TokenChange.none }
    }

    /// What is said here of the workspace `band`.
    private static func here(_ place: Place) throws -> LocalTargets.Settings {
        let id = try place.session("ana").showWorkspace("band").workspace.id
        return try LocalTargets.read(in: place.path)[id]
    }

    private static func names(_ place: Place) throws -> [String] {
        try place.session("vera").showWorkspace("band").targets.map(\.target.name)
    }

    // MARK: For everybody

    @Test func severalStandSideBySide() throws {
        try withBand { place in
            let ana = try place.session("ana")
            #expect(try Self.names(place) == ["feed"], "where nothing is said")
            _ = try ana.setTarget("band", Self.request(.http, ["url": Self.service + "/", "profile": "k"]))
            #expect(try Self.names(place) == ["http"])
            _ = try ana.setTarget("band", Self.request(.command) { $0.command = ["post-it"] })
            let feed = Self.request(.feed, ["title": "News", "baseUrl": "http://example.org/"]) {
                $0.isExplicit = true
            }
            let made = try ana.setTarget("band", feed).workspace
            #expect(made.targets.map(\.target.name) == ["command", "feed", "http"])
            #expect(made.targets[2].settings.map(\.value) == [Self.service, "k"])
            #expect(made.targets[1].settings.map(\.value) == ["News", "http://example.org", "yes"])
            let document = made.json["targetSettings"]
            #expect(document?["feed"]?["explicit"] == true && document?["feed"]?["dir"] == .null)
            #expect(document?["http"]?["token"] == .null && document?["command"]?["program"] == "post-it")

            // What is said is added to what was said, and an empty text takes it away.
            let changed = try ana.setTarget("band", Self.request(.feed, ["title": "", "language": "de"]))
            #expect(changed.workspace.targets[1].settings.map(\.name) == ["baseUrl", "language", "explicit"])
            #expect(try ana.removeTarget("band", .feed).remarks.isEmpty)
            _ = try ana.removeTarget("band", .command)
            #expect(try !ana.removeTarget("band", .http).remarks.isEmpty)
            #expect(try Self.names(place) == ["feed"])
            // What was taken away does not come back with what is said anew.
            let anew = try ana.setTarget("band", Self.request(.feed, ["language": "en"]))
            #expect(anew.workspace.targets.first?.settings.map(\.name) == ["language"])
        }
    }

    @Test func whatChangesNothingMakesNoVersion() throws {
        try withBand { place in
            let ana = try place.session("ana")
            let request = Self.request(.http, ["url": Self.service])
            let version = try ana.setTarget("band", request).version
            #expect(try ana.setTarget("band", request).version == version)
            #expect(try ana.setTarget("band", Self.token("t")).version == version)
            #expect(try place.session("ben").setTarget("band", Self.token("u")).version == version)
            #expect(try place.library.version() == version)
        }
    }

    @Test func whatIsOffIsRefused() throws {
        try withBand { place in
            let ana = try place.session("ana")
            let before = try place.library.version()
            let settings: [(TargetKind, [String: String])] = [
                (.http, [:]), (.http, ["url": ""]), (.http, ["url": "http://example.org"]), (.http, ["url": "x"]),
                (.http, ["url": "https://example.org/?a"]), (.http, ["url": "https://u:p@example.org"]),
                (.http, ["url": Self.service, "mediaUrlBase": "https://example.org/#a"]),
                (.feed, ["baseUrl": "example.org"]), (.feed, ["image": "cover.jpg"]), (.feed, ["baseUrl": "a b"]),
            ]
            for (kind, settings) in settings {
                try failure(.usage) { try ana.setTarget("band", Self.request(kind, settings)) }
            }
            let long = String(repeating: "x", count: 3_000)
            try failure(.overLimit) { try ana.setTarget("band", Self.request(.feed, ["title": long])) }
            for words in [[""], ["'a"], ["", "a"], ["a\u{0}", "b"]] {
                try failure(.usage) { try ana.setTarget("band", Self.request(.command) { $0.command = words }) }
            }
            for folder in [place.path, place.path.appending("feed"), "feed", FilePath(bytes: [0x2F, 0xFF])] {
                try failure(.usage) { try ana.setTarget("band", Self.request(.feed) { $0.folder = folder }) }
            }
            for source in [
                TokenSource.value("a b"), .value(""), .environment("1A"), .environment("A-B"), .file("t"),
            ] {
                try failure(.usage) {
                    try ana.setTarget(
                        "band", Self.request(.http, ["url": Self.service]) { $0.token = .from(source) })
                }
            }
            let gone = Self.request(.http, ["url": Self.service]) { $0.token = .from(.file("/nowhere/token")) }
            try failure(.notFound) { try ana.setTarget("band", gone) }
            try failure(.notFound) { try ana.removeTarget("band", .http) }
            try failure(.wrongState) { try ana.removeTarget("band", .feed) }
            #expect(try place.library.version() == before)
            #expect(try Self.here(place) == LocalTargets.Settings())
        }
    }

    // MARK: Who may

    @Test func ownersSayWhatIsForEverybody() throws {
        try withBand { place in
            _ = try place.session("ana").setTarget("band", Self.request(.http, ["url": Self.service]))
            let before = try place.library.version()
            for name in ["ben", "cara", "vera"] {
                let session = try place.session(name)
                try failure(.notAllowed) { try session.setTarget("band", Self.request(.http, ["profile": "x"])) }
                try failure(.notAllowed) { try session.setTarget("band", Self.request(.feed) { $0.folder = "/f" }) }
                try failure(.notAllowed) { try session.removeTarget("band", .http) }
                if name != "ben" { try failure(.notAllowed) { try session.setTarget("band", Self.token("t")) } }
            }
            try failure(.notFound) { try place.session("zoe").setTarget("band", Self.token("t")) }
            #expect(try place.library.version() == before)
        }
    }

    @Test func approversSayWhatIsForThisComputer() throws {
        try withBand { place in
            let ben = try place.session("ben")
            // The feed that there is where nothing is said.
            _ = try ben.setTarget("band", Self.request(.feed) { $0.folder = "/feed" })
            #expect(try Self.here(place).feedFolder == "/feed")
            try failure(.notAllowed) { try ben.setTarget("band", Self.token("t")) }
            _ = try place.session("ana").setTarget("band", Self.request(.http, ["url": Self.service]))
            _ = try ben.setTarget("band", Self.token("t"))
            // Ana has taken them away elsewhere: what is left here goes too.
            try failure(.notAllowed) { try ben.removeTarget("band", .http) }
            _ = try ben.removeTarget("band", .feed)
            #expect(try Self.here(place).feedFolder == nil && Self.here(place).commandWords == nil)
            try failure(.notFound) { try ben.removeTarget("band", .feed) }
        }
    }

    // MARK: For this computer

    @Test func whatIsForThisComputerIsInNoVersion() throws {
        try withBand { place in
            let ana = try place.session("ana")
            let request = Self.request(.http, ["url": Self.service]) { $0.token = .from(.value("s3cr3t")) }
            let made = try ana.setTarget("band", request)
            _ = try ana.setTarget("band", Self.request(.feed) { $0.folder = "/a/feed" })
            _ = try ana.setTarget("band", Self.request(.command) { $0.command = ["run 'a b' --x"] })
            let here = try Self.here(place)
            #expect(here.feedFolder == "/a/feed" && here.commandWords?.count == 3)
            #expect(try here.token(forHost: "api.example.org", environment: { _ in nil }) == "s3cr3t")
            let file = LocalTargets.folder(in: place.path).appending("targets.json")
            #expect(try FileSystem.status(of: file).mode == 0o600)
            #expect(try FileSystem.status(of: file.parent).mode == 0o700)
            #expect(try JSON.parse(FileSystem.read(file)).canonical() == FileSystem.read(file))
            #expect(made.workspace.json["targetSettings"]?["http"]?["token"] == "here")
            #expect(!made.workspace.json.description.contains("s3cr3t"))
            _ = try ana.setTarget("band", Self.request(.command) { $0.command = ["run", "a b"] })
            #expect(try Self.here(place).commandWords == [Array("run".utf8), Array("a b".utf8)])
            _ = try ana.setTarget("band", Self.token(nil))
            _ = try ana.removeTarget("band", .command)
            _ = try ana.removeTarget("band", .feed)
            #expect(try String(decoding: FileSystem.read(file), as: UTF8.self) == "{\n  \"workspaces\": {}\n}\n")
        }
    }

    @Test func aTokenDoesNotFollowToAnotherHost() throws {
        try withBand { place in
            let ana = try place.session("ana")
            _ = try ana.setTarget(
                "band", Self.request(.http, ["url": Self.service]) { $0.token = .from(.environment("T")) })
            let moved = try ana.setTarget("band", Self.request(.http, ["url": "https://evil.example.org"]))
            #expect(moved.remarks.count == 1 && moved.remarks[0].contains("api.example.org"))
            #expect(
                moved.workspace.targets[0].tokenHost == "api.example.org" && !moved.workspace.targets[0].isTokenUsed
            )
            #expect(moved.workspace.json["targetSettings"]?["http"]?["token"] == "environment")
            let said = try ana.setTarget("band", Self.token("t"))
            #expect(said.remarks.isEmpty && said.workspace.targets[0].isTokenUsed)
            // A teammate's program let this through.
            let id = said.workspace.workspace.id
            let path = "workspaces/\(id)/workspace.json"
            var record = try #require(try place.store.snapshot().workspace(id)).fields
            record["targets"] = ["http": ["at": record["targets"]?["http"]?["at"] ?? .null, "url": "http://x.org"]]
            try place.commitPlainly([path: JSON.object(record).canonical()])
            try failure(.wrongState) { try ana.setTarget("band", Self.token("t")) }
        }
    }

    @Test func aTokenFileThatOthersReadIsRemarkedOn() throws {
        try withBand { place in
            let file = place.folder.appending("token")
            let request = Self.request(.http, ["url": Self.service]) { $0.token = .from(.file(file)) }
            for (mode, remarks) in [(0o644, 1), (0o600, 0)] as [(UInt32, Int)] {
                try FileSystem.write("t\n", to: file, mode: mode)
                try FileSystem.setMode(of: file, to: mode)
                #expect(try place.session("ana").setTarget("band", request).remarks.count == remarks)
            }
        }
    }

    @Test func aDamagedFileIsNamedAndNotWrittenOver() throws {
        try withBand { place in
            let ana = try place.session("ana")
            let folder = LocalTargets.folder(in: place.path)
            try FileSystem.makeDirectory(folder)
            try FileSystem.write("{", to: folder.appending("targets.json"))
            let before = try place.library.version()
            for body in [
                { _ = try ana.showWorkspace("band") }, { _ = try ana.workspaces() },
                { _ = try ana.setTarget("band", Self.request(.feed) { $0.folder = "/f" }) },
            ] as [() throws -> Void] { try failure(.damaged) { try body() } }
            #expect(try place.library.version() == before)
            // What has nothing to do with it goes on.
            _ = try ana.addMember("zoe", to: "band", as: .viewer)
            #expect(try FileSystem.read(folder.appending("targets.json")) == Array("{".utf8))
        }
    }

    // MARK: Approving

    @Test func aPostThatTheServiceCannotShowIsNotApproved() throws {
        try withBand { place in
            let song = try place.add("song.wav", as: "cara").id.hex
            let ana = try place.session("ana")
            let post = try place.newPost { $0.track = song }
            let bare = try place.newPost("Words alone")
            for post in [post, bare] { _ = try place.decide(.submit, post, as: "cara") }
            _ = try ana.setTarget("band", Self.request(.http, ["url": Self.service]))
            let refusal = try failure(.wrongState) { try place.decide(.approve, post, as: "ben") }
            #expect(refusal.hint?.contains("--media-url-base") == true)
            #expect(try place.decide(.approve, bare, as: "ben") == .approved)
            _ = try place.decide(.reject, post, as: "ben")
            _ = try ana.editWorkspace("band", [.field("approval", "none")])
            _ = try place.editPost(post, "title=x")
            try failure(.wrongState) { try place.decide(.submit, post, as: "cara") }
            try failure(.wrongState) {
                try place.newPost { ($0.track, $0.isSubmitted) = (song, true) }
            }
            _ = try ana.setTarget("band", Self.request(.http, ["mediaUrlBase": "https://example.org/m/"]))
            #expect(try place.decide(.submit, post, as: "cara") == .approved)
        }
    }
}
