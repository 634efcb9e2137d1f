/// Finds the frames at which something begins to sound.
struct OnsetPicker {
    /// Frames of the curve in a second.
    let rate: Double
    /// How far above its neighbourhood a value has to be.
    var threshold: Float = 0.01

    /// The frames, in their order.
    func onsets(in curve: [Float]) -> [Int] {
        func frames(_ seconds: Double) -> Int { Int((seconds * rate).rounded()) }
        let (near, before, behind, gap) = (frames(0.03), frames(0.10), frames(0.07), frames(0.03))
        var sums: [Double] = [0]
        sums.reserveCapacity(curve.count + 1)
        for value in curve { sums.append(sums[sums.count - 1] + Double(value)) }
        var found: [Int] = []
        for index in curve.indices {
            let value = curve[index]
            let (start, end) = (max(0, index - before), min(curve.count, index + behind + 1))
            let mean = Float((sums[end] - sums[start]) / Double(end - start))
            guard value > mean + threshold else { continue }
            let around = curve[max(0, index - near)...min(curve.count - 1, index + near)]
            guard around.allSatisfy({ $0 <= value }) else { continue }
            if let last = found.last, index - last <= gap { continue }
            found.append(index)
        }
        return found
    }
}
