import Catalog
import Files
import TestSupport
import Testing

/// Who may publish and settle, and when: whoever may not is told the state and the role, and nothing happens.
@Suite struct PublishRefusalTests {
    /// How a post can stand, and how it comes to that.
    static let states: [String: [[Word]]] = [
        "draft": [], "pending": [["submit"]], "rejected": [["submit"], ["reject"]],
        "changes-requested": [["submit"], ["request-changes"]], "approved": [["submit"], ["approve"]],
        "scheduled": [["submit"], ["approve"], ["schedule", "--at", "2031-01-01T12:00"]],
        "published": [["submit"], ["approve"], ["publish"]],
        "failed": [["submit"], ["approve"], ["publish", "1"]],
        "needs-attention": [["submit"], ["approve"], ["publish", "kill"]],
    ]
    /// The steps that each state allows who may take all; it takes an approver for each of them.
    private static let allowed: [String: Set<String>] = [
        "approved": ["publish"], "scheduled": ["publish"], "failed": ["publish"], "needs-attention": ["settle"],
    ]

    @Test(arguments: states.keys.sorted()) func eachStepFromEachStateByEachRole(_ state: String) throws {
        try Band.with { band in
            for (user, role) in [("vic", "viewer"), ("ed", "editor"), ("app", "approver")] as [(Word, Word)] {
                try band.at("ana", "user", "add", user).done()
                try band.at("ana", "workspace", "member", "add", "band", user, "--role", role).done()
            }
            try band.at("ana", "user", "add", "zoe").done()
            let id = try Self.post(in: state, band)
            #expect(try band.state(id) == state)
            let before = try (band.tour.head("ana"), band.texts().count)
            for (step, words) in [
                ("publish", ["publish", id]), ("settle", ["post", "settle", id, "--not-sent"]),
                ("settle", ["post", "settle", id, "--sent", "https://example.org/1"]),
            ] as [(String, [Word])] {
                for user: Word in ["vic", "ed", "app", "ana", "zoe"] {
                    let isTheirs = user.description == "app" || user.description == "ana"
                    if isTheirs, Self.allowed[state]?.contains(step) == true { continue }
                    let outcome = try band.say(["--user", user] + words)
                    if user.description == "zoe" {
                        try outcome.expectFailure(3, "not-found")
                        continue
                    }
                    try outcome.expectFailure(4, isTheirs ? "wrong-state" : "not-allowed")
                    let message = try outcome.json()["error"]?["message"]?.asString ?? ""
                    #expect(message.contains(" is \(state)"), "\(message)")
                    let isUnclear = isTheirs && state == "needs-attention"
                    #expect(message.contains(isUnclear ? "nobody here knows" : "an approver"), "\(message)")
                }
            }
            for user: Word in ["vic", "ed", "zoe"] {
                let due = try band.at("ana", minute: 1, "--user", user, "publish", "--due").done()
                #expect(try due.told("published") + due.told("failed") + due.told("lost") == [], "\(due)")
            }
            #expect(try (band.tour.head("ana"), band.texts().count) == before)
            for step in Self.allowed[state] ?? [] {
                let words: [Word] = step == "publish" ? ["publish", id] : ["post", "settle", id, "--not-sent"]
                try band.say(["--user", "app"] + words).done()
            }
        }
    }

    private static func post(in state: String, _ band: Band) throws -> Word {
        let made = try band.at("ana", "--user", "cara", "post", "new", "-w", "band", "News").done().json()
        let id = Word(try #require(made["id"]?.asString))
        for step in states[state] ?? [] {
            if step[0].description == "publish" {
                let script = step.dropFirst().first.map { $0.description == "kill" ? "kill -9 $$" : "exit \($0)" }
                try band.receive(.after, script)
                _ = try band.at("ana", "publish", id)
                try band.receive(.after, nil)
            } else {
                try band.say(["post", step[0], id] + step.dropFirst()).done()
            }
        }
        return id
    }

    /// What is out, and what is unclear, stays as it was handed over.
    @Test(arguments: ["published", "needs-attention"]) func whatMayBeOutIsNotChanged(_ state: String) throws {
        try Band.with { band in
            let id = try Self.post(in: state, band)
            let head = try band.tour.head("ana")
            for words in [
                ["edit", id, "text=Other"], ["rm", id], ["submit", id], ["approve", id], ["reject", id],
                ["request-changes", id], ["schedule", id, "--at", "2031-01-01T13:00"], ["unschedule", id],
            ] as [[Word]] {
                let outcome = try band.say(["post"] + words)
                try outcome.expectFailure(4, "wrong-state")
                #expect(outcome.text.contains("is \(state)"), "\(outcome)")
            }
            #expect(try band.tour.head("ana") == head && band.texts() == ["News"])
        }
    }

    @Test func wordsThatAreOff() throws {
        try Band.with { band in
            let id = try band.approved("News")
            let head = try band.tour.head("ana")
            for words in [
                ["publish"], ["publish", "--due", id], ["post", "settle", id],
                ["post", "settle", id, "--sent", "https://example.org", "--not-sent"],
                ["post", "settle", id, "--sent", "example.org"], ["post", "settle", id, "--sent", "file:///etc"],
                ["post", "settle", id, "--sent", "https://example.org/a b"],
            ] as [[Word]] {
                try band.say(words).expectFailure(2, "usage")
            }
            try band.say(["publish", "ffffffff"]).expectFailure(3, "not-found")
            try band.say(["publish", id, "ffffffff"]).expectFailure(3, "not-found")
            #expect(try band.tour.head("ana") == head && band.texts() == [])
        }
    }
}

extension Band {
    /// Runs a command at Ana's laptop in the morning.
    func say(_ words: [Word], minute: Int = -60, on laptop: String = "ana") throws -> Outcome {
        try studio.offbeat(words: ["--json", "--store", Word(tour.store(laptop))] + words, adding: time(minute))
    }
}
