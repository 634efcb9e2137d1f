public import Catalog

/// Hands a post to a target once, however many computers are about to.
///
/// The order is what keeps it to once. A claim is made first; then it is looked for others that are about the same post
/// with another content; then the post is looked at as everybody knows it by now; only then is it handed over. Who is cut
/// off in between leaves a claim, and a journal that says what can have happened.
public struct Delivery {
    /// What came of it.
    public enum Outcome: Sendable, Hashable {
        /// Somebody else is at it.
        case lost(to: Claim)
        /// Somebody else was at it and must have given up by now, and nobody knows what became of it.
        case abandoned(Claim)
        /// It is not to go out any more, or not so.
        case withdrawn
        /// This computer has handed over this very attempt before, and no record says what became of it.
        case repeated
        /// It was handed over.
        case handedOver(HandOff)
    }

    private let arbiter: any Arbiter
    private let journal: HandOffJournal
    private let isStopped: () -> Bool

    /// Prepares to deliver; nobody else in this store may do so meanwhile.
    public init(with arbiter: any Arbiter, journal: HandOffJournal, isStopped: @escaping () -> Bool = { false }) {
        self.arbiter = arbiter
        self.journal = journal
        self.isStopped = isStopped
    }

    /// Delivers one attempt. What it leaves in the journal is for the caller to settle: once the outcome is in a record,
    /// and once the arbiter's branch has that.
    ///
    /// - Parameters:
    ///   - claim: the claim to make.
    ///   - isOver: whether a record here says what became of an attempt: then its claim means nothing any more.
    ///   - current: gives what is to go out under the claim's key and attempt, of the newest that the arbiter's branch has;
    ///     nil where that is nothing any more.
    public func deliver(
        _ claim: Claim, to target: any PublishingTarget, at now: Timestamp,
        isOver: (HandOffs.Attempt) -> Bool, current: () throws -> Publication?
    ) throws -> Outcome {
        if journal.hasHandedOver(claim) { return .repeated }
        // By this machine's own clock: what others see of it is when the claim was made, by the time that all believe in.
        let deadline = Deadline(in: .seconds(Claim.length))
        try journal.note(claim, .claiming)
        guard try arbiter.make(claim) else {
            try journal.forget(claim)
            return try standing(beside: claim, at: now, isOver) ?? .withdrawn
        }
        do {
            if let other = try standing(beside: claim, at: now, isOver) {
                try giveUp(claim)
                return other
            }
            guard let publication = try current(), !deadline.hasPassed, !isStopped() else {
                try giveUp(claim)
                return .withdrawn
            }
            try journal.note(claim, .handing)
            let result = target.handOff(publication, until: deadline, isStopped: isStopped)
            if case .unreached = result { try giveUp(claim) } else { try journal.note(claim, .over(result)) }
            return .handedOver(result)
        } catch {
            // Where the journal says that it may have been sent, it stays said.
            if try journal.entries().contains(where: { $0.claim == claim && $0.stage == .claiming }) {
                try giveUp(claim)
            }
            throw error
        }
    }

    /// The claim of somebody else on the same post at the same target.
    private func standing(
        beside claim: Claim, at now: Timestamp, _ isOver: (HandOffs.Attempt) -> Bool
    ) throws -> Outcome? {
        let others = try arbiter.claims().filter {
            $0.isAboutTheSame(as: claim) && $0 != claim && !isOver($0.attempt)
        }
        if let live = others.first(where: { !$0.isOver(at: now) }) { return .lost(to: live) }
        return others.first.map { .abandoned($0) }
    }

    private func giveUp(_ claim: Claim) throws {
        try arbiter.release(claim)
        try journal.forget(claim)
    }
}
