import Catalog
import HTTP

/// A service's answer, of which the head at least has come.
struct ServiceReply {
    /// Longer answers are none.
    static let limit = 1 << 20

    let head: HTTPResponse
    /// What it says, where that is JSON, and all of it came.
    let json: JSON?
    /// Whether its end is missing.
    let isCutOff: Bool

    /// Asks. Where the head has come it is an answer, however it goes on: the status alone says most.
    init(
        to request: HTTPRequest, by client: HTTPClient, until deadline: Deadline, isStopped: () -> Bool
    ) throws(HTTPError) {
        var request = request
        request.timeLimit = deadline.remaining
        request.acceptsPacked = true
        var came: HTTPResponse?
        var body: [UInt8] = []
        var isTooLong = false
        do throws(HTTPError) {
            head = try client.send(request, isStopped: isStopped) { head in
                came = head
                return true
            } onBody: { bytes in
                isTooLong = bytes.count > Self.limit - body.count
                if !isTooLong { body.append(contentsOf: bytes) }
                return !isTooLong
            }
            isCutOff = false
        } catch {
            guard let came else { throw error }
            head = came
            isCutOff = !isTooLong
        }
        json = isCutOff || isTooLong ? nil : try? JSON.parse(body)
    }

    /// For how long the service wants to be left alone, if it says so: in seconds, or until a time by its own clock.
    var retryAfter: Duration? {
        guard let text = head.headers["Retry-After"] else { return nil }
        if let seconds = UInt32(text) { return .seconds(Int64(seconds)) }
        guard let then = Self.time(text), let now = head.headers["Date"].flatMap(Self.time) else { return nil }
        return max(.zero, .milliseconds(then.milliseconds - now.milliseconds))
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the one form in which such times are written today.
    private static func time(_ text: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return Timestamp("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
