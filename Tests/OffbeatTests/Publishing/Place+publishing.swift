import Catalog
import Files
import Publishing
import Store
import Sync
import TestSupport
import Testing

@testable import Offbeat

extension Place {
    /// Hands the band's posts to a receiver from here.
    func setReceiver(_ receiver: Receiver) throws {
        var request = TargetRequest(.command)
        request.command = receiver.words(for: path)
        _ = try session("ana").setTarget("band", request)
    }

    /// A post that is approved, or has a time as well, so many seconds from now.
    func approved(_ text: String = "Out now", in seconds: Int64? = nil) throws -> PostSummary {
        let post = try newPost(text) {
            $0.isSubmitted = true
            $0.zone = seconds.map { _ in "UTC" }
            $0.time = seconds.map { LocalTime(secondsAsUTC: now / 1_000 + $0).description }
        }
        _ = try decide(.approve, post, as: "ben")
        return post
    }

    /// Milliseconds since 1970.
    var now: Int64 { Int64(clock.context.now()) }

    @discardableResult
    func publish(_ post: PostSummary, as handle: String = "ben") throws -> PublishOutcome {
        try session(handle).publish(.posts([post.post.id.hex]), environment: { _ in nil })
    }

    @discardableResult
    func publishDue(as handle: String = "ben") throws -> PublishOutcome {
        try session(handle).publish(.due, environment: { _ in nil })
    }

    func settle(_ post: PostSummary, _ settlement: Session.Settlement) throws -> PostState {
        try session("ben").settlePost(post.post.id.hex, settlement).post.state
    }

    /// The decisions about a post that are of this kind.
    func decisions(_ kind: Decision.Kind, on post: PostSummary) throws -> [Decision] {
        try session("ana").showPost(post.post.id.hex).post.decisions.filter { $0.kind == kind }
    }

    var journal: HandOffJournal { HandOffJournal(in: LocalTargets.folder(in: path)) }

    /// What decides who publishes, by this store.
    func arbiter() throws -> ReferenceArbiter { try library.arbiter(by: nil) }

    /// The claims that stand there.
    func claims() throws -> [Claim] { try arbiter().claims() }

    /// The claim of the next attempt to hand a post over, as this computer would make it.
    func claim(_ post: PostSummary, by handle: String = "ben") throws -> Claim {
        let session = try session(handle)
        let view = try session.view()
        let found = try session.post(named: post.post.id.hex, in: view)
        var random = clock.context.random
        return Claim(
            on: HandOffs.Attempt(found.post.handOffs.next(at: "command"), at: "command"), of: found.post.id,
            in: found.workspace.id, content: found.content.hash, stamps: found.content.stamps,
            by: try #require(session.person).id, nonce: .random(using: &random),
            at: Timestamp(milliseconds: now))
    }
}

/// Lends a band whose posts go to a receiver, which takes them.
func withReceiver(_ body: (Place, Receiver) throws -> Void) throws {
    try withBand { place in
        let receiver = try Receiver(in: place.folder.appending("receiver"))
        try place.setReceiver(receiver)
        try receiver.set(.sent)
        try body(place, receiver)
    }
}

/// The same for two computers that share a remote.
func withReceivers(_ body: (Meeting, Receiver) throws -> Void) throws {
    try withReceiver { one, receiver in
        try one.addRemote()
        _ = try one.library.sync()
        let other = try Meeting(one).other
        try other.setReceiver(receiver)
        _ = try other.library.sync()
        try body(Meeting(one: one, other: other), receiver)
    }
}
