extension Waveform {
    /// Takes the nearest distance, and derives the others from it.
    init(nearest: Level) {
        levels = [nearest]
        for distance in Self.distances.dropFirst() {
            let before = levels.count > 1 ? levels.last : nil
            if let derived = nearest.derived(samplesPerPixel: distance, by: before) { levels.append(derived) }
        }
    }
}
