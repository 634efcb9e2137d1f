import Catalog
import Digest
import Dispatch
import Files
import Publishing
import Store
import Sync
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// Which repository decides who publishes.
@Suite(.enabled(if: isInstalled("git"))) struct ArbiterTests {
    /// The id in the store's record.
    private func noted(_ place: Place) throws -> ArbiterID? { try place.store.snapshot().info().arbiter }

    private func references(_ path: FilePath) throws -> FolderReferences { try FolderReferences(ofStoreAt: path) }

    private func id(at path: FilePath) throws -> ArbiterID? {
        try ReferenceArbiter(references: references(path), remote: nil).id
    }

    private static func expectRefusal(_ place: Place, _ post: PostSummary) throws {
        try failure(.wrongState) { try place.publish(post) }
    }

    @Test func noneIsChosenBeforeOneIsNeeded() throws {
        try withReceivers { meeting, _ in
            let one = meeting.one
            let post = try one.approved()
            _ = try one.library.sync()
            #expect(try one.publishDue().published.isEmpty)
            try #expect(noted(one) == nil && id(at: one.path) == nil && id(at: one.remote()) == nil)
            try one.publish(post)
            let chosen = try #require(try noted(one))
            try #expect(id(at: one.remote()) == chosen && id(at: one.path) == nil)
        }
    }

    @Test func aStoreWithoutARemoteDecidesItself() throws {
        try withReceiver { place, _ in
            let arbiter = try place.arbiter()
            #expect(arbiter.remote == nil)
            let chosen = try #require(try noted(place))
            try #expect(id(at: place.path) == chosen && place.arbiter().id == chosen)
        }
    }

    @Test func ofManyWhoChooseAtOnceOneDoes() throws {
        for _ in 0..<10 {
            try withTemporaryDirectory { folder in
                let path = folder.appending("band.git")
                try FolderRemote(at: path).make()
                let found = Mutex<[String]>([])
                DispatchQueue.concurrentPerform(iterations: 4) { _ in
                    do {
                        let arbiter = ReferenceArbiter(
                            references: try FolderReferences(ofStoreAt: path), remote: nil)
                        let id = try arbiter.makeID(using: RandomSource())
                        found.withLock { $0.append(id.hex) }
                    } catch { found.withLock { $0.append("\(error)") } }
                }
                let ids = found.withLock { $0 }
                let chosen = try id(at: path)
                #expect(ids.count == 4 && Set(ids) == [chosen?.hex])
            }
        }
    }

    @Test func whoeverComesLaterTakesWhatIsChosen() throws {
        try withReceivers { meeting, _ in
            let first = try meeting.one.arbiter()
            // The other's record says nothing so far.
            try #expect(noted(meeting.other) == nil)
            let second = try meeting.other.arbiter()
            try #expect(first.id == second.id && noted(meeting.other) == second.id)
            _ = try meeting.one.library.sync()
            _ = try meeting.other.library.sync()
            _ = try meeting.one.library.sync()
            try #expect(noted(meeting.one) == first.id && noted(meeting.other) == first.id)
        }
    }

    // MARK: Handing over

    @Test func aStoreHandsOverToItsFirstRemoteAtTheNextSync() throws {
        try withReceiver { place, _ in
            let old = try place.arbiter()
            let oldID = try #require(try old.id)
            try place.addRemote()
            _ = try place.library.sync()
            let newID = try #require(try noted(place))
            try #expect(newID != oldID && id(at: place.remote()) == newID)
            try #expect(references(place.path).reference(ReferenceArbiter.movedName) != nil)
            try #expect(id(at: place.path) == nil && place.arbiter().remote?.name == "origin")
            // Who still asks the old one is told, and leaves nothing there.
            let post = try place.approved()
            let claim = try place.claim(post)
            try failure(.raceLost) {
                do { return try old.make(claim) } catch { throw Failure(error) }
            }
            try #expect(old.claims().isEmpty)
            try #expect(place.publish(post).published.count == 1)
        }
    }

    @Test func whoPublishesFirstHandsOverAsWell() throws {
        try withReceiver { place, receiver in
            let oldID = try place.arbiter().id
            let post = try place.approved()
            try place.addRemote()
            try #expect(place.publish(post).published.count == 1)
            try #expect(noted(place) != oldID && noted(place) == id(at: place.remote()))
            try #expect(place.claims().isEmpty && receiver.given(after: 0).count == 1)
        }
    }

    @Test func aSecondRemoteDecidesNothing() throws {
        try withReceivers { meeting, _ in
            let one = meeting.one
            let chosen = try one.arbiter().id
            try one.addRemote("stick")
            var request = SyncRequest()
            request.remote = "stick"
            _ = try one.library.sync(request)
            try #expect(noted(one) == chosen && id(at: one.remote("stick")) == nil)
            try #expect(one.arbiter().remote?.name == "origin")
            // And one that has only that cannot publish.
            let other = meeting.other
            _ = try other.library.addRemote("stick", at: one.remote("stick").string, from: one.folder)
            try other.git("remote", "remove", "origin")
            _ = try other.library.sync(request)
            let post = try other.approved()
            let failure = try failure(.offline) { try other.publish(post) }
            #expect(failure.message.contains("none of this store's remotes"))
        }
    }

    /// Two people may begin with a copy of a folder. What decided in the one must not decide in both.
    @Test func aCopyDoesNotDecideAlone() throws {
        try withReceiver { one, receiver in
            _ = try one.arbiter()
            let post = try one.approved()
            let copy = try Meeting(one).other
            try copy.setReceiver(receiver)
            let failure = try failure(.offline) { try copy.publish(post) }
            #expect(failure.message == "this store is a copy of the one that decides who publishes")
            try #expect(one.publish(post).published.count == 1)
            // A remote that both have ends it, whoever comes first.
            try one.addRemote()
            _ = try copy.library.addRemote("origin", at: one.remote().string, from: one.folder)
            _ = try copy.library.sync()
            _ = try one.library.sync()
            try #expect(noted(copy) == id(at: one.remote()) && one.arbiter().id == copy.arbiter().id)
            _ = try copy.library.sync()
            try Self.expectRefusal(copy, post)
            try #expect(receiver.given(after: 0).count == 1)
        }
    }

    // MARK: Where something is wrong

    @Test func outOfReachNothingGoesOut() throws {
        try withReceivers { meeting, receiver in
            let one = meeting.one
            _ = try one.arbiter()
            let posts = [try one.approved("one", in: 60), try one.approved("two")]
            one.clock.pass(seconds: 120)
            try FileSystem.rename(one.remote(), to: one.remote("away"))
            try failure(.offline) { try one.publishDue() }
            try failure(.offline) { try one.publish(posts[1]) }
            try #expect(receiver.given(after: 0).isEmpty && one.journal.isIdle)
            try FileSystem.rename(one.remote("away"), to: one.remote())
            try #expect(one.publishDue().published.count == 1 && one.publish(posts[1]).published.count == 1)
        }
    }

    @Test func whereNoneIsChosenItIsTheRemoteThoughThatIsAway() throws {
        try withReceivers { meeting, _ in
            let post = try meeting.one.approved()
            try FileSystem.rename(meeting.one.remote(), to: meeting.one.remote("away"))
            try failure(.offline) { try meeting.one.publish(post) }
            try #expect(noted(meeting.one) == nil && id(at: meeting.one.path) == nil)
        }
    }

    @Test func whatCannotBeReadThereIsNamed() throws {
        try withReceivers { meeting, _ in
            let one = meeting.one
            for bytes in [[], Array("{\"arbiter\": \"x\"}".utf8)] as [[UInt8]] {
                let references = try references(one.remote())
                try #expect(references.create(ReferenceArbiter.name, standingFor: bytes))
                let failure = try failure(.damaged) {
                    do { return try one.arbiter() } catch { throw Failure(error) }
                }
                #expect(failure.message.hasPrefix("refs/offbeat/arbiter at \(one.remote()) cannot be read"))
                try #expect(noted(one) == nil)
                let found = try references.reference(ReferenceArbiter.name)
                try #expect(references.remove(#require(found)))
            }
            try #expect(one.arbiter().id != nil)
        }
    }

    @Test func aClaimThatCannotBeReadIsInTheWay() throws {
        try withReceivers { meeting, receiver in
            let one = meeting.one
            let post = try one.approved()
            let name = try one.claim(post).name
            _ = try one.arbiter()
            let references = try references(one.remote())
            try #expect(references.create(name, standingFor: Array("mine".utf8)))
            let failure = try failure(.damaged) { try one.publish(post) }
            #expect(failure.message.hasPrefix("the claim \(name) at ") && failure.hint?.contains("git") == true)
            try #expect(receiver.given(after: 0).isEmpty)
            // Once it is gone nothing has happened.
            let found = try references.reference(name)
            try #expect(references.remove(#require(found)))
            try #expect(one.publish(post).published.count == 1)
        }
    }

    // MARK: Stores that chose apart

    @Test func ofTwoThatChoseApartTheSmallerStands() throws {
        try withReceiver { one, _ in
            let other = try Meeting(one).other
            let (first, second) = (try #require(try one.arbiter().id), try #require(try other.arbiter().id))
            #expect(first != second)
            let meeting = Meeting(one: one, other: other)
            try meeting.meet()
            try #expect(noted(one) == min(first, second) && noted(other) == min(first, second))
            // One of the two asks itself, the other nobody that it can reach.
            let (winner, loser) = first < second ? (one, other) : (other, one)
            try #expect(winner.arbiter().id == min(first, second))
            let post = try loser.approved()
            try failure(.offline) { try loser.publish(post) }
            // With a remote both ask that.
            for place in [winner, loser] {
                _ = try place.library.addRemote("origin", at: one.remote().string, from: one.folder)
            }
            _ = try winner.library.sync()
            _ = try loser.library.sync()
            try #expect(noted(one) == noted(other) && noted(one) == id(at: one.remote()))
            try #expect(loser.publish(post).published.count == 1)
        }
    }
}
