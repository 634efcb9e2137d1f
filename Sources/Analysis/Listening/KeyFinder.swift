/// Finds the key whose profile the strengths of the twelve notes resemble most.
enum KeyFinder {
    /// How often each note occurs in music of a key, from its tonic: by the count of Kostka and Payne's examples, as Temperley
    /// gives it.
    private static let major = [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400]
    private static let minor = [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330]
    private static let names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    /// The key; nil where no note sounds.
    static func key(of notes: [Double]) -> Features.Key? {
        guard notes.count == 12, let most = notes.max(), most > 0 else { return nil }
        var found: [(score: Double, name: String)] = []
        for tonic in 0..<12 {
            for (profile, mode) in [(major, "major"), (minor, "minor")] {
                let expected = (0..<12).map { profile[($0 - tonic + 12) % 12] }
                found.append((correlation(notes, expected), "\(names[tonic]) \(mode)"))
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
