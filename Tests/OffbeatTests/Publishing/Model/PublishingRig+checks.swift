import Blobs
import Catalog
import Digest
import Files
import Publishing
import Store
import TestSupport
import Testing

@testable import Offbeat

extension PublishingRig {
    /// What was seen so far, as far as it is needed to say whether something may be.
    struct Seen {
        var handed: [Handed] = []
        /// Every decision that was ever made, but for those that a broken disk took away.
        var decisions: [PostID: Set<DecisionID>] = [:]
        /// Where each comes from, in words.
        var origins: [DecisionID: String] = [:]
        /// For each approval, what was approved, and which other decisions were known where that was done.
        var approvals: [DecisionID: (shown: Shown, known: Set<DecisionID>)] = [:]
        /// Attempts of which a computer, not a person, has said how they ended.
        var told: [Attempt: Decision.Kind] = [:]
        var removed: Set<PostID> = []
        /// Claims of which nobody knows any more.
        var lostClaims: Set<Claim> = []
    }

    struct Attempt: Hashable {
        let post: PostID
        let number: Int
    }

    struct Handed {
        let attempt: Attempt
        let ending: Receiver.Ending
    }

    /// What a post says and shows, to whom it is handed.
    struct Shown: Hashable {
        var title, artist, trackTitle, audio: String?
        var text: String
        var platforms: [String]

        init(_ document: JSON) {
            title = document["title"]?.asString
            text = document["text"]?.asString ?? ""
            platforms = (document["platforms"]?.asArray ?? []).compactMap(\.asString)
            artist = document["track"]?["artist"]?.asString
            trackTitle = document["track"]?["title"]?.asString
            audio = document["track"]?["audio"]?["oid"]?.asString
        }

        init(_ post: Post, in snapshot: Snapshot) throws {
            (title, text, platforms) = (post.title, post.body, post.platforms)
            guard let track = try post.track.flatMap({ try snapshot.track($0) }) else { return }
            (artist, trackTitle) = (track.track.artist, track.track.title)
            audio = track.audio?.pointer.oid.hex
        }
    }

    // MARK: What is handed over

    /// Looks at what the receiver was given: it is one that may go out, it was approved, and nobody had it before.
    func check(_ given: Receiver.Given, at computer: Computer, onlyDue: Bool) throws {
        let store = try computer.library.store
        let snapshot = try store.snapshot(of: store.version(named: given.version))
        let id = try #require(given.document["post"]?.asString)
        let folder = try #require(try computer.posts(in: snapshot).first { $0.post.id.hex == id })
        let key = try #require(given.document["key"]?.asString)
        let numbers = given.open.filter { $0.hasPrefix(key) }.compactMap { Int($0.dropFirst(key.utf8.count + 1)) }
        let attempt = Attempt(post: folder.post.id, number: try #require(numbers.max()))
        let what = "\(id.prefix(6)) attempt \(attempt.number)"
        note("\(computer.name): the receiver got \(what)")
        for earlier in seen.handed where earlier.attempt.post == folder.post.id {
            let isOver = folder.post.decisions.contains {
                [.failed, .settled].contains($0.kind) && $0.target == "command"
                    && $0.attempt == earlier.attempt.number
            }
            hold(isOver, "\(what) was handed over after \(earlier)")
        }
        let isOut = folder.post.decisions.contains { $0.kind == .published && $0.target == "command" }
        hold(!isOut, "\(what) was handed over, and is published")
        hold(seen.told[attempt] == nil, "\(what) was handed over, and was told to be over")
        try checkApproval(of: folder, Shown(given.document), key, in: snapshot, what)
        if onlyDue, let schedule = folder.post.schedule {
            let now = Int64(computer.now / 1_000)
            hold(schedule.local.secondsAsUTC <= now, "\(what) was handed over before its time")
        }
        seen.handed.append(Handed(attempt: attempt, ending: given.ending))
    }

    private func checkApproval(
        of folder: PostFolder, _ shown: Shown, _ key: String, in snapshot: Snapshot, _ what: String
    ) throws {
        let content = try snapshot.content(of: folder)
        let expected = PublicationKey(of: folder.post.id, content: content.hash, for: "command")
        hold(key == expected.description, "\(what) was handed over with another key")
        try hold(shown == Shown(folder.post, in: snapshot), "\(what) is not what was handed over: \(shown)")
        let refusals = folder.post.decisions.filter { [.rejected, .changesRequested].contains($0.kind) }
        let isApproved = folder.post.decisions.contains { decision in
            guard let approval = seen.approvals[decision.id] else { return false }
            return approval.shown == shown && refusals.allSatisfy { approval.known.contains($0.id) }
        }
        hold(isApproved, "\(what) was handed over, and nobody had approved it: \(shown)")
        let workspace = try snapshot.workspace(folder.workspace)
        let review = PostReview(of: folder.post, content: content, in: workspace)
        hold(review.isApproved && review.openAttempts.isEmpty, "\(what) was handed over, and it is \(review)")
    }

    // MARK: What is decided

    /// Looks at the posts of a computer after something was done there.
    func see(_ computer: Computer, byPeople: Bool) throws {
        let snapshot = try computer.snapshot()
        for folder in try computer.posts(in: snapshot) {
            let post = folder.post
            let all = Set(post.decisions.map(\.id))
            for decision in post.decisions where seen.origins[decision.id] == nil {
                seen.decisions[post.id, default: []].insert(decision.id)
                seen.origins[decision.id] = "\(decision.kind) after \(log.count - 1) at \(computer.name)"
                if [.approved, .submitted].contains(decision.kind) {
                    try seeApproval(decision, of: post, known: all, in: snapshot)
                }
                if !byPeople { seeResult(decision, of: post) }
            }
            try checkState(of: folder, in: snapshot)
        }
    }

    /// A post was removed. Where a merge lets it stand, since somebody else has changed it, what that side knew stands: what
    /// the one who removed it knew beside that is lost.
    func seeRemoval(_ before: [PostFolder], at computer: Computer) throws {
        let left = Set(try computer.posts().map(\.post.id))
        for post in before.map(\.post) where !left.contains(post.id) {
            seen.removed.insert(post.id)
            seen.decisions[post.id]?.subtract(post.decisions.map(\.id))
        }
    }

    private func seeApproval(
        _ decision: Decision, of post: Post, known: Set<DecisionID>, in snapshot: Snapshot
    ) throws {
        guard decision.kind == .approved || plan.approval == .none else { return }
        let handle = try snapshot.people().first { $0.id == decision.by }?.handle?.text ?? ""
        let isJudge = decision.kind == .submitted || handle == "ana" || Self.roles[handle] == .approver
        let isOther = plan.allowsSelfApproval || decision.kind == .submitted || decision.by != post.author
        hold(isJudge && isOther, "\(handle) has approved")
        seen.approvals[decision.id] = (try Shown(post, in: snapshot), known)
    }

    private func seeResult(_ decision: Decision, of post: Post) {
        guard decision.target == "command", let number = decision.attempt,
            [.failed, .settled].contains(decision.kind)
        else { return }
        let attempt = Attempt(post: post.id, number: number)
        seen.told[attempt] = decision.kind
        let taken = seen.handed.filter { $0.attempt == attempt && $0.ending != .refused }
        hold(taken.isEmpty, "\(attempt) is told as \(decision.kind), and was handed over: \(taken)")
    }

    private func checkState(of folder: PostFolder, in snapshot: Snapshot) throws {
        let out = Set(folder.post.decisions.filter { $0.kind == .published }.map(\.target))
        guard !out.isEmpty else { return }
        let review = PostReview(
            of: folder.post, content: try snapshot.content(of: folder), in: try snapshot.workspace(folder.workspace)
        )
        let isOpenElsewhere = folder.post.decisions.contains {
            [.failed, .needsAttention].contains($0.kind) && $0.attempt != nil && !out.contains($0.target)
        }
        hold(
            review.state == .published || isOpenElsewhere,
            "\(folder.post.id.hex.prefix(6)) was published, and is \(review.state)")
    }
}
