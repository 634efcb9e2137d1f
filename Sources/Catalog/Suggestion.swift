/// Finds what somebody probably meant.
public enum Suggestion {
    /// The word nearest to what was written; `nil` when none is near enough to be meant.
    ///
    /// Near enough is a third of the word's length in added, missing, wrong or swapped characters, at least one.
    public static func nearest(to written: String, in words: [String]) -> String? {
        let target = Array(written.lowercased().unicodeScalars.prefix(64))
        var best: (word: String, distance: Int)?
        for word in words {
            let distance = distance(target, Array(word.lowercased().unicodeScalars))
            guard distance <= max(1, word.unicodeScalars.count / 3), distance < best?.distance ?? .max else {
                continue
            }
            best = (word, distance)
        }
        return best?.word
    }

    /// The end of an error message that names the nearest word, or all words when none is near.
    static func hint(for written: String, in words: [String]) -> String {
        if let word = nearest(to: written, in: words) { return "; did you mean \"\(word)\"?" }
        return "; there are: \(words.joined(separator: ", "))"
    }

    /// The optimal string alignment distance.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = previous[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(change, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
