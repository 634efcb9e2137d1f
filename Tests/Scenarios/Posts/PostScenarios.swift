import Catalog
import Files
import TestSupport
import Testing

/// Workspaces and posts as people use them at one computer.
@Suite struct PostScenarios {
    static let post = [
        "id", "workspace", "title", "text", "track", "platforms", "author", "state", "scheduledAt", "links",
        "decisions", "created", "modified",
    ]

    /// A store with a workspace: Ana owns it, Ben approves, Cara writes, Zoe is a stranger.
    private static func withBand(_ sharing: Word = "everyone", _ body: (Studio) throws -> Void) throws {
        try Studio.with { studio in
            try studio.offbeat("init", "--user", "ana", "--sharing", sharing).done()
            for name: Word in ["ben", "cara", "zoe"] { try studio.offbeat("user", "add", name).done() }
            try studio.offbeat("workspace", "add", "band", "--zone", "Europe/Berlin", "--profile", "k").done()
            try studio.offbeat("workspace", "member", "add", "band", "ben", "--role", "approver").done()
            try studio.offbeat("workspace", "member", "add", "band", "cara", "--role", "editor").done()
            try body(studio)
        }
    }

    private static func newPost(_ studio: Studio, _ words: Word...) throws -> Word {
        let call: [Word] = ["--json", "--user", "cara", "post", "new", "-w", "band", "--submit"] + words
        let made = try studio.offbeat(words: call).done().json()
        return Word(try #require(made["id"]?.asString))
    }

    private static func state(_ studio: Studio, _ id: Word) throws -> String? {
        try studio.json("post", "show", id).done().json()["state"]?.asString
    }

    @Test func theStoryOfAnApproval() throws {
        try Self.withBand { studio in
            let song = Word(try studio.addedTrack())
            let made = try studio.json(
                "--user", "cara", "post", "new", "-w", "band", "--track", song, "--title", "News", "--platform",
                "x",
                "--platform", "y", "--at", "2099-07-01T09:00", "Out now"
            ).done().json()
            for key in Self.post { #expect(made.asObject?.keys.contains(key) == true, "\(key)") }
            #expect(made["state"] == "draft" && made["author"] == "cara" && made["workspace"] == "band")
            #expect(made["scheduledAt"] == "2099-07-01T07:00:00.000Z" && made["platforms"] == ["x", "y"])
            let id = Word(try #require(made["id"]?.asString))
            let short = Word(String(id.description.prefix(6)))
            try studio.json("--user", "ben", "post", "approve", id).expectFailure(4, "wrong-state")
            #expect(try studio.json("--user", "cara", "post", "submit", short).done().json()["state"] == "pending")
            try studio.json("--user", "cara", "post", "approve", id).expectFailure(4, "not-allowed")
            #expect(try studio.json("--user", "ben", "status").done().json()["waiting"] == 1)
            let waiting = try studio.json("--user", "ben", "post", "ls", "--waiting").done().json()
            #expect(waiting["posts"]?.asArray?.count == 1 && waiting["next"] == .null)
            let approved = try studio.json("--user", "ben", "post", "approve", "news", "--note", "go").done().json()
            #expect(approved["state"] == "scheduled")
            let decisions = approved["decisions"]?.asArray ?? []
            #expect(decisions.map { $0["kind"] } == ["submitted", "approved"])
            #expect(decisions.last?["note"] == "go" && decisions.last?["valid"] == true)
            let page = try studio.offbeat("post", "show", id).done().text
            #expect(page.contains("state      scheduled") && page.contains("ben approved"), "\(page)")
            // The track is part of what was approved.
            try studio.offbeat("edit", song, "title=Other").done()
            #expect(try Self.state(studio, id) == "pending")
            #expect(try studio.offbeat("log", id).done().text.split(separator: "\n").count == 3)
            try studio.expectSound()
            try studio.offbeat("fsck", "--deep").done()
        }
    }

    @Test func stepsOutOfOrderAreRefusedAndChangeNothing() throws {
        try Self.withBand { studio in
            let id = try Self.newPost(studio, "x")
            try studio.offbeat("--user", "ben", "post", "reject", id, "--note", "no").done()
            try studio.expectUnchanged {
                for step: Word in ["approve", "reject", "request-changes", "submit", "unschedule"] {
                    let refusal = try studio.json("post", step, id)
                    try refusal.expectFailure(4, "wrong-state")
                    #expect(refusal.text.contains("rejected"), "\(refusal)")
                }
                for name: Word in ["cara", "ben"] {
                    try studio.json("--user", name, "workspace", "member", "rm", "band", "ana")
                        .expectFailure(4, "not-allowed")
                }
                try studio.json("workspace", "member", "rm", "band", "ana").expectFailure(4, "wrong-state")
                try studio.json("workspace", "add", "band").expectFailure(4, "wrong-state")
            }
            #expect(
                try studio.json("--user", "cara", "post", "edit", id, "title=y").done().json()["state"] == "draft")
            let document = try studio.json("--user", "cara", "post", "rm", id).done().json()
            #expect(document["id"]?.asString == id.description)
            try studio.json("post", "show", id).expectFailure(3, "not-found")
            try studio.offbeat("--user", "cara", "undo").done()
            #expect(try Self.state(studio, id) == "draft")
        }
    }

    @Test func forAStrangerNothingIsThere() throws {
        try Self.withBand { studio in
            let id = try Self.newPost(studio, "secret")
            let calls: [[Word]] = [
                ["post", "show", id], ["post", "approve", id], ["post", "edit", id, "title=x"], ["post", "rm", id],
                ["post", "new", "-w", "band", "x"], ["post", "ls", "-w", "band"], ["workspace", "show", "band"],
                ["workspace", "member", "add", "band", "zoe", "--role", "owner"],
            ]
            try studio.expectUnchanged {
                for call in calls {
                    try studio.offbeat(words: ["--json", "--user", "zoe"] + call).expectFailure(3, "not-found")
                }
                #expect(try studio.json("--user", "zoe", "post", "ls").done().json()["posts"] == [])
                #expect(try studio.json("--user", "zoe", "workspace", "ls").done().json() == ["workspaces": []])
                for call: [Word] in [["log"], ["diff", "HEAD~5", "HEAD"], ["conflicts"], ["status"]] {
                    let told = try studio.offbeat(words: ["--json", "--user", "zoe"] + call).done().text
                    #expect(!told.contains("secret") && !told.contains(id.description), "\(told)")
                }
            }
        }
    }

    @Test func whatIsOffIsRefused() throws {
        try Self.withBand { studio in
            let id = try Self.newPost(studio, "x")
            let calls: [[Word]] = [
                ["post", "new", "x"], ["post", "new", "-w", "band"], ["post", "ls", "--state", "nearly"],
                ["post", "schedule", id], ["post", "schedule", id, "--at", "2020-01-01T00:00"],
                ["post", "schedule", id, "--at", "2099-03-29T02:30", "--zone", "Europe/Berlin"],
                ["post", "schedule", id, "--at", "2099-01-01T00:00", "--zone", "Mars/Base"],
                ["post", "schedule", id, "--at", "soon"], ["post", "edit", id, "state=approved"],
                ["post", "edit", id, "decisions="], ["post", "edit", id], ["workspace", "add", "No Slug"],
                ["workspace", "member", "add", "band", "zoe", "--role", "king"], ["post", "ls", "--after", "x"],
                ["post", "new", "-w", "band", "--image", ".offbeat/HEAD", "x"],
            ]
            try studio.expectUnchanged {
                for call in calls {
                    try studio.offbeat(words: ["--json"] + call).expectFailure(2, "usage")
                }
                let long = studio.work.appending("long.txt")
                try FileSystem.write(String(repeating: "x", count: 1 << 20), to: long)
                let call: [Word] = [Word(try Scenarios.program()), "--json", "post", "new", "-w", "band", "-"]
                try studio.run(call, stdin: .file(long)).expectFailure(4, "over-limit")
                try studio.json("post", "edit", id, Word("title=\(String(repeating: "x", count: 2_000))"))
                    .expectFailure(4, "over-limit")
                try studio.json("post", "new", "-w", "band", "--track", "nothing", "x").expectFailure(
                    3, "not-found")
                try studio.json("workspace", "member", "add", "band", "nobody", "--role", "viewer")
                    .expectFailure(3, "not-found")
            }
            let short = studio.work.appending("short.txt")
            try FileSystem.write("From a file\n", to: short)
            let call: [Word] = [Word(try Scenarios.program()), "--json", "post", "new", "-w", "band", "-"]
            #expect(try studio.run(call, stdin: .file(short)).done().json()["text"] == "From a file")
        }
    }

    @Test func aTrackThatIsGoneLeavesItsPost() throws {
        try Self.withBand { studio in
            let song = Word(try studio.addedTrack())
            let id = try Self.newPost(studio, "--track", song, "x")
            try studio.offbeat("--user", "ben", "post", "approve", id).done()
            try studio.offbeat("rm", song).done()
            let gone = try studio.json("post", "show", id).done().json()
            #expect(gone["state"] == "pending" && gone["track"]?.asString == song.description)
            try studio.offbeat("undo").done()
            #expect(try Self.state(studio, id) == "pending", "what came back is not what was approved")
            try studio.offbeat("fsck", "--deep").done()
        }
    }

    @Test func sharedTracksAreSeenByTheWorkspace() throws {
        try Self.withBand("workspaces") { studio in
            let song = Word(try studio.addedTrack())
            try studio.json("--user", "ben", "show", song).expectFailure(3, "not-found")
            let shared = try studio.json("workspace", "share", "band", song).done().json()
            #expect(shared["changed"]?.asArray?.count == 1)
            #expect(try studio.json("--user", "ben", "ls").done().json()["total"] == 1)
            try studio.offbeat("--user", "cara", "edit", song, "genre=House").done()
            try studio.json("--user", "zoe", "show", song).expectFailure(3, "not-found")
            try studio.json("--user", "ben", "workspace", "unshare", "band", song).expectFailure(4, "not-allowed")
            try studio.offbeat("workspace", "unshare", "band", song).done()
            #expect(try studio.json("--user", "cara", "ls").done().json()["total"] == 0)
            let remark = try studio.offbeat("post", "new", "-w", "band", "--track", song, "x").done().text
            #expect(remark.contains("offbeat workspace share band"), "\(remark)")
        }
    }
}
