/// Finds the key whose profile the strengths of the twelve notes resemble most.
enum KeyFinder {
    /// How often each note occurs in music of a key, from its tonic: as Albrecht and Shanahan counted it in 982 pieces (The
    /// Use of Large Corpora to Train a New Type of Key-Finding Algorithm, Music Perception 31, 2013). Of the published
    /// profiles that were tried it takes minor for its relative major least.
    private static let major = [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081]
    private static let minor = [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052]
    private static let names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
    /// How much it counts that the bass ends on the tonic: enough to choose between keys that are about as likely.
    private static let weightOfEnding = 0.25

    /// The key; nil where no note sounds.
    ///
    /// - Parameters:
    ///   - notes: How strongly each note sounds, from C.
    ///   - ending: How strongly each sounds in the bass at the end.
    static func key(of notes: [Double], ending: [Double] = []) -> Features.Key? {
        guard notes.count == 12, let most = notes.max(), most > 0 else { return nil }
        let whole = ending.reduce(0, +)
        var found: [(score: Double, name: String)] = []
        for tonic in 0..<12 {
            let ends = whole > 0 && ending.count == 12 ? ending[tonic] / whole * weightOfEnding : 0
            for (profile, mode) in [(major, "major"), (minor, "minor")] {
                let expected = (0..<12).map { profile[($0 - tonic + 12) % 12] }
                found.append((correlation(notes, expected) + ends, "\(names[tonic]) \(mode)"))
            }
        }
        found.sort { $0.score > $1.score }
        guard found[0].score > 0 else { return nil }
        // Sure is who stands out from the next best.
        let confidence = max(0, min(1, found[0].score * (0.5 + 2.5 * (found[0].score - found[1].score))))
        return Features.Key(name: found[0].name, confidence: confidence)
    }

    private static func correlation(_ left: [Double], _ right: [Double]) -> Double {
        let (meanLeft, meanRight) = (left.reduce(0, +) / 12, right.reduce(0, +) / 12)
        var (product, squaresLeft, squaresRight) = (0.0, 0.0, 0.0)
        for index in 0..<12 {
            let (a, b) = (left[index] - meanLeft, right[index] - meanRight)
            product += a * b
            squaresLeft += a * a
            squaresRight += b * b
        }
        let size = (squaresLeft * squaresRight).squareRoot()
        return size > 0 ? product / size : 0
    }
}
