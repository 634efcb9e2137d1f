import Glibc
import HTTP

extension HTTPTalk {
    /// Sends a request, waits a little where the server has too much to do, and hands on the body of the answer that was
    /// wanted.
    ///
    /// - Returns: where the answer leads, if it does; nil where all of it was handed on.
    func ask(
        _ request: HTTPRequest, for type: String, _ duct: Duct, sending body: PackBody? = nil, isProbe: Bool = false
    ) throws(NetworkError) -> HTTPURL? {
        var waited: Duration = .zero
        for attempt in 0... {
            let (answer, words) = try send(request, for: type, duct, isProbe: isProbe)
            if answer.status == 200 {
                guard isProbe || answer.isOf(type) else { throw misplaced(answer) }
                return nil
            }
            if let next = answer.next, [301, 302, 303, 307, 308].contains(answer.status) { return next }
            let pause = answer.wish ?? .seconds(1 << min(attempt, 5))
            let isBusy =
                answer.isBusy(saying: Self.said(words, answer))
                || answer.status == 503 && (!isPush || body?.isWhole != true)
            guard isBusy, waited + pause <= patience.waiting, request.body.rewind() else {
                body?.refusal = answer.status
                throw refusal(answer, words, sending: body?.length ?? 0)
            }
            try wait(pause, unless: duct, isProbe)
            waited += pause
        }
        return nil
    }

    /// Sends once. Of an answer that was not wanted, the beginning is collected.
    private func send(
        _ request: HTTPRequest, for type: String, _ duct: Duct, isProbe: Bool
    ) throws(NetworkError) -> (answer: HTTPResponse, words: [UInt8]) {
        var (isWanted, seen) = (false, HTTPResponse?.none)
        var words: [UInt8] = []
        do throws(NetworkError) {
            let answer = try client.send(
                request, as: access(at: request.url), isStopped: { self.isStopped() || !isProbe && duct.isOver }
            ) { head in
                seen = head
                isWanted = !isProbe && head.status == 200 && head.isOf(type)
                if isWanted {
                    onAnswer(repository)
                    duct.begin()
                }
                return true
            } onBody: { bytes in
                if isWanted { return duct.put(bytes) }
                words.append(contentsOf: bytes.prefix(Self.wordLimit - words.count))
                // What it says at more length is not worth the wait.
                return words.count < Self.wordLimit
            }
            return (answer, words)
        } catch {
            guard let seen, words.count >= Self.wordLimit else { throw error }
            return (seen, words)
        }
    }

    /// How much of an answer is read that was not wanted.
    private static var wordLimit: Int { 1 << 16 }

    private func wait(_ pause: Duration, unless duct: Duct, _ isProbe: Bool) throws(NetworkError) {
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end {
            if isStopped() || !isProbe && duct.isOver {
                throw NetworkError(.stopped, "the request to \(repository.place) was stopped")
            }
            usleep(useconds_t(max(1, min(50_000, (end - ContinuousClock.now) / .microseconds(1)))))
        }
    }

    // MARK: What is wrong with an answer

    /// A repository as it may be shown: its address is what people know it by.
    private var name: String { repository.origin + repository.target.prefix { $0 != "?" } }

    /// An answer that is as good as any, and not from a git server.
    private func misplaced(_ answer: HTTPResponse) -> NetworkError {
        let type = answer.headers["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("text/html") {
            return NetworkError(
                .refused, "\(answer.url.place) answers with a web page, not as a git server",
                hint: "look at the remote's address, and whether this network wants a login first")
        }
        return NetworkError(
            .refused, "\(name) is no git server over HTTP that speaks git's smart protocol",
            hint: "look at the remote's address; files that are merely handed out are not enough")
    }

    private func refusal(_ answer: HTTPResponse, _ words: [UInt8], sending length: Int64) -> NetworkError {
        let plain = Self.said(words, answer)
        let said = plain.map { ": \($0)" } ?? ""
        let place = answer.url.place
        if answer.isBusy(saying: plain) { return busy(answer, said) }
        switch answer.status {
        case 401:
            return NetworkError(
                .denied, "\(place) does not take what it is told by http.extraHeader\(said)",
                hint: "look at http.extraHeader")
        case 403:
            return NetworkError(
                .denied, "\(place) does not allow us to \(isPush ? "write to" : "read") \(name)\(said)",
                hint: "ask whoever owns it for permission, or log in under another name")
        case 410 where HostAdvice.isBitbucket(answer.url.host):
            // It says so of passwords of a kind that no longer works.
            return NetworkError(
                .denied, "\(place) does not take the password\(said)", hint: HostAdvice.password(at: place))
        case 404, 410:
            return NetworkError(
                .missing, "there is no repository at \(name)\(said)",
                hint: "look at the remote's address; some servers say so also of what one may not see")
        case 413:
            return NetworkError(
                .refused, "\(place) takes no request of \(length) bytes\(said)",
                hint: "whoever runs it has to allow larger ones (for nginx: client_max_body_size), or use ssh")
        case 507:
            return NetworkError(.noSpace, "\(place) has no room for it\(said)", hint: "make room there")
        case 503: return busy(answer, said)
        case 408, 425, 500...599:
            return NetworkError(
                .offline, "\(place) cannot do it now: it answers \(answer.status)\(said)",
                hint: "try again later; what was done stays")
        default:
            return NetworkError(
                .refused, "\(place) answers \(answer.status)\(said)", hint: "look at the remote's address")
        }
    }

    private func busy(_ answer: HTTPResponse, _ said: String) -> NetworkError {
        let wait = answer.wish.map { " for the next \($0.inWords)" } ?? ""
        return NetworkError(
            .offline, "\(answer.url.place) has too much to do\(wait)\(said)",
            hint: "try again later; what was done stays")
    }

    /// The first line of what a server says to people; pages say nothing.
    private static func said(_ words: [UInt8], _ answer: HTTPResponse) -> String? {
        guard answer.headers["Content-Type"]?.lowercased().hasPrefix("text/plain") == true else { return nil }
        let line = String(decoding: words.prefix(400), as: UTF8.self).split { $0.isNewline }.first ?? ""
        let shown = line.unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: " "
            default: Character(scalar)
            }
        }
        let text = String(shown.prefix(200)).split(separator: " ").joined(separator: " ")
        return text.isEmpty ? nil : text
    }
}

extension HTTPResponse {
    /// Whether the body is of a kind, whatever else is said of it.
    fileprivate func isOf(_ type: String) -> Bool {
        let said = headers["Content-Type"] ?? ""
        return said.prefix { $0 != ";" }.lowercased().split(separator: " ").first.map { $0 == type } ?? false
    }
}
