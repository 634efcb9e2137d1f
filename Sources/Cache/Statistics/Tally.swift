import Catalog
import Files
import Store

/// What is counted.
enum Tally: Hashable {
    case hits(CacheView)
    case misses(CacheView)
    /// Rows that were made again.
    case rows(CacheView)
    /// How often all rows were made.
    case built(CacheView)
    case invalidations(InvalidationCause)
    case evictions(EvictionCause)

    /// How it is written down: what is counted, and of what.
    var key: (kind: String, name: String) {
        switch self {
        case .hits(let view): ("hits", view.description)
        case .misses(let view): ("misses", view.description)
        case .rows(let view): ("rows", view.description)
        case .built(let view): ("built", view.description)
        case .invalidations(let cause): ("invalidations", cause.rawValue)
        case .evictions(let cause): ("evictions", cause.rawValue)
        }
    }

    /// Nil for what another program counts.
    init?(kind: String, name: String) {
        switch kind {
        case "invalidations": self.init(InvalidationCause(rawValue: name).map(Tally.invalidations))
        case "evictions": self.init(EvictionCause(rawValue: name).map(Tally.evictions))
        default:
            let made: ((CacheView) -> Tally)? =
                switch kind {
                case "hits": Tally.hits
                case "misses": Tally.misses
                case "rows": Tally.rows
                case "built": Tally.built
                default: nil
                }
            self.init(CacheView(name).flatMap { made?($0) })
        }
    }

    private init?(_ tally: Tally?) {
        guard let tally else { return nil }
        self = tally
    }
}

/// How somebody has used a view.
public struct ViewUse: Sendable, Hashable {
    /// When it was made for them, in milliseconds since 1970.
    public internal(set) var created: Int64
    /// When they last asked for it.
    public internal(set) var lastUse: Int64
    /// How often they found it ready.
    public internal(set) var hits: Int64

    /// Tells of a use.
    public init(created: Int64, lastUse: Int64, hits: Int64) {
        (self.created, self.lastUse, self.hits) = (created, lastUse, hits)
    }

    mutating func add(_ later: ViewUse) {
        created = min(created, later.created)
        lastUse = later.lastUse
        hits = hits.saturatingSum(later.hits)
    }
}

/// What was counted since it was last written down.
struct Counted {
    /// Who used what; nil is whoever acts where there are no people.
    struct User: Hashable {
        let view: CacheView
        let person: PersonID?
    }

    private(set) var numbers: [Tally: Int64] = [:]
    private(set) var uses: [User: ViewUse] = [:]
    private(set) var analyses: [AnalysisKey: AnalysisUse] = [:]
    /// How often something was counted.
    private(set) var times = 0
    var lastCleanup: Int64?

    var isEmpty: Bool { numbers.isEmpty && uses.isEmpty && analyses.isEmpty && lastCleanup == nil }

    mutating func add(_ number: Int64, to tally: Tally) {
        guard number > 0 else { return }
        numbers[tally] = (numbers[tally] ?? 0).saturatingSum(number)
        times += 1
    }

    mutating func add(_ use: ViewUse, by user: User) {
        uses[user]?.add(use)
        if uses[user] == nil { uses[user] = use }
    }

    mutating func add(_ use: AnalysisUse, of key: AnalysisKey) {
        analyses[key]?.add(use)
        if analyses[key] == nil { analyses[key] = use }
        times += 1
    }

    mutating func forgetUses(by person: PersonID?) { uses = uses.filter { $0.key.person != person } }

    /// Adds what was counted later.
    mutating func add(_ later: Counted) {
        for (tally, number) in later.numbers { add(number, to: tally) }
        for (user, use) in later.uses { add(use, by: user) }
        for (key, use) in later.analyses { add(use, of: key) }
        lastCleanup = later.lastCleanup ?? lastCleanup
        times = 0
    }
}

extension Int64 {
    /// The sum, or the greatest number there is.
    func saturatingSum(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
