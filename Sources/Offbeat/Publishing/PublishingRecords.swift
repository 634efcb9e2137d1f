import Catalog
import Digest
import Publishing
import Store

/// Writes into records what came of bringing posts out.
struct PublishingRecords {
    let session: Session
    let person: Person

    /// What is to be said of an attempt, or of a post that is too late for any.
    struct Statement {
        let kind: Decision.Kind
        var attempt: HandOffs.Attempt?
        var note: String?
        var links: [String: String] = [:]
        /// The content that it speaks of; nil for what the post says now.
        var content: (hash: ContentHash, stamps: ContentHash)?
        /// What was done, as the first words of the commit.
        let subject: String
    }

    /// Says it of a post, unless it is said already. Nothing is said of a post that is gone.
    func say(_ statement: Statement, of post: PostID, in workspace: WorkspaceID) throws {
        try session.store.write(by: person) { draft in
            guard case .post(let folder)? = try draft.base.read(post, in: workspace) else {
                return statement.subject
            }
            var post = folder.post
            if try decide(statement, on: &post, folder, draft) { try draft.put(post, in: workspace) }
            return "\(statement.subject) \(post.caption)"
        }
    }

    private func decide(
        _ statement: Statement, on post: inout Post, _ folder: PostFolder, _ draft: Draft
    ) throws -> Bool {
        if let attempt = statement.attempt, statement.isSaid(in: post.decisions, of: attempt) { return false }
        if !statement.links.isEmpty {
            var links = post.links
            for (name, address) in statement.links { links[name] = .string(address) }
            try post.set("links", to: .object(links), at: draft.stamp(after: post.stamp(of: "links")))
        }
        let content = try draft.base.content(of: folder)
        try post.decide(
            Decision(
                id: draft.newID(), at: draft.stamp(after: post.lastDecided), by: person.id, kind: statement.kind,
                content: statement.content?.hash ?? content.hash,
                stamps: statement.content?.stamps ?? content.stamps, saw: post.lastDecisions,
                note: statement.note.map { String($0.prefix(Limits.comment)) }, attempt: statement.attempt?.number,
                target: statement.attempt?.target))
        return true
    }

    /// Says what came of handing a post over.
    func say(_ result: HandOff, of claim: Claim) throws {
        let (kind, note, links, subject): (Decision.Kind, String?, [String: String], String)
        switch result {
        case .sent(let sent, let failures):
            let words = failures.sorted { $0.key < $1.key }.map { "not on \($0): \($1)" }.joined(separator: "; ")
            (kind, note, links, subject) = (.published, words.isEmpty ? nil : words, sent, "Publish")
        case .refused(let why): (kind, note, links, subject) = (.failed, why, [:], "Say that it could not publish")
        case .unknown(let why): (kind, note, links, subject) = (.needsAttention, why, [:], "Ask what became of")
        case .unreached: return
        }
        var statement = Statement(kind: kind, attempt: claim.attempt, note: note, links: links, subject: subject)
        statement.content = (claim.content, claim.stamps)
        try say(statement, of: claim.post, in: claim.workspace)
    }

    /// Says that nobody here knows what became of an attempt.
    func ask(about claim: Claim, because why: String) throws { try say(.unknown(why), of: claim) }
}

extension PublishingRecords.Statement {
    fileprivate func isSaid(in decisions: [Decision], of attempt: HandOffs.Attempt) -> Bool {
        decisions.contains { $0.kind == kind && $0.attempt == attempt.number && $0.target == attempt.target }
    }
}
