/// Where two texts differ, line by line, by Myers' greedy algorithm.
struct LineDiff {
    /// Lines of the old text that became lines of the new one.
    struct Hunk: Equatable {
        var old: Range<Int>
        var new: Range<Int>
    }

    /// The places that differ, in order; between any two of them there is a line that is equal.
    let hunks: [Hunk]

    /// More differences than this are not searched for, fewer in a text of very many lines: all between the first and the
    /// last is then one of them.
    private static let limit = 1_000
    private static let comparisons = 1 << 24

    init(from old: [Substring], to new: [Substring]) {
        var start = 0
        while start < old.count, start < new.count, Self.isEqual(old[start], new[start]) { start += 1 }
        var (oldEnd, newEnd) = (old.count, new.count)
        while oldEnd > start, newEnd > start, Self.isEqual(old[oldEnd - 1], new[newEnd - 1]) {
            oldEnd -= 1
            newEnd -= 1
        }
        var numbers = LineNumbers()
        let (oldPart, newPart) = (old[start..<oldEnd].map { numbers[$0] }, new[start..<newEnd].map { numbers[$0] })
        if oldPart.isEmpty && newPart.isEmpty {
            hunks = []
        } else if let found = Self.search(oldPart, newPart) {
            hunks = found.map { hunk in
                Hunk(
                    old: (hunk.old.lowerBound + start)..<(hunk.old.upperBound + start),
                    new: (hunk.new.lowerBound + start)..<(hunk.new.upperBound + start))
            }
        } else {
            hunks = [Hunk(old: start..<oldEnd, new: start..<newEnd)]
        }
    }

    static func isEqual(_ one: Substring, _ other: Substring) -> Bool { one.utf8.elementsEqual(other.utf8) }

    /// The shortest way from one to the other; nil where it is longer than the limit.
    private static func search(_ old: [Int], _ new: [Int]) -> [Hunk]? {
        let lines = old.count + new.count
        let most = min(limit, lines, comparisons / max(1, lines))
        // How far each diagonal reaches, after each number of steps.
        var reach = [Int](repeating: 0, count: 2 * most + 3)
        var trace: [[Int]] = []
        let zero = most + 1
        for steps in 0...most {
            trace.append(Array(reach[(zero - steps - 1)...(zero + steps + 1)]))
            for diagonal in stride(from: -steps, through: steps, by: 2) {
                let goesDown =
                    diagonal == -steps
                    || diagonal != steps && reach[zero + diagonal - 1] < reach[zero + diagonal + 1]
                var x = goesDown ? reach[zero + diagonal + 1] : reach[zero + diagonal - 1] + 1
                while x < old.count, x - diagonal < new.count, old[x] == new[x - diagonal] { x += 1 }
                reach[zero + diagonal] = x
                if x >= old.count, x - diagonal >= new.count {
                    return hunks(along: trace, to: (old.count, new.count))
                }
            }
        }
        return nil
    }

    /// Walks the way back, and gathers what is no diagonal of it.
    private static func hunks(along trace: [[Int]], to end: (old: Int, new: Int)) -> [Hunk] {
        var hunks: [Hunk] = []
        var (x, y) = (end.old, end.new)
        for steps in stride(from: trace.count - 1, to: 0, by: -1) {
            // The middle of what was kept of the step before is its diagonal zero.
            let (reach, zero) = (trace[steps], steps + 1)
            let diagonal = x - y
            let goesDown =
                diagonal == -steps
                || diagonal != steps && reach[zero + diagonal - 1] < reach[zero + diagonal + 1]
            let before = goesDown ? diagonal + 1 : diagonal - 1
            let (oldX, oldY) = (reach[zero + before], reach[zero + before] - before)
            let step = Hunk(
                old: oldX..<(goesDown ? oldX : oldX + 1), new: oldY..<(goesDown ? oldY + 1 : oldY))
            if let last = hunks.last, last.old.lowerBound == step.old.upperBound,
                last.new.lowerBound == step.new.upperBound
            {
                hunks[hunks.count - 1] = Hunk(
                    old: step.old.lowerBound..<last.old.upperBound, new: step.new.lowerBound..<last.new.upperBound)
            } else {
                hunks.append(step)
            }
            (x, y) = (oldX, oldY)
        }
        return hunks.reversed()
    }
}

/// Numbers by which lines are compared, the same for the same bytes, so that long lines are looked at once.
private struct LineNumbers {
    private struct Line: Hashable {
        let text: String

        static func == (one: Line, other: Line) -> Bool { UTF8Order.equal(one.text, other.text) }

        func hash(into hasher: inout Hasher) { UTF8Order.hash(text, into: &hasher) }
    }

    private var known: [Line: Int] = [:]

    subscript(_ line: Substring) -> Int {
        mutating get {
            let next = known.count
            let line = Line(text: String(line))
            if let number = known[line] { return number }
            known[line] = next
            return next
        }
    }
}
