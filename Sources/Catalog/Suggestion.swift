/// Finds what somebody who mistyped a name may have meant.
public enum Suggestion {
    /// The word nearest to what was written; nil when none is near enough to be meant.
    ///
    /// Near is at most one slip in every three letters, at least one, where a slip is a letter missing, added, changed or
    /// swapped with its neighbour; capitals do not matter. A word that begins with what was written (of three letters or
    /// more) is near as well. Of equals the first wins.
    public static func nearest(to written: String, in words: [String]) -> String? {
        let typed = Array(written.lowercased().unicodeScalars.prefix(65))
        var best: (word: String, distance: Int)?
        for word in words {
            let letters = Array(word.lowercased().unicodeScalars)
            var distance = distance(typed, letters)
            if typed.count >= 3, letters.starts(with: typed) { distance = min(distance, 1) }
            if distance <= max(1, min(typed.count, letters.count) / 3), distance < best?.distance ?? .max {
                best = (word, distance)
            }
        }
        return best?.word
    }

    /// The end of an error message that names the nearest word, or all words when none is near.
    static func hint(for written: String, in words: [String]) -> String {
        if let word = nearest(to: written, in: words) { return "; did you mean \"\(word)\"?" }
        return "; there are: \(words.joined(separator: ", "))"
    }

    /// How many slips lie between two words (optimal string alignment); more than any where one is very long.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
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
