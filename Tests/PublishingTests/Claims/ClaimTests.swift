import Catalog
import Digest
import Publishing
import Testing

/// How a claim is written, and what it is about.
@Suite struct ClaimTests {
    @Test func itIsWrittenSoThatAnotherProgramCanReadIt() throws {
        let claim = try ClaimSamples.claim()
        let expected = """
            {
              "at": "2026-11-20T09:00:00.250Z",
              "attempt": 2,
              "by": "33333333333333333333333333333333",
              "content": "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1",
              "key": "dd5682d4df2ffd6999b435b60b818172dadfe45091de6f4a9646c1923b09338d",
              "nonce": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              "post": "11111111111111111111111111111111",
              "seconds": 600,
              "stamps": "48306fd04f903c3a3edf8b2d63c937032fe62002eee8034319e516084d0d3092",
              "target": "command",
              "workspace": "22222222222222222222222222222222"
            }

            """
        #expect(String(decoding: claim.encoded, as: UTF8.self) == expected)
        #expect(
            claim.name == "refs/offbeat/claims/dd5682d4df2ffd6999b435b60b818172dadfe45091de6f4a9646c1923b09338d-2")
        #expect(Claim(claim.encoded) == claim)
    }

    @Test func whatLacksAnythingIsNone() throws {
        let whole = try #require(try JSON.parse(ClaimSamples.claim().encoded).asObject)
        // The key follows from the others, and how long it holds is agreed upon.
        for field in whole.keys where field != "key" && field != "seconds" {
            var lacking = whole
            lacking[field] = nil
            #expect(Claim(JSON.object(lacking).canonical()) == nil, "\(field)")
            lacking[field] = ["1"]
            #expect(Claim(JSON.object(lacking).canonical()) == nil, "\(field)")
        }
        for text in ["", "{}", "[]", "claim", "{\"attempt\": 1"] { #expect(Claim(Array(text.utf8)) == nil) }
        #expect(Claim([0xFF, 0xFE]) == nil)
    }

    @Test func whatItSaysOfItsKeyIsNotBelieved() throws {
        let claim = try ClaimSamples.claim()
        var fields = try #require(try JSON.parse(claim.encoded).asObject)
        fields["key"] = .string(String(repeating: "0", count: 64))
        #expect(Claim(JSON.object(fields).canonical()) == claim)
    }

    @Test func itsKeyIsThatOfPostContentAndTarget() throws {
        let claim = try ClaimSamples.claim()
        for same in [
            try ClaimSamples.claim(attempt: 3), try ClaimSamples.claim(nonce: "b"),
            try ClaimSamples.claim(time: "2026-11-21T00:00:00Z"),
        ] {
            #expect(same.key == claim.key && same != claim && same.isAboutTheSame(as: claim))
        }
        let others = [
            try ClaimSamples.claim(at: "feed"), try ClaimSamples.claim(of: "4"),
            try ClaimSamples.claim(content: "other"),
        ]
        #expect(others.allSatisfy { $0.key != claim.key })
        // Another content of the same post is in its way, another target or post is not.
        #expect(others.map { $0.isAboutTheSame(as: claim) } == [false, false, true])
    }

    @Test func itIsOverOnceItsTimeIsPast() throws {
        let claim = try ClaimSamples.claim()
        func after(_ milliseconds: Int64) -> Timestamp {
            Timestamp(milliseconds: claim.at.milliseconds + milliseconds)
        }
        #expect(!claim.isOver(at: after(0)) && !claim.isOver(at: after(600_000)))
        #expect(claim.isOver(at: after(600_001)))
        // A clock that is behind says nothing.
        #expect(!claim.isOver(at: after(-86_400_000)))
    }
}
