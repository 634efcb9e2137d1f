import CLinux
import Glibc

/// A connection, from when it is taken in until its socket is closed.
///
/// Unchecked: what changes is only touched under the monitor, which its exchanges share.
final class Connection: @unchecked Sendable {
    /// What it does while no request is worked on.
    struct Wait {
        /// When the head has to be whole.
        var deadline: Double
        /// Whether a head has begun, so that its client is owed an answer.
        var hasBegun = false
        let isFirst: Bool
    }

    let descriptor: Int32
    let number: UInt64
    let remote: String
    /// Whether it is one too many, which is told so when it asks.
    let isSurplus: Bool
    let monitor = Monitor()

    private(set) var wait: Wait?
    private(set) var exchange: Exchange?
    /// What the first line asks for, and where that lies in memory.
    private(set) var target: (bytes: [UInt8], place: UnsafeRawPointer)?
    /// Since when the client sends no more.
    private var forsaken: Double?
    /// Whether the client will send no more, and has perhaps gone.
    var isForsaken: Bool { forsaken != nil }
    private var isClosed = false

    init(_ descriptor: Int32, number: UInt64, remote: String, isSurplus: Bool, deadline: Double) {
        (self.descriptor, self.number, self.remote, self.isSurplus) = (descriptor, number, remote, isSurplus)
        wait = Wait(deadline: deadline, isFirst: true)
    }

    // MARK: What libmicrohttpd's thread tells

    /// The first line of a head is there.
    func begins(_ target: UnsafePointer<CChar>?, deadline: Double) {
        monitor.locked {
            if let first = wait?.isFirst { wait = Wait(deadline: deadline, hasBegun: true, isFirst: first) }
            self.target = target.map { target in
                (Array(UnsafeRawBufferPointer(start: target, count: strlen(target))), UnsafeRawPointer(target))
            }
        }
    }

    /// A request is worked on; false where it came too late.
    func take(_ exchange: Exchange) -> Bool {
        monitor.locked {
            guard wait != nil else { return false }
            wait = nil
            target = nil
            self.exchange = exchange
            return true
        }
    }

    /// The request is over; the next one has to be here by then.
    func finish(next deadline: Double) -> Exchange? {
        monitor.locked {
            wait = Wait(deadline: deadline, isFirst: false)
            target = nil
            defer { exchange = nil }
            return exchange
        }
    }

    /// The socket is about to be closed, and may then be another's.
    func close() { monitor.locked { isClosed = true } }

    // MARK: What the warden does

    /// The client will send no more; a stream of events for it ends. Where it will not read either, all ends.
    func forsake(_ isGone: Bool) {
        let events = monitor.locked { () -> EventStream? in
            forsaken = Machine.now
            if isGone { exchange?.abandon(.cutOff) }
            return exchange?.events
        }
        events?.end(.gone)
    }

    /// Ends it where it has taken too long; true where it should be looked at again soon.
    func check(at now: Double) -> Bool {
        monitor.locked {
            if let wait, wait.deadline < now {
                self.wait = nil
                let isOwed = wait.hasBegun || wait.isFirst && offbeat_linux_bytes_received(descriptor) > 0
                if isOwed { tell(Problem.slow.response) }
                end()
            }
            // libmicrohttpd 0.9.75 does not see the end of what a client sends where it comes with the last bytes.
            if let forsaken, now - forsaken >= Self.secondsToRead, wait != nil || exchange?.isStuck ?? false {
                end()
            }
            exchange?.check(at: now)
            return forsaken != nil && !isClosed && exchange?.events == nil
        }
    }

    /// After how many seconds all is read that had come.
    static let secondsToRead = 0.25

    /// Ends it where nothing is under way.
    func endIdle() {
        monitor.locked {
            guard let wait, !wait.hasBegun else { return }
            self.wait = nil
            end()
        }
    }

    /// Ends what is told bit by bit, after what was told.
    func endEvents() { monitor.locked { exchange?.events }?.end() }

    /// Ends it wherever it is: whoever works on its request finds that out.
    func abandon() {
        monitor.locked { exchange?.abandon(.stopping) }
        endEvents()
    }

    /// Ends it both ways.
    func cut() { monitor.locked { end() } }

    // MARK: Under the lock

    /// Sends an answer past libmicrohttpd, which has none to send and cannot be given one in the middle of a request; what is
    /// not taken at once is lost. False where it is none that can be sent so.
    @discardableResult func tell(_ response: Response) -> Bool {
        guard !isClosed, case .bytes(let body) = response.body, body.count <= 32 << 10 else { return false }
        var head = "HTTP/1.1 \(response.status) \(Status.title(response.status))\r\nConnection: close\r\n"
        for line in response.headers.lines where line.isProper { head += "\(line.name): \(line.value)\r\n" }
        let bytes = Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
        _ = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        shutdown(descriptor, Int32(SHUT_WR))
        return true
    }

    /// Ends it both ways, which libmicrohttpd finds out.
    func end() {
        if !isClosed { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
