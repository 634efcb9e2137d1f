import Catalog
import Files
import Publishing
import TestSupport
import Testing

@testable import Offbeat

/// What a person says became of a post.
@Suite(.enabled(if: isInstalled("git"))) struct SettleTests {
    private static let sent = Session.Settlement.sent("https://example.org/by-hand")

    @Test func whatIsOutIsPublishedAtTheAddress() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            try receiver.set(.killedAfter)
            try #expect(place.publish(post).attention.map(\.target) == ["command"])
            #expect(try place.state(of: post) == .needsAttention)
            try #expect(place.settle(post, Self.sent) == .published)
            let found = try place.session("ana").showPost(post.post.id.hex)
            #expect(found.post.links == ["command": "https://example.org/by-hand"])
            try #expect(place.decisions(.published, on: post).map(\.attempt) == [1])
            try failure(.wrongState) { try place.publish(post) }
            try #expect(receiver.given(after: 0).count == 1)
        }
    }

    @Test func whatIsNotOutMayBeTriedAgainUnderTheNextNumber() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            try receiver.set(.killedBefore)
            try #expect(place.publish(post).attention.count == 1)
            try failure(.wrongState) { try place.publish(post) }
            try #expect(place.settle(post, .notSent) == .approved)
            try receiver.set(.sent)
            try #expect(place.publish(post).published.count == 1)
            try #expect(place.decisions(.published, on: post).map(\.attempt) == [2])
            try #expect(receiver.given(after: 0).count == 1)
        }
    }

    /// A post was too late for its time, and somebody brought it out by hand.
    @Test func whatIsOutByHandGoesOutNowhereByItself() throws {
        for hasFeed in [false, true] {
            try withReceiver { place, receiver in
                if hasFeed { _ = try place.session("ana").setTarget("band", TargetRequest(.feed)) }
                let post = try place.approved(in: 60)
                place.clock.pass(seconds: 7_200)
                try #expect(place.publishDue().attention.map(\.target) == [nil])
                try #expect(place.settle(post, Self.sent) == .published)
                #expect(try place.publishDue().json == PublishOutcome().json)
                try failure(.wrongState) { try place.publish(post) }
                #expect(try place.state(of: post) == .published)
                try #expect(receiver.given(after: 0).isEmpty)
                let links = try place.session("ana").showPost(post.post.id.hex).post.links
                #expect(links.keys.sorted() == (hasFeed ? ["command", "feed"] : ["command"]))
            }
        }
    }

    @Test func whatWasOnlyTooLateHasNoTimeThen() throws {
        try withReceiver { place, receiver in
            let post = try place.approved(in: 60)
            place.clock.pass(seconds: 7_200)
            try place.publishDue()
            try #expect(place.settle(post, .notSent) == .approved)
            #expect(try place.publishDue().json == PublishOutcome().json)
            try #expect(place.publish(post).published.count == 1)
            try #expect(receiver.given(after: 0).count == 1)
        }
    }

    /// It is out in the feed, and too late for the program: that failed, as an attempt that nobody else was at.
    @Test func whatIsOutElsewhereHasFailedWhereItIsTooLate() throws {
        try withReceiver { place, receiver in
            var feed = TargetRequest(.feed)
            feed.folder = place.folder.appending("feed")
            _ = try place.session("ana").setTarget("band", feed)
            let post = try place.approved(in: 60)
            place.clock.pass(seconds: 120)
            try receiver.set(.busy)
            let first = try place.publishDue()
            #expect(first.published.count == 1 && first.failed.map(\.target) == ["command"])
            let claim = try place.claim(post)
            place.clock.pass(seconds: 7_200)
            let late = try place.publishDue()
            #expect(late.published.isEmpty && late.failed.map(\.target) == ["command"])
            #expect(late.failed.first?.reason.contains("longer ago than the workspace allows") == true)
            #expect(try place.state(of: post) == .failed)
            try #expect(place.decisions(.failed, on: post).map(\.attempt) == [1])
            #expect(place.journal.hasHandedOver(claim) && place.journal.isIdle)
            try #expect(place.claims().isEmpty && receiver.given(after: 0).isEmpty)
            // Whoever asks for it has it.
            try receiver.set(.sent)
            try #expect(place.publish(post).published.count == 1)
            try #expect(place.decisions(.published, on: post).map(\.target) == ["feed", "command"])
        }
    }

    @Test func whatIsNoAddressIsRefused() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            try receiver.set(.killedAfter)
            try place.publish(post)
            let long = "https://example.org/" + String(repeating: "x", count: 5_000)
            for address in ["", "example.org", "javascript:alert(1)", "https://a b", "https://a\u{7F}", long] {
                try failure(.usage) { try place.settle(post, .sent(address)) }
            }
            let viewer = try place.session("vera")
            try failure(.notAllowed) { try viewer.settlePost(post.post.id.hex, .notSent) }
            #expect(try place.state(of: post) == .needsAttention)
        }
    }
}
