import Glibc

/// One side of a comparison.
struct Contestant {
    /// What it is called in the table.
    var name: String
    /// What comes before each run and is not measured.
    var prepare: () throws -> Void = {}
    /// Runs once and tells what it took.
    let run: () throws -> Reading
    /// What comes after each run and is not measured.
    var clear: () throws -> Void = {}
}

/// What one run took.
struct Reading: Sendable {
    let seconds: Double
    /// The most memory at once, where that is known.
    var peakBytes: Int?
}

/// What each contestant took, round by round.
struct Rounds {
    fileprivate var readings: [(name: String, readings: [Reading])]

    /// The times of a contestant; nil for one that was not there.
    func seconds(_ name: String) -> Sample? {
        readings.first { $0.name == name }.map { Sample($0.readings.map(\.seconds)) }
    }

    /// The peaks of memory of a contestant.
    func peaks(_ name: String) -> Sample? {
        readings.first { $0.name == name }.map { Sample($0.readings.compactMap { $0.peakBytes.map(Double.init) }) }
    }
}

/// Runs the contestants in turn, A B A B …, after one round that is not counted, so that whatever slows the machine
/// down meets all of them alike.
enum Pairs {
    /// - Parameter flushing: whether everything that is not yet on the disk is written before each run, so that nobody
    ///   pays for what another left behind. Where nothing is written this would only take time.
    static func measure(flushing: Bool = true, _ contestants: [Contestant]) throws -> Rounds {
        let warmUp = try round(contestants, flushing)
        let longest = warmUp.map(\.seconds).max() ?? 0
        var rounds = Rounds(readings: contestants.map { ($0.name, []) })
        for _ in 0..<count(forSeconds: longest) {
            for (index, reading) in try round(contestants, flushing).enumerated() {
                rounds.readings[index].readings.append(reading)
            }
        }
        return rounds
    }

    private static func count(forSeconds seconds: Double) -> Int {
        if seconds > 10 { return 3 }
        return seconds > 0.5 ? 5 : 25
    }

    private static func round(_ contestants: [Contestant], _ flushing: Bool) throws -> [Reading] {
        try contestants.map { contestant in
            try contestant.prepare()
            if flushing { sync() }
            let reading = try contestant.run()
            try contestant.clear()
            return reading
        }
    }
}
