/// Finds the frames at which something begins to sound.
struct OnsetPicker {
    /// Frames of the curve in a second.
    let rate: Double
    /// How far above the mean of its neighbourhood a value has to be.
    var threshold: Float = 0.012
    /// How far above what lies on either side of it a value has to be, where so much begins that the mean is high too.
    var prominence: Float = 0.015

    /// How many decibels louder the treble has to become at once.
    var rise: Float = 5

    private func frames(_ seconds: Double) -> Int { Int((seconds * rate).rounded()) }

    /// The frames, in their order: where the curve is high, and where the treble alone rises.
    func onsets(in curve: [Float], treble: [Float] = []) -> [Int] {
        let found = onsets(in: curve)
        let gap = frames(0.04)
        var all: [Int] = []
        all.reserveCapacity(found.count)
        var next = 0
        for place in rises(of: treble) where place < curve.count {
            while next < found.count, found[next] <= place {
                all.append(found[next])
                next += 1
            }
            if let last = all.last, place - last <= gap { continue }
            if next < found.count, found[next] - place <= gap { continue }
            all.append(place)
        }
        return all + found[next...]
    }

    private func rises(of treble: [Float]) -> [Int] {
        let near = frames(0.04)
        func rise(_ index: Int) -> Float {
            index < 2 ? 0 : treble[index] - max(treble[index - 1], treble[index - 2])
        }
        return treble.indices.filter { index in
            let own = rise(index)
            guard own > self.rise else { return false }
            return (max(0, index - near)...min(treble.count - 1, index + near)).allSatisfy { rise($0) <= own }
        }
    }

    private func onsets(in curve: [Float]) -> [Int] {
        let (near, before, behind, side) = (frames(0.03), frames(0.10), frames(0.07), frames(0.06))
        var sums: [Double] = [0]
        sums.reserveCapacity(curve.count + 1)
        for value in curve { sums.append(sums[sums.count - 1] + Double(value)) }
        var found: [Int] = []
        for index in curve.indices {
            let value = curve[index]
            let (start, end) = (max(0, index - before), min(curve.count, index + behind + 1))
            let mean = Float((sums[end] - sums[start]) / Double(end - start))
            let isHigh = value > mean + threshold
            guard isHigh || value > mean / 2 else { continue }
            let around = curve[max(0, index - near)...min(curve.count - 1, index + near)]
            guard around.allSatisfy({ $0 <= value }) else { continue }
            if let last = found.last, index - last <= near { continue }
            if !isHigh {
                let left = curve[max(0, index - side)...index].min() ?? value
                let right = curve[index...min(curve.count - 1, index + side)].min() ?? value
                guard value > max(left, right) + prominence else { continue }
            }
            found.append(index)
        }
        return found
    }
}
