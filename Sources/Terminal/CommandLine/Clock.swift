import Catalog
import Glibc

/// Where the time comes from.
enum Clock {
    /// Returns a clock in milliseconds since 1970: the system's, or one that stands still at the time of the word.
    static func from(_ word: Word?) throws(Failure) -> @Sendable () -> Int64 {
        guard let word else { return { system() } }
        guard let text = word.text, let time = Timestamp(text)?.milliseconds else {
            throw .usage("OFFBEAT_NOW: '\(word)' is no time", hint: "write for example 2026-11-20T09:00:00Z")
        }
        return { time }
    }

    private static func system() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
