/// Which decisions about a post had seen which others.
///
/// A decision names those that it had seen; what these had seen, it had seen too. So it is enough that each names the
/// last ones (``Record/lastDecisions``). Decisions of kinds that only a newer program knows are links of the chain too.
/// None can have seen a later one, whatever it says, so there is no circle.
struct SeenDecisions {
    private var places: [DecisionID: Int] = [:]
    /// For each decision, the places of those that it had seen, a bit each.
    private var seen: [[UInt64]] = []

    init(of post: Post) {
        let links = post.decisionLinks
        let words = (links.count + 63) / 64
        for (place, link) in links.enumerated() {
            var bits = [UInt64](repeating: 0, count: words)
            for earlier in link.saw.compactMap({ places[$0] }) {
                bits[earlier / 64] |= 1 << UInt64(earlier % 64)
                for word in 0..<words { bits[word] |= seen[earlier][word] }
            }
            places[link.id] = place
            seen.append(bits)
        }
    }

    /// Whether one decision had been seen by another.
    func contains(_ id: DecisionID, by other: DecisionID) -> Bool {
        guard let place = places[id], let observer = places[other] else { return false }
        return seen[observer][place / 64] & 1 << UInt64(place % 64) != 0
    }
}

extension Record where Kind == PostKind {
    /// All decisions, in the order of stamps, with what each says that it had seen.
    fileprivate var decisionLinks: [(id: DecisionID, at: Stamp, saw: [DecisionID])] {
        elements(of: "decisions").compactMap { element, values in
            guard let id = DecisionID(element), let at = values["at"]?.asString.flatMap({ Stamp($0) }) else {
                return nil
            }
            let saw = (values["saw"]?.asArray ?? []).compactMap { $0.asString.flatMap { DecisionID($0) } }
            return (id, at, saw)
        }
        .sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// The decisions that no other has seen so far: what a new one names as seen.
    public var lastDecisions: [DecisionID] {
        let seen = SeenDecisions(of: self)
        let all = decisionLinks.map(\.id)
        return all.filter { id in !all.contains { seen.contains(id, by: $0) } }.sorted()
    }

    /// The stamp of the latest decision, which a new one must exceed.
    public var lastDecided: Stamp? { decisionLinks.last?.at }
}
