import Catalog
import Files
import HTTP

/// One hand-off to a service: as many attempts as it takes, and what can be concluded from them.
final class ServiceVisit {
    /// A service that wants to be left alone for longer is not waited for.
    static let patience: Duration = .seconds(300)

    private let request: ServiceRequest
    private let client: HTTPClient
    private let pace: ServicePace
    private let deadline: Deadline
    private var course = ServiceCourse()
    private var failedConnections = 0

    init(_ request: ServiceRequest, by client: HTTPClient, pace: ServicePace, until deadline: Deadline) {
        (self.request, self.client, self.pace, self.deadline) = (request, client, pace, deadline)
    }

    private var host: String { request.api.place }

    /// Sends until there is something to tell.
    func handOff(isStopped: () -> Bool) -> HandOff {
        var pause = pace.pause
        for attempt in 1...pace.attempts {
            if isStopped() { return course.ended("it was stopped") }
            if deadline.hasPassed { return course.ended("there was no time left to reach \(host)") }
            switch conclusion(isStopped) {
            case .taken(let answer): return follow(answer, isStopped)
            case .over(let outcome): return outcome
            case .again(let evidence, let words, let wait):
                course.note(evidence, words)
                let length = max(pause, wait ?? .zero)
                pause = min(pause * 2, pace.longest)
                let isWorthIt = attempt < pace.attempts && length <= Self.patience && length < deadline.remaining
                guard isWorthIt, rest(length, isStopped) else { return course.ended(nil) }
            }
        }
        return course.ended(nil)
    }

    // MARK: One attempt

    private enum Conclusion {
        /// The service has it.
        case taken(ServiceAnswer)
        /// There is nothing more to do.
        case over(HandOff)
        /// It may be sent again, after the time that the service asks for.
        case again(ServiceCourse.Evidence, String, after: Duration?)
    }

    private func conclusion(_ isStopped: () -> Bool) -> Conclusion {
        let reply: ServiceReply
        do throws(HTTPError) {
            reply = try ServiceReply(to: request.sending(), by: client, until: deadline, isStopped: isStopped)
        } catch {
            failedConnections += error.code == .unreachable ? 1 : 0
            // Who is offline will be so in a minute, too; the next run tries again.
            if Self.isLasting(error) || failedConnections == pace.connections {
                return .over(course.ended(error.description))
            }
            return .again(error.mayHaveArrived ? .doubt : .nothing, error.description, after: nil)
        }
        let answer = reply.json.flatMap { ServiceAnswer($0, fitting: request) }
        switch reply.head.status {
        case 200...299 where answer?.isTaken == true, 400... where answer?.hasAppeared == true:
            // A post that failed at some of its platforms is told as a failure, with those where it did not.
            return answer.map { .taken($0) } ?? ofSuccess(reply, answer)
        case 200...299: return ofSuccess(reply, answer)
        case 300...399: return .over(course.refused(elsewhere(reply.head)))
        case 401, 403: return .over(course.refused("the token for \(host) was refused" + because(answer)))
        case 409: return .over(.unknown("\(host) says that it has been given this post before" + because(answer)))
        case 429, 503: return .again(.nothing, "\(host) takes nothing now", after: reply.retryAfter)
        case 500: return .again(.failure, "\(host) failed" + because(answer), after: reply.retryAfter)
        case 408, 501...: return .again(.doubt, "\(host) did not answer for itself", after: reply.retryAfter)
        default: return .over(ofRefusal(answer) ?? course.refused("\(host) answers \(reply.head.status)"))
        }
    }

    /// Whether it would be the same a minute later: then nobody is kept waiting.
    private static func isLasting(_ error: HTTPError) -> Bool {
        !error.mayHaveArrived && [.library, .tls, .badURL, .badHeader].contains(error.code)
    }

    private func ofSuccess(_ reply: ServiceReply, _ answer: ServiceAnswer?) -> Conclusion {
        if let outcome = ofRefusal(answer) { return .over(outcome) }
        if reply.isCutOff { return .again(.doubt, "the answer of \(host) was cut off", after: nil) }
        return .over(.unknown("\(host) gives an answer that is not understood: look there whether the post is out"))
    }

    private func ofRefusal(_ answer: ServiceAnswer?) -> HandOff? {
        guard let answer, !answer.failures.isEmpty else { return nil }
        if answer.speaksOfKey {
            return .unknown("\(host) says that it has been given this post before" + because(answer))
        }
        return course.refused("\(host) does not post it" + because(answer))
    }

    private func because(_ answer: ServiceAnswer?) -> String {
        answer.flatMap { $0.reason.isEmpty ? nil : ": \($0.reason)" } ?? ""
    }

    private func elsewhere(_ head: HTTPResponse) -> String {
        let target = head.headers["Location"].flatMap { try? HTTPURL($0) }?.place
        let place = request.fit(target ?? "another address")
        return "\(host) sends us on to \(place), which the token is not for: set the address anew"
    }

    // MARK: Links

    /// Asks for the addresses that are not there yet, for a while; that it was taken is certain already.
    private func follow(_ first: ServiceAnswer, _ isStopped: () -> Bool) -> HandOff {
        var answer = first
        var pause = pace.poll
        let end = Deadline(in: min(pace.polling, deadline.remaining))
        while !answer.isComplete(for: request.platforms), let id = answer.id, pause < end.remaining {
            guard rest(pause, isStopped) else { break }
            pause = min(pause * 2, pace.longest)
            guard let question = try? request.asking(about: id),
                let reply = try? ServiceReply(to: question, by: client, until: end, isStopped: isStopped),
                reply.head.isSuccess, let json = reply.json, let later = ServiceAnswer(json, fitting: request)
            else { continue }
            answer = later.following(answer)
            if !answer.isTaken { return .refused("\(host) could not post it" + because(answer)) }
        }
        return answer.sent(to: request.platforms)
    }

    /// Waits; false where somebody wants an end.
    private func rest(_ length: Duration, _ isStopped: () -> Bool) -> Bool {
        let end = Deadline(in: length)
        while !end.hasPassed {
            if isStopped() { return false }
            SystemClock.sleep(seconds: min(end.remaining, .milliseconds(50)) / .seconds(1))
        }
        return !isStopped()
    }
}
