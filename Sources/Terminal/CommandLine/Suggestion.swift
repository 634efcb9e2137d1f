/// Finds what somebody who mistyped a name may have meant.
enum Suggestion {
    /// Returns the candidate nearest to the word, or nil if none is near enough to be meant.
    ///
    /// Near is at most one slip in every three letters, where a slip is a letter missing, added, changed or swapped
    /// with its neighbour. A candidate that begins with the word (of three letters or more) is near as well. Of
    /// equals the first wins.
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let typed = Array(word.utf8)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let letters = Array(candidate.utf8)
            var distance = editDistance(typed, letters)
            if typed.count >= 3, letters.starts(with: typed) { distance = min(distance, 1) }
            if distance <= max(1, min(typed.count, letters.count) / 3), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// Returns how many slips lie between two words (optimal string alignment).
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if left.count > 64 || right.count > 64 { return .max }
        var twoBack: [Int] = []
        var before = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = before[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(change, before[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, twoBack[column - 1] + 1)
                }
                current.append(cost)
            }
            twoBack = before
            before = current
        }
        return before[right.count]
    }
}
