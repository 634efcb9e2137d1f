/// Readings of one thing.
struct Sample: Sendable {
    /// In the order in which they were taken.
    let values: [Double]

    init(_ values: [Double]) { self.values = values }

    /// The one in the middle; of an even number, the mean of the two.
    var median: Double {
        let sorted = values.sorted()
        if sorted.isEmpty { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    var least: Double { values.min() ?? .nan }
    var greatest: Double { values.max() ?? .nan }

    /// Reading by reading.
    func combined(with other: Sample, _ operation: (Double, Double) -> Double) -> Sample {
        Sample(zip(values, other.values).map(operation))
    }
}
