import Glibc

/// Gathers what tells the key: how much each note sounds throughout, and which low one sounds last.
///
/// Low notes count for more than high ones, for they bear the harmony, and what is high is often an overtone. Every frame
/// counts alike, however loud, so that a loud passage does not stand for all. Notes are kept in thirds of a semitone, as
/// their owner keeps them.
struct KeyMeter {
    static let parts = 36
    /// What is higher says more of the instruments than of the key.
    private static let highest = 1800.0
    /// Where the bass ends.
    private static let bass = 400.0
    /// A peak counts if it is at least this part of the loudest.
    private static let faintest: Float = 1.0 / 30
    /// In how many seconds what sounded last is forgotten.
    private static let memory = 1.4
    /// What lies a twelfth above a note, or a third above two octaves, may be its overtone, and so speaks for it too.
    private static let overtones = [(-19.02, 0.15), (-27.86, 0.08)]

    private let fading: Double
    private var frame = [Double](repeating: 0, count: parts)
    private var low = [Double](repeating: 0, count: parts)
    private var most = 0.0
    /// How much each part sounds throughout.
    private(set) var throughout = [Double](repeating: 0, count: parts)
    /// How much each part sounds low at the end.
    private(set) var ending = [Double](repeating: 0, count: parts)

    /// - Parameter interval: The seconds from a frame to the next.
    init(interval: Double) { fading = exp(-interval / Self.memory) }

    /// Takes a peak of the frame that is being heard.
    mutating func add(frequency: Double, pitch: Double, value: Float, loudest: Float) {
        guard frequency < Self.highest, value > loudest * Self.faintest else { return }
        let strength = Double(value).squareRoot()
        let octaves = (pitch - 69) / 12
        let weight = strength * exp2(-0.7 * octaves)
        frame[Self.place(of: pitch)] += weight
        for (semitones, share) in Self.overtones { frame[Self.place(of: pitch + semitones)] += weight * share }
        if frequency < Self.bass { low[Self.place(of: pitch)] += strength * exp2(-2 * octaves) }
    }

    /// Ends the frame.
    mutating func endFrame() {
        let (loudest, sum) = (frame.max() ?? 0, frame.reduce(0, +))
        most = max(most, sum)
        // What fades away behind the end is no longer the end.
        let isHeard = sum > most / 20
        for part in 0..<Self.parts {
            if loudest > 0 { throughout[part] += frame[part] / loudest }
            if isHeard { ending[part] = ending[part] * fading + low[part] }
            (frame[part], low[part]) = (0, 0)
        }
    }

    private static func place(of pitch: Double) -> Int {
        let place = Int((pitch * 3).rounded()) % parts
        return place < 0 ? place + parts : place
    }
}
