import Catalog
import Digest
import Files
import Publishing
import Store
import TestSupport
import Testing

@testable import Offbeat

/// What has to hold when all computers know everything.
extension PublishingRig {
    func finish() throws {
        try addComputers()
        try findRemote()
        // Whoever was cut off says what it knows; nothing more is taken.
        for computer in computers {
            try receiver.set(.busy)
            _ = try? computer.session("ana").publish(.due, environment: { _ in nil })
            try see(computer, byPeople: false)
        }
        try syncUntilQuiet()
        let versions = Set(try computers.map { try $0.library.version().description })
        hold(versions.count == 1, "the computers do not agree: \(versions)")
        for computer in computers {
            try checkDecisions(at: computer)
            try checkLists(at: computer)
        }
        try checkClaims()
    }

    private func syncUntilQuiet() throws {
        var versions: [Version] = []
        for _ in 0..<10 {
            for computer in computers { try sync(computer) }
            let present = try computers.map { try $0.library.version() }
            if present == versions { return }
            versions = present
        }
        complain("syncing never ends")
    }

    private func checkDecisions(at computer: Computer) throws {
        let posts = Dictionary(uniqueKeysWithValues: try computer.posts().map { ($0.post.id, $0.post) })
        for (id, decisions) in seen.decisions {
            guard let post = posts[id] else {
                hold(seen.removed.contains(id), "\(id.hex.prefix(6)) is gone, and nobody has removed it")
                continue
            }
            let lost = decisions.subtracting(post.decisions.map(\.id)).compactMap { seen.origins[$0] }.sorted()
            hold(lost.isEmpty, "\(id.hex.prefix(6)) has lost \(lost) at \(computer.name)")
        }
    }

    private func checkLists(at computer: Computer) throws {
        for who in Self.people {
            let session = try computer.session(who)
            for isAwaited in [false, true] {
                var request = PostListRequest()
                request.onlyAwaited = isAwaited
                let (fast, slow) = (try session.posts(request), try session.postsWithoutIndex(request))
                hold(fast.posts.map(\.json) == slow.posts.map(\.json), "\(who) lists otherwise with the index")
            }
            try checkDue(session)
        }
    }

    /// For the present and for times before and after.
    private func checkDue(_ session: Session) throws {
        let present = session.library.context.now()
        for hours in [-2, 0, 2] as [Int64] {
            let now = UInt64(Int64(present) + hours * 3_600_000)
            let due = DuePosts(session: session, zones: Zones(), now: now)
            let view = try session.view()
            let own = try view.workspaces.own().filter { workspace in
                session.person.flatMap { workspace.standing(of: $0.id) }.map { $0 >= .approver } ?? false
            }
            let slow = try view.posts(of: own).posts.filter(due.isDue).map(\.post.id)
            try hold(due.find(in: view).map(\.post.id).sorted() == slow.sorted(), "the index finds others due")
        }
    }

    private func checkClaims() throws {
        let computer = computers[0]
        let snapshot = try computer.snapshot()
        guard try snapshot.info().arbiter != nil else { return }
        for claim in try computer.library.arbiter(by: nil).claims() where !seen.lostClaims.contains(claim) {
            guard let post = try snapshot.post(claim.post, in: claim.workspace)?.post else { continue }
            hold(!post.handOffs.isOver(claim.attempt), "\(claim.attempt) is over, and its claim stands")
        }
    }
}
