import Catalog
import Store

extension Session {
    /// What a person knows of an attempt that no computer knows the end of.
    public enum Settlement: Sendable {
        /// It is out, at this address.
        case sent(String)
        /// It is not.
        case notSent
    }

    /// Says what became of a post that needs attention.
    ///
    /// One that is said not to have gone out is what it was approved for: it may be published again, and one whose time is
    /// near goes out by itself. One that was only too late has no time then, since its own is past.
    public func settlePost(
        _ name: String, _ settlement: Settlement, note: String? = nil
    ) throws(Failure) -> PostOutcome {
        do {
            try library.refuseGuests("say what became of a post")
            if case .sent(let address) = settlement { try Self.check(address) }
            let person = try requirePerson()
            return try write(by: person) { view, draft in
                let found = try post(named: name, in: view)
                try require(.settle, of: found, by: person)
                var post = found.post
                let attempts = found.review.openAttempts.map(Optional.some)
                for attempt in attempts.isEmpty ? [nil] : attempts {
                    try settle(settlement, attempt, of: &post, found, by: person, note, draft)
                }
                try draft.put(post, in: found.workspace.id)
                let folder = PostFolder(workspace: found.workspace.id, post: post, image: found.folder.image)
                return PostEdit(folder: folder, subject: "Settle")
            }
        } catch { throw Failure(error) }
    }

    private func settle(
        _ settlement: Settlement, _ attempt: HandOffs.Attempt?, of post: inout Post, _ found: ReviewedPost,
        by person: Person, _ note: String?, _ draft: Draft
    ) throws {
        func decide(_ kind: Decision.Kind, at target: String?) throws {
            try post.decide(
                Decision(
                    id: draft.newID(), at: draft.stamp(after: post.lastDecided), by: person.id, kind: kind,
                    content: found.content.hash, stamps: found.content.stamps, saw: post.lastDecisions, note: note,
                    attempt: attempt?.number, target: target))
        }
        try decide(.settled, at: attempt?.target)
        switch settlement {
        case .sent(let address):
            // Where no attempt was made it is out by hand, and goes out nowhere by itself.
            let targets = attempt.map { [$0.target] } ?? found.review.remainingTargets
            var links = post.links
            for target in targets { links[target] = .string(address) }
            try post.set("links", to: .object(links), at: draft.stamp(after: post.stamp(of: "links")))
            for target in targets { try decide(.published, at: target) }
        case .notSent:
            guard attempt == nil else { return }
            try post.setSchedule(nil, at: draft.stamp(after: post.stamp(of: "schedule")))
        }
    }

    private static func check(_ address: String) throws(Failure) {
        let isAddress = address.hasPrefix("https://") || address.hasPrefix("http://")
        let isShown = address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard isAddress, isShown, address.utf8.count <= Limits.url else {
            throw Failure(
                .usage, "\(address) is no address on the web",
                hint: "say where the post is, as https://example.org/1, or --not-sent")
        }
    }
}
