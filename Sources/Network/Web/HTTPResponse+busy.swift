import Glibc
import HTTP

extension HTTPResponse {
    /// Whether a server refuses because it was asked too often, and not for good: hosts say so by 403 as well.
    func isBusy(saying words: String?) -> Bool {
        if status == 429 { return true }
        guard status == 403 else { return false }
        return headers["Retry-After"] != nil || headers["X-RateLimit-Remaining"] == "0"
            || words?.lowercased().contains("rate limit") == true
    }

    /// How long a server that was asked too often wants to be left alone; nil where it does not say.
    var wish: Duration? {
        if let wish = headers.retryAfter { return wish }
        guard status == 403 || status == 429 else { return nil }
        // Whose limit is used up says when it begins anew, in seconds since 1970.
        if headers["X-RateLimit-Remaining"] == "0", let end = headers["X-RateLimit-Reset"].flatMap({ Int64($0) }) {
            return .seconds(min(max(1, end - (headers.date ?? Int64(time(nil)))), 1 << 31))
        }
        return status == 403 ? .seconds(60) : nil
    }
}

extension Duration {
    /// About how long it is, for a person.
    var inWords: String {
        let seconds = components.seconds
        switch seconds {
        case ..<2: return "a second"
        case ..<120: return "\(seconds) seconds"
        case ..<7_200: return "\((seconds + 59) / 60) minutes"
        default: return "\((seconds + 3_599) / 3_600) hours"
        }
    }
}
