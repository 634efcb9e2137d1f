/// What a row asks of its rounds: one comparison, and the goal.
struct Question {
    let what: String
    let other: String?
    let goal: Finding.Goal
    let note: String

    /// Asks for our time against another contestant's.
    init(_ what: String, against other: String?, _ goal: Finding.Goal, note: String = "") {
        self.what = what
        self.other = other
        self.goal = goal
        self.note = note
    }
}

extension Rounds {
    /// Answers what can be answered: contestants that are not installed were not there.
    func findings(_ row: String, _ questions: Question...) -> [Finding] {
        guard let ours = seconds(Workshop.ours) else { return [] }
        return questions.compactMap { question in
            var other: (String, Sample)?
            if let name = question.other {
                guard let sample = seconds(name) else { return nil }
                other = (name, sample)
            }
            return Finding(
                row: row, what: question.what, ours: ours, unit: .seconds, other: other, goal: question.goal,
                note: question.note)
        }
    }

    /// The most memory that our side had at once.
    func memory(_ row: String, below limit: Int) -> Finding {
        Finding(
            row: row, what: "peak memory", ours: peaks(Workshop.ours) ?? Sample([]), unit: .bytes,
            goal: .atMost(Double(limit)))
    }
}
