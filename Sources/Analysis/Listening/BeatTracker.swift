import Glibc

/// Lays beats over a curve of onsets: where something begins, and as evenly as the tempo says.
struct BeatTracker {
    /// Frames from a beat to the next.
    let period: Double
    /// How much evenness counts.
    var tightness = 80.0

    /// The frames of the beats, chosen so that no other choice fits better as a whole.
    func beats(in curve: [Float]) -> [Int] {
        guard period >= 2, curve.count > Int(period) else { return [] }
        let strength = normalised(curve)
        let (nearest, furthest) = (Int((period / 2).rounded()), Int((period * 2).rounded()))
        let penalties = (0...furthest).map { distance -> Double in
            guard distance >= nearest else { return -.infinity }
            let ratio = log(Double(distance) / period)
            return -tightness * ratio * ratio
        }
        var scores = strength
        var before = [Int32](repeating: -1, count: strength.count)
        var hasBegun = false
        for index in strength.indices {
            var best = (score: -Double.infinity, place: -1)
            if index >= nearest {
                for distance in nearest...furthest {
                    let place = index - distance
                    guard place >= 0 else { break }
                    let score = scores[place] + penalties[distance]
                    if score > best.score { best = (score, place) }
                }
            }
            if best.place >= 0, hasBegun || best.score > 0 {
                scores[index] += best.score
                before[index] = Int32(best.place)
            }
            // Silence at the beginning has no beats.
            if strength[index] > 0.01 { hasBegun = true }
        }
        guard let end = last(in: scores) else { return [] }
        var beats: [Int] = []
        var place = end
        while place >= 0 {
            beats.append(place)
            place = Int(before[place])
        }
        return trimmed(Array(beats.reversed()), strength)
    }

    /// The best place among those of the last period.
    private func last(in scores: [Double]) -> Int? {
        let start = max(0, scores.count - Int(period.rounded()) - 1)
        return (start..<scores.count).max { scores[$0] < scores[$1] }
    }

    private func normalised(_ curve: [Float]) -> [Double] {
        let mean = curve.reduce(0.0) { $0 + Double($1) } / Double(curve.count)
        let square = curve.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(curve.count)
        guard square > 0 else { return curve.map { _ in 0 } }
        // A beat may be a frame off, so each value is spread a little.
        let scaled = curve.map { Double($0) / square.squareRoot() }
        return scaled.indices.map { index in
            (scaled[max(0, index - 1)] + 2 * scaled[index] + scaled[min(scaled.count - 1, index + 1)]) / 4
        }
    }

    /// Without the beats at both ends at which nothing is to be heard.
    private func trimmed(_ beats: [Int], _ strength: [Double]) -> [Int] {
        let root = (beats.reduce(0.0) { $0 + strength[$1] * strength[$1] } / Double(max(1, beats.count)))
            .squareRoot()
        guard let first = beats.firstIndex(where: { strength[$0] > root / 4 }),
            let last = beats.lastIndex(where: { strength[$0] > root / 4 })
        else { return [] }
        return Array(beats[first...last])
    }
}
