import Files

/// How long to wait before trying again, when others are at the same remote.
///
/// The pauses are drawn by chance, so that those who met once do not meet again, and their range grows with how often
/// one has lost, up to a bound. Yet who has lost often draws from the shorter end of it: of many who wait, those come first
/// who have waited longest.
struct Patience {
    /// What a round takes with nobody beside it, in seconds.
    private let round: Double
    private let limit: Double
    private let watch = Stopwatch()
    private(set) var losses = 0

    init(limit: Double, round: Double = 0.02) {
        self.limit = limit
        self.round = round
    }

    /// Waits; false when there is no time left.
    mutating func wait(draw: Double) -> Bool {
        losses += 1
        let rest = limit - watch.seconds
        guard rest > 0 else { return false }
        SystemClock.sleep(seconds: min(pause(draw), rest))
        return true
    }

    /// A pause, by a number drawn between 0 and 1.
    func pause(_ draw: Double) -> Double {
        let range = Double(min(losses, 4)) * 2
        let favour = Double(max(1, losses - 2))
        return draw * round * range / favour
    }
}
