import Catalog
import Files
import Offbeat
import Publishing
import Store
import TestSupport
import Testing

/// What the next run makes of what a program left that was cut off while it published.
@Suite(.enabled(if: isInstalled("git"))) struct RecoveryTests {
    /// A program that died with this in its journal, and with its claim made.
    private func die(
        _ place: Place, _ post: PostSummary, at stage: HandOffJournal.Stage, isClaimed: Bool = true
    ) throws -> Claim {
        let claim = try place.claim(post)
        for step in [.claiming, .handing, stage] as [HandOffJournal.Stage] {
            try place.journal.note(claim, step)
            if step == stage { break }
        }
        if isClaimed { try #expect(place.arbiter().make(claim)) }
        return claim
    }

    @Test func whatWasNotSentGoesOut() throws {
        for isClaimed in [false, true] {
            try withReceiver { place, receiver in
                let post = try place.approved()
                _ = try die(place, post, at: .claiming, isClaimed: isClaimed)
                try #expect(place.publish(post).published.count == 1)
                try #expect(receiver.given(after: 0).count == 1)
                try #expect(place.claims().isEmpty && place.journal.isIdle)
                try #expect(place.decisions(.published, on: post).map(\.attempt) == [1])
            }
        }
    }

    /// Whoever looks only for what is due settles it as well, though nothing is due.
    @Test func whatMayHaveBeenSentAsksForAPerson() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            let claim = try die(place, post, at: .handing)
            _ = try place.publishDue()
            #expect(try place.state(of: post) == .needsAttention)
            try #expect(place.decisions(.needsAttention, on: post).map(\.attempt) == [1])
            // It stands until somebody has said what became of it.
            try #expect(place.claims() == [claim])
            try failure(.wrongState) { try place.publish(post) }
            try #expect(place.settle(post, .notSent) == .approved)
            try #expect(place.publish(post).published.count == 1)
            try #expect(place.claims().isEmpty && place.journal.isIdle && receiver.given(after: 0).count == 1)
        }
    }

    @Test func whatTheTargetHasSaidIsWrittenDown() throws {
        let cases: [(HandOff, PostState, Decision.Kind)] = [
            (.sent(links: ["command": "https://example.org/1"]), .published, .published),
            (.refused("full"), .failed, .failed), (.unknown("cut"), .needsAttention, .needsAttention),
        ]
        for (result, state, kind) in cases {
            try withReceiver { place, receiver in
                let post = try place.approved()
                let claim = try die(place, post, at: .over(result))
                _ = try place.publishDue()
                #expect(try place.state(of: post) == state)
                let found = try #require(try place.decisions(kind, on: post).first)
                #expect(found.attempt == 1 && found.target == "command")
                // Once more, as where the program died again before it noted that.
                try place.journal.note(claim, .over(result))
                _ = try place.publishDue()
                try #expect(place.decisions(kind, on: post).count == 1)
                try #expect(receiver.given(after: 0).isEmpty)
            }
        }
    }

    @Test func whereOthersHaveAskedThisComputerKnowsThatNothingWasSent() throws {
        try withReceivers { meeting, receiver in
            let (one, other) = (meeting.one, meeting.other)
            let post = try one.approved()
            _ = try one.library.sync()
            _ = try other.library.sync()
            let claim = try die(one, post, at: .claiming)
            try #expect(other.publish(post).lost.first?.reason == "ben is publishing it")
            meeting.pass(seconds: 601)
            let asked = try other.publish(post)
            #expect(asked.attention.first?.reason.contains("was not heard of again") == true)
            try #expect(one.claims() == [claim])
            _ = try one.publishDue()
            try #expect(one.decisions(.needsAttention, on: post).map(\.attempt) == [1])
            #expect(try one.state(of: post) == .approved)
            try #expect(one.decisions(.settled, on: post).map(\.attempt) == [1])
            try #expect(one.publish(post).published.count == 1)
            try #expect(one.claims().isEmpty && receiver.given(after: 0).count == 1)
        }
    }

    /// A copy of a store from the moment at which a program died holds that journal too. What it says of a claim is true of
    /// that claim alone: by now another may have been made for the same attempt.
    @Test func aCopyOfTheJournalSaysNothingOfWhatWasDoneSince() throws {
        try withReceivers { meeting, receiver in
            let one = meeting.one
            let post = try one.approved()
            _ = try one.library.sync()
            _ = try die(one, post, at: .claiming)
            let copy = try Place(in: one.folder.appending("a copy"), copying: one)
            try copy.setReceiver(receiver)
            try receiver.set(.killedAfter)
            try #expect(one.publish(post).attention.count == 1)
            _ = try copy.library.sync()
            #expect(try copy.state(of: post) == .needsAttention)
            _ = try copy.publishDue()
            #expect(try copy.state(of: post) == .needsAttention)
            try #expect(copy.decisions(.settled, on: post).isEmpty)
            try #expect(receiver.given(after: 0).count == 1)
        }
    }

    @Test func whatThisComputerHasHandedOverIsNotHandedOverAgain() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            // All that is left of it is that it was.
            let claim = try place.claim(post)
            try place.journal.note(claim, .handing)
            try place.journal.close(claim)
            let outcome = try place.publish(post)
            let reason = try #require(outcome.attention.first).reason
            #expect(reason.hasPrefix("this computer has handed it over before"))
            try #expect(receiver.given(after: 0).isEmpty && place.claims().isEmpty)
        }
    }

    @Test func aJournalThatCannotBeReadStopsEverything() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            let claim = try place.claim(post)
            try place.journal.note(claim, .claiming)
            let folder = place.path.appending("publishing").appending("open")
            for file in try FileSystem.list(folder) { try FileSystem.write([], to: folder.appending(file.name)) }
            for request in [PublishRequest.due, .posts([post.post.id.hex])] {
                let failure = try failure(.io) {
                    try place.session("ben").publish(request, environment: { _ in nil })
                }
                #expect(failure.message.contains("publishing/open/") && failure.message.contains("remove it"))
            }
            try #expect(receiver.given(after: 0).isEmpty)
        }
    }
}
