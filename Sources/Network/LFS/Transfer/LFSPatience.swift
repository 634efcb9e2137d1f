/// How long is tried what may pass.
struct LFSPatience: Sendable {
    /// So often a file is tried in a row without getting any further.
    var tries = 8
    /// The same where nothing but an answer is wanted: nobody waits for that as long as for files that are under way.
    var questions = 3
    /// The first pause; each is twice the one before.
    var first = Duration.milliseconds(250)
    /// The longest.
    var longest = Duration.seconds(10)
    /// Who wants to be left alone for longer is asked another day.
    var longestWished = Duration.seconds(300)
    /// So long a transfer goes on in which nothing at all gets any further.
    var standstill = Duration.seconds(300)
    /// So often it is asked in a row whether a file that went is there.
    var verifications = 3

    /// How long to wait after so many tries: between half and the whole of the pause, so that those who failed together
    /// do not come back together.
    func pause(after tries: Int) -> Duration {
        let whole = min(longest, first * (1 << min(max(tries - 1, 0), 20)))
        return whole * Double.random(in: 0.5...1)
    }
}
