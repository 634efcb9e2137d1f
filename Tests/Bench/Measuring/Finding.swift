/// What came of measuring one thing: a line of the table.
struct Finding: Sendable {
    /// The row that it belongs to.
    let row: String
    /// What was measured.
    let what: String
    let ours: Sample
    let unit: Unit
    /// What ours is compared with.
    var other: (name: String, sample: Sample)?
    let goal: Goal
    /// What a reader must know to judge the figure.
    var note = ""

    /// What a reading counts.
    enum Unit: String, Sendable { case seconds, bytes, files, races, requests, share, decibels }

    /// What ours must not exceed.
    enum Goal: Sendable {
        /// So many times the other.
        case times(Double)
        /// So much more than the other.
        case more(Double)
        /// So much.
        case atMost(Double)
        /// Nothing: the figure is only for orientation.
        case none
    }

    /// What is held against the goal, run by run.
    var judged: Sample {
        switch (goal, other?.sample) {
        case (.times, let other?), (.none, let other?): ours.combined(with: other, /)
        case (.more, let other?): ours.combined(with: other, -)
        default: ours
        }
    }

    /// Whether the median meets the goal; nil without a goal.
    var isMet: Bool? {
        switch goal {
        case .times(let limit), .more(let limit), .atMost(let limit): judged.median <= limit
        case .none: nil
        }
    }
}
