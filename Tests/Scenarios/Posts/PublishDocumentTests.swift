import Catalog
import TestSupport
import Testing

/// What scripts get of publishing: one document with the keys that they were promised, and the status.
@Suite struct PublishDocumentTests {
    private static let post = [
        "id", "workspace", "title", "text", "track", "platforms", "author", "state", "scheduledAt", "links",
        "decisions", "created", "modified",
    ]
    private static let lists = ["attention", "failed", "lost", "published"]

    private func keys(_ document: JSON?) -> [String] { (document?.asObject?.keys.map { $0 } ?? []).sorted() }

    @Test func ofPublishing() throws {
        try Band.with { band in
            let nothing = try band.publishDue("ana", minute: 0).done().json()
            #expect(nothing == ["published": [], "failed": [], "lost": [], "attention": []])
            try band.receive(.after, "echo https://example.org/$(date +%s); exit 0")
            let (first, second) = try (band.approved("one"), band.approved("two"))
            let done = try band.at("ana", "publish", first, second).done().json()
            #expect(keys(done) == Self.lists)
            let published = done["published"]?.asArray ?? []
            #expect(published.map { $0["id"]?.asString } == [first, second].map(\.description))
            for post in published {
                #expect(Set(Self.post).isSubset(of: keys(post)), "\(post)")
                #expect(post["links"]?["command"]?.asString?.hasPrefix("https://example.org/") == true)
                let decision = post["decisions"]?.asArray?.last
                #expect(decision?["kind"] == "published" && decision?["attempt"] == 1, "\(post)")
            }
        }
    }

    @Test func ofWhatWasNotDone() throws {
        try Band.with { band in
            try band.receive(.after, "exit 1")
            let refused = try band.at("ana", "publish", band.approved("refused"))
            #expect(try refused.status == 1 && keys(refused.json()) == Self.lists)
            try band.receive(.after, "kill -9 $$")
            let unclear = try band.at("ana", "publish", band.approved("unclear"))
            #expect(unclear.status == 1)
            let shared = try band.sharedPost("shared", at: 0)
            try band.receive(.after, "kill -9 $PPID")
            #expect(try band.publishDue("ana", minute: 0).status == 137)
            let lost = try band.at("ben", minute: 1, "publish", shared)
            #expect(lost.status == 75)
            for (outcome, list, state) in [
                (refused, "failed", "failed"), (unclear, "attention", "needs-attention"),
                (lost, "lost", "scheduled"),
            ] {
                let told = try outcome.told(list)
                #expect(told.count == 1 && keys(told.first) == ["id", "reason", "state", "target"], "\(outcome)")
                #expect(told.first?["state"]?.asString == state && told.first?["target"] == "command")
                #expect(told.first?["reason"]?.asString?.isEmpty == false)
            }
        }
    }

    @Test func ofSettling() throws {
        try Band.with { band in
            try band.receive(.after, "kill -9 $$")
            for (words, state) in [
                (["--not-sent"], "approved"), (["--sent", "https://example.org/1", "--note", "seen"], "published"),
            ] as [([Word], String)] {
                let id = try band.approved("News")
                #expect(try band.at("ana", "publish", id).status == 1)
                let post = try band.say(["post", "settle", id] + words).done().json()
                #expect(Set(Self.post).isSubset(of: keys(post)) && post["state"]?.asString == state, "\(post)")
            }
        }
    }

    @Test func forPeopleItIsALineForEachPost() throws {
        try Band.with { band in
            func publish(_ words: Word...) throws -> Outcome {
                let call: [Word] = ["--store", Word(band.tour.store("ana")), "publish"]
                return try band.studio.offbeat(words: call + words, adding: band.time(0))
            }
            #expect(try publish("--due").done().text == "Nothing is due\n")
            try band.receive(.after, "echo https://example.org/1")
            let done = try publish(band.approved("one", at: 0)).done()
            let lines = done.text.split(separator: "\n")
            #expect(
                lines.count == 2 && lines[0].hasPrefix("Published ") && lines[1] == "https://example.org/1",
                "\(done)")
            try band.receive(.after, "echo no >&2; exit 1")
            let failed = try publish("--quiet", band.approved("two", at: 0))
            #expect(failed.status == 1 && failed.text.hasPrefix("Not published: "), "\(failed)")
            #expect(failed.text.split(separator: "\n").count == 1 && failed.text.contains("status 1: no"))
        }
    }
}
