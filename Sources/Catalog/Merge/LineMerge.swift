/// Puts two edits of one text together, where they touch different lines.
enum LineMerge {
    /// The text with both edits; nil where they overlap, or both put something in at one place.
    static func merge(_ one: String, _ other: String, base: String) -> String? {
        let (base, one, other) = (lines(of: base), lines(of: one), lines(of: other))
        let sides = [(one, LineDiff(from: base, to: one).hunks), (other, LineDiff(from: base, to: other).hunks)]
        var merged: [Substring] = []
        var places = [0, 0]
        var position = 0
        while let next = first(of: sides.map(\.1), at: places) {
            let (side, hunk) = (next, sides[next].1[places[next]])
            let (text, opposite) = (sides[side].0, 1 - side)
            if places[opposite] < sides[opposite].1.count {
                let rival = sides[opposite].1[places[opposite]]
                if touches(hunk, rival) {
                    // What both did alike is done once.
                    guard hunk.old == rival.old,
                        text[hunk.new].elementsEqual(sides[opposite].0[rival.new], by: LineDiff.isEqual)
                    else { return nil }
                    places[opposite] += 1
                }
            }
            merged += base[position..<hunk.old.lowerBound] + text[hunk.new]
            position = hunk.old.upperBound
            places[side] += 1
        }
        merged += base[position...]
        return merged.joined(separator: "\n")
    }

    private static func lines(of text: String) -> [Substring] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { Substring($0) }
    }

    /// The side whose next change comes first.
    private static func first(of sides: [[LineDiff.Hunk]], at places: [Int]) -> Int? {
        let waiting = (0..<2).filter { places[$0] < sides[$0].count }
        return waiting.min { left, right in
            let (one, other) = (sides[left][places[left]].old, sides[right][places[right]].old)
            return (one.lowerBound, one.upperBound) < (other.lowerBound, other.upperBound)
        }
    }

    /// Whether two changes concern one line, or one puts something in where the other begins or ends.
    private static func touches(_ one: LineDiff.Hunk, _ other: LineDiff.Hunk) -> Bool {
        if one.old.isEmpty || other.old.isEmpty {
            return one.old.lowerBound <= other.old.upperBound && other.old.lowerBound <= one.old.upperBound
        }
        return one.old.overlaps(other.old)
    }
}
