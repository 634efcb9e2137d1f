/// Finds the frames at which something begins to sound.
struct OnsetPicker {
    /// Frames of the curve in a second.
    let rate: Double
    /// How far above the mean of its neighbourhood a value has to be.
    var threshold: Float = 0.012
    /// How far above what lies on either side of it a value has to be, where so much begins that the mean is high too.
    var prominence: Float = 0.015

    /// The frames, in their order.
    func onsets(in curve: [Float]) -> [Int] {
        func frames(_ seconds: Double) -> Int { Int((seconds * rate).rounded()) }
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
