import Blobs
import Catalog
import Digest
import Files
import Publishing
import TestSupport
import Testing

@testable import Offbeat

/// Bringing posts out, as a person or a timer asks for it.
@Suite(.enabled(if: isInstalled("git"))) struct PublishTests {
    // MARK: What goes out

    @Test func aTrackAndAnImageGoOutWithIt() throws {
        try withReceivers { meeting, receiver in
            let (one, other) = (meeting.one, meeting.other)
            let track = try one.add("song.wav", as: "ana")
            let image = one.folder.appending("cover.png")
            try FileSystem.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [1, 2, 3], to: image)
            let post = try one.newPost {
                ($0.title, $0.track, $0.image, $0.platforms) = ("News", track.id.hex, image, ["web"])
                $0.isSubmitted = true
            }
            _ = try one.decide(.approve, post, as: "ben")
            _ = try one.library.sync()
            // The other has neither of the files so far.
            try other.library.settings.set(.content, to: "none")
            _ = try other.library.sync()
            let files = [try pointer(to: image), try pointer(to: one.sounds.appending("song.wav"))]
            try #expect(files.filter(other.isHere).isEmpty)
            try #expect(other.publish(post).published.count == 1)
            try #expect(files.allSatisfy(other.isHere))
            let document = try #require(try receiver.given(after: 0).first).document
            #expect(document["title"] == "News" && document["platforms"] == ["web"] && document["author"] == "cara")
            #expect(document["image"]?["oid"]?.asString == files[0].oid.hex)
            let about = try #require(document["track"])
            #expect(about["title"] == "song" && about["durationMs"] == 50)
            #expect(about["audio"]?["oid"]?.asString == files[1].oid.hex)
            let place = try #require(about["audio"]?["file"]?.asString)
            try #expect(ContentHash(of: FileSystem.read(FilePath(place))) == files[1].oid)
        }
    }

    @Test func aTrackThatIsGoneStopsOnlyItsPost() throws {
        try withReceiver { place, receiver in
            let track = try place.add("song.wav", as: "ana")
            let first = try place.newPost { ($0.track, $0.isSubmitted) = (track.id.hex, true) }
            _ = try place.session("ana").remove([track.id.hex])
            _ = try place.decide(.approve, first, as: "ben")
            let second = try place.approved("Second")
            let names = [first, second].map(\.post.id.hex)
            let outcome = try place.session("ben").publish(.posts(names), environment: { _ in nil })
            #expect(outcome.published.map(\.post.id) == [second.post.id])
            #expect(outcome.failed.map(\.post.post.id) == [first.post.id])
            #expect(
                outcome.failed.first?.reason.hasPrefix("its track \(track.id.hex.prefix(8)) is not there") == true)
            try #expect(receiver.given(after: 0).count == 1 && place.claims().isEmpty)
        }
    }

    @Test func itIsTheSameWithoutAnIndex() throws {
        try withReceiver { place, receiver in
            try place.library.settings.set(.cacheEnabled, to: "false")
            for (text, seconds) in [("late", 900), ("early", 60), ("not yet", 3_600)] as [(String, Int64)] {
                _ = try place.approved(text, in: seconds)
            }
            _ = try place.approved("at no time")
            place.clock.pass(seconds: 1_000)
            try #expect(place.publishDue().published.map(\.post.body) == ["early", "late"])
            try #expect(receiver.given(after: 0).map { $0.document["text"]?.asString } == ["early", "late"])
        }
    }

    // MARK: Who may

    @Test func whoMayNotPublishBringsNothingOut() throws {
        try withReceiver { place, receiver in
            let post = try place.approved()
            let due = try place.approved("due", in: 60)
            place.clock.pass(seconds: 120)
            for name in ["cara", "vera"] {
                try failure(.notAllowed) { try place.publish(post, as: name) }
                #expect(try place.publishDue(as: name).json == PublishOutcome().json)
            }
            try failure(.notFound) { try place.publish(post, as: "zoe") }
            #expect(try place.publishDue(as: "zoe").published.isEmpty)
            try #expect(receiver.given(after: 0).isEmpty && place.state(of: due) == .scheduled)
            try #expect(place.publishDue(as: "ana").published.map(\.post.id) == [due.post.id])
        }
    }

    // MARK: What others did meanwhile

    @Test func whatOthersHaveChangedDoesNotGoOut() throws {
        try withReceivers { meeting, receiver in
            let (one, other) = (meeting.one, meeting.other)
            let posts = try ["edited", "removed", "published"].map { try one.approved($0) }
            _ = try one.library.sync()
            _ = try other.library.sync()
            meeting.pass()
            _ = try other.editPost(posts[0], "text=Better")
            _ = try other.session("ben").removePost(posts[1].post.id.hex)
            try other.publish(posts[2])
            let names = posts.map(\.post.id.hex)
            let outcome = try one.session("ben").publish(.posts(names), environment: { _ in nil })
            #expect(outcome.published.isEmpty && outcome.failed.isEmpty && outcome.attention.isEmpty)
            // Of one that is gone there is nothing to tell.
            #expect(
                Set(outcome.lost.map(\.reason)) == ["it is pending by now", "it is published already"])
            try #expect(receiver.given(after: 0).count == 1)
            #expect(
                outcome.json["lost"]?.asArray?.map { $0["state"] } == [.string("pending"), .string("published")])
        }
    }

    @Test func theResultsComeToOthersWithTheNextSync() throws {
        try withReceivers { meeting, receiver in
            let (one, other) = (meeting.one, meeting.other)
            let post = try one.approved()
            try receiver.set(.offline)
            // The receiver takes what it knows as the remote away, so it has to lie there.
            let remote = receiver.folder.appending("remote.git")
            try FileSystem.rename(one.remote(), to: remote)
            for place in [one, other] { try place.git("remote", "set-url", "origin", remote.string) }
            let outcome = try one.publish(post)
            #expect(
                outcome.published.count == 1
                    && outcome.remarks.first?.hasPrefix("the results are only here") == true)
            try FileSystem.rename(receiver.folder.appending("remote.away"), to: remote)
            try #expect(one.claims().count == 1 && !one.journal.isIdle)
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try other.state(of: post) == .published)
            try #expect(one.claims().isEmpty && one.journal.isIdle && receiver.given(after: 0).count == 1)
        }
    }

    // MARK: What is missing here

    @Test func whatIsMissingHereIsNamedAndStopsNoOtherTarget() throws {
        try withReceiver { place, receiver in
            let ana = try place.session("ana")
            var feed = TargetRequest(.feed)
            feed.folder = place.folder.appending("feed")
            _ = try ana.setTarget("band", feed)
            let copy = try Place(in: place.folder.appending("other"), copying: place)
            let post = try copy.approved()
            try FileSystem.remove(copy.path.appending("publishing/targets.json"))
            let outcome = try copy.publish(post)
            #expect(
                outcome.failed.map(\.reason) == [
                    "no program is named on this computer; `offbeat workspace target band command -- PROGRAM` says it",
                    "no folder is named for the feed on this computer; "
                        + "`offbeat workspace target band feed --dir DIR` says it",
                ])
            let failed = try #require(outcome.json["failed"]?.asArray?.first)
            #expect(failed["target"] == "command" && failed["state"] == "approved")
            try #expect(failed["id"] == .string(post.post.id.hex) && copy.claims().isEmpty)
            // Where only one of them is said it comes out there.
            _ = try copy.session("ana").setTarget("band", feed)
            try #expect(copy.publish(post).published.count == 1)
            #expect(try copy.state(of: post) == .published)
            try #expect(receiver.given(after: 0).isEmpty)
        }
    }

    @Test func whileAnotherProgramPublishesOnlyThatDoes() throws {
        try withReceiver { place, _ in
            let desk = PublishingDesk(of: place.library)
            try desk.held {
                #expect(try desk.heldIfFree(atMost: 0) { 1 } == nil)
                try failure(.locked) {
                    do { return try desk.held(atMost: 0) { 1 } } catch { throw Failure(error) }
                }
            }
            #expect(try desk.heldIfFree(atMost: 0) { 1 } == 1)
        }
    }
}
