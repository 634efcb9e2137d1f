/// Finds parts that sound unlike their neighbours: where other instruments play, or play otherwise.
///
/// It looks at how loud each band is and how much that changes, in stretches of two seconds. Where those before a moment
/// resemble each other, and those behind it too, but not those before, a part ends and another begins. A repetition that
/// sounds the same is not told apart, and of what is not clear nothing is said.
struct SectionFinder {
    /// How many stretches are compared on either side.
    private static let stretches = 4
    private static let stretchSeconds = 2.0
    /// How many decibels apart the bands have to be, in the mean of all.
    private static let leastDifference = 3.0
    /// How many times further apart than the stretches of one side are.
    private static let leastClarity = 2.5
    /// Bands are heard that are this much above the floor, in decibels.
    private static let audible = 20.0
    /// How far off a beat a part begins on it, in milliseconds.
    private static let nearness = 300

    /// The seconds from a frame of the bands to the next.
    let interval: Double
    /// How many bands there are.
    let width: Int

    /// The parts, one behind the other; none where there are not at least two.
    func sections(of bands: [UInt8], beats: [Int]) -> [Markers.Span] {
        let length = Int(Self.stretchSeconds / interval)
        guard width > 0, length >= 4, let heard = heard(bands), heard.count > 2 * Self.stretches * length else {
            return []
        }
        let side = Self.stretches * length
        let inner = heard.lowerBound + side..<heard.upperBound - side
        let found = differences(bands, at: inner, length: length)
        var borders: [Int] = []
        for place in found.indices where found[place] > 0 {
            let around = max(0, place - side)...min(found.count - 1, place + side)
            let isFirst = found[around.lowerBound..<place].allSatisfy { $0 < found[place] }
            if isFirst, found[place...around.upperBound].allSatisfy({ $0 <= found[place] }) {
                borders.append(onBeat(milliseconds(inner.lowerBound + place), beats))
            }
        }
        guard !borders.isEmpty else { return [] }
        let edges = [milliseconds(heard.lowerBound)] + borders + [milliseconds(heard.upperBound)]
        return zip(edges, edges.dropFirst()).map { Markers.Span(start: $0, end: $1) }
    }

    private func milliseconds(_ frame: Int) -> Int { Int((Double(frame) * interval * 1000).rounded()) }

    /// Without the silence at both ends.
    private func heard(_ bands: [UInt8]) -> Range<Int>? {
        let least = UInt8(Self.audible / TimbreMeter.decibelsPerStep)
        guard let first = bands.firstIndex(where: { $0 > least }), let last = bands.lastIndex(where: { $0 > least })
        else { return nil }
        return first / width..<last / width + 1
    }

    private func onBeat(_ moment: Int, _ beats: [Int]) -> Int {
        guard let nearest = beats.min(by: { abs($0 - moment) < abs($1 - moment) }) else { return moment }
        return abs(nearest - moment) <= Self.nearness ? nearest : moment
    }

    /// How far apart the two sides of each frame are, in decibels; 0 where that is not clear.
    private func differences(_ bands: [UInt8], at frames: Range<Int>, length: Int) -> [Float] {
        let count = 2 * Self.stretches
        // Whole numbers, so that what is added and taken away again leaves no trace.
        var sums = [Int](repeating: 0, count: count * width)
        var squares = sums
        func change(_ frame: Int, _ stretch: Int, by sign: Int) {
            for band in 0..<width {
                let value = Int(bands[frame * width + band])
                sums[stretch * width + band] += sign * value
                squares[stretch * width + band] += sign * value * value
            }
        }
        let first = frames.lowerBound - Self.stretches * length
        for stretch in 0..<count {
            for frame in 0..<length { change(first + stretch * length + frame, stretch, by: 1) }
        }
        var found: [Float] = []
        found.reserveCapacity(frames.count)
        for frame in frames {
            found.append(difference(sums, squares, length: length))
            guard frame + 1 < frames.upperBound else { break }
            let start = frame - Self.stretches * length
            for stretch in 0..<count {
                change(start + stretch * length, stretch, by: -1)
                change(start + (stretch + 1) * length, stretch, by: 1)
            }
        }
        return found
    }

    private func difference(_ sums: [Int], _ squares: [Int], length: Int) -> Float {
        let scale = Double(length)
        var (between, within, adjoining) = (0.0, 0.0, 0.0)
        for band in 0..<width {
            var (means, spreads) = (Sides(), Sides())
            for stretch in 0..<2 * Self.stretches {
                let mean = Double(sums[stretch * width + band]) / scale
                let square = Double(squares[stretch * width + band]) / scale
                means.add(mean, stretch)
                spreads.add(max(0, square - mean * mean).squareRoot(), stretch)
            }
            for sides in [means, spreads] {
                between += sides.between
                within += sides.within
                adjoining += sides.adjoining
            }
        }
        let square = TimbreMeter.decibelsPerStep * TimbreMeter.decibelsPerStep / Double(2 * width)
        (between, within) = (between * square, within * square)
        // What changes little by little does not change much from one stretch to the next.
        let isClear =
            adjoining * square > between / 4 && between > Self.leastDifference * Self.leastDifference
            && between > Self.leastClarity * Self.leastClarity * (within + 1)
        return isClear ? Float(between.squareRoot()) : 0
    }

    /// What a value is in the stretches of either side.
    private struct Sides {
        private var sums = (left: 0.0, right: 0.0)
        private var squares = 0.0
        private var step = 0.0

        mutating func add(_ value: Double, _ stretch: Int) {
            if stretch < stretches { sums.left += value } else { sums.right += value }
            squares += value * value
            if stretch == stretches - 1 { step -= value }
            if stretch == stretches { step += value }
        }

        /// The square of the step from the last stretch before to the first behind.
        var adjoining: Double { step * step }

        /// The square of the difference of the sides' means.
        var between: Double {
            let difference = (sums.left - sums.right) / Double(stretches)
            return difference * difference
        }

        /// The variance of a side's stretches, in the mean of both sides.
        var within: Double {
            let ofMeans = (sums.left * sums.left + sums.right * sums.right) / Double(stretches)
            return max(0, squares - ofMeans) / Double(2 * (stretches - 1))
        }
    }
}
