/// What decisions say about bringing a post out: target by target, attempt by attempt.
///
/// Only who holds the claim of an attempt says that it failed, and only once. So what is said of an attempt settles
/// what others, who could not know, have said of it.
public struct HandOffs: Sendable {
    /// One attempt at one target.
    public struct Attempt: Sendable, Hashable, Comparable {
        /// The target's name.
        public let target: String
        /// Which attempt it is, from 1.
        public let number: Int

        /// Names an attempt.
        public init(_ number: Int, at target: String) { (self.target, self.number) = (target, number) }

        /// By target, and then by number.
        public static func < (one: Self, other: Self) -> Bool {
            (one.target, one.number) < (other.target, other.number)
        }
    }

    /// The decisions about attempts, and that it is out, by target.
    private let byTarget: [String: [Decision]]

    init(_ decisions: [Decision]) {
        // What is out by hand is out, though it was no attempt.
        let told = decisions.filter {
            Self.kinds.contains($0.kind) && ($0.attempt != nil || $0.kind == .published && $0.target != nil)
        }
        byTarget = Dictionary(grouping: told) { $0.target ?? "" }
    }

    private static let kinds: [Decision.Kind] = [.published, .failed, .needsAttention, .settled]

    /// The attempts of which nobody knows what became of them.
    public var open: [Attempt] {
        byTarget.flatMap { target, decisions in
            let unknown = Set(decisions.filter { $0.kind == .needsAttention }.compactMap(\.attempt))
            return unknown.map { Attempt($0, at: target) }.filter { !isOver($0) }
        }.sorted()
    }

    /// Whether it is known what became of an attempt.
    public func isOver(_ attempt: Attempt) -> Bool {
        (byTarget[attempt.target] ?? []).contains {
            $0.kind == .published || $0.kind != .needsAttention && $0.attempt == attempt.number
        }
    }

    /// Whether a post is out at a target.
    func isOut(at target: String) -> Bool { byTarget[target]?.contains { $0.kind == .published } ?? false }

    /// Whether a decision says that an attempt failed, and none after it was made or asked for.
    func isLastFailure(_ decision: Decision) -> Bool {
        guard decision.kind == .failed, let number = decision.attempt else { return false }
        return !(byTarget[decision.target ?? ""] ?? []).contains {
            $0.kind == .published || ($0.attempt ?? 0) > number || $0.kind == .settled && $0.attempt == number
        }
    }

    /// The number of the next attempt at a target: one more than the greatest that failed or was settled.
    public func next(at target: String) -> Int {
        let over = (byTarget[target] ?? []).filter { $0.kind == .failed || $0.kind == .settled }
        return 1 + (over.compactMap(\.attempt).max() ?? 0)
    }
}

extension Record where Kind == PostKind {
    /// What was decided about bringing it out.
    public var handOffs: HandOffs { HandOffs(decisions) }
}
