extension Waveform {
    /// Takes the nearest distance, and derives the others from it.
    init(nearest: Level) {
        levels = [nearest]
        for distance in Self.distances.dropFirst() {
            if let derived = nearest.derived(samplesPerPixel: distance) { levels.append(derived) }
        }
    }
}
