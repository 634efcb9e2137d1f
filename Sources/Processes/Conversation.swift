import CLinux
import Glibc

/// A program that is written to and read from in turn, for as long as both have something to say.
///
/// Neither side can make the other wait for ever: while this one writes, it takes what comes back, up to a bound; and where
/// nothing moves in either direction for longer than it has patience, it says so. The last 16 KiB of standard error are
/// kept. For one thread.
///
/// Program, group and pipes are gone when it ended, or was dropped.
public final class Conversation {
    private let name: String
    private let child: Child
    /// What the program reads from is a socket, so that one which has gone is no signal to this process.
    private var input: Handle?
    /// How long nothing may move while something is waited for.
    public var patience: Duration
    private let grace: Duration
    private let isStopped: () -> Bool
    /// What came while something was written, from `position` on.
    private var early: [UInt8] = []
    private var position = 0

    /// So much is taken of what comes while something is written.
    private static let earlyLimit = 1 << 20

    /// Starts the program; what `Program` says of input and output does not count.
    ///
    /// - Parameters:
    ///   - patience: how long nothing may move while something is waited for.
    ///   - isStopped: asked at least ten times a second while something is waited for; its yes ends that.
    ///   - onComplaint: hears what comes on standard error.
    public init(
        with program: Program, patience: Duration, isStopped: @escaping () -> Bool = { false },
        onComplaint: ((ArraySlice<UInt8>) -> Void)? = nil
    ) throws(ProcessError) {
        var program = program
        program.output = .collected(limit: .max)
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw ProcessError(errno, "make a socket")
        }
        let other = ends[1]
        let own: Handle
        do throws(ProcessError) { own = try Handle(owning: ends[0], for: "make a socket") } catch {
            _ = Glibc.close(other)
            throw error
        }
        child = try Child(starting: program, reading: try Handle(owning: other, for: "make a socket"))
        child.complaint.onPiece = onComplaint
        name = program.name
        input = own
        grace = program.grace
        self.patience = patience
        self.isStopped = isStopped
    }

    /// What came on standard error until now, the last of it.
    public var complaint: [UInt8] { child.complaint.bytes }

    // MARK: Reading

    /// Waits for what the program writes, and reads some of it; 0 where it will write no more.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(ProcessError) -> Int {
        if position < early.count { return takeEarly(buffer) }
        let start = Moment.now
        while true {
            child.look()
            // Others that it has left behind may hold the pipe, and are not waited for.
            let isLast = child.hasEnded
            if let count = try child.output.read(into: buffer) ?? (isLast ? 0 : nil) {
                try child.complaint.take()
                return count
            }
            try wait(since: start, forOutput: true, what: "said nothing")
        }
    }

    private func takeEarly(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = early[position...].prefix(buffer.count)
        buffer.copyBytes(from: piece)
        position += piece.count
        if position == early.count { (early, position) = ([], 0) }
        return piece.count
    }

    // MARK: Writing

    /// Writes all the bytes. Throws `.closed` where the program reads no more; what it wrote before can still be read.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(ProcessError) {
        guard let input else { throw closed }
        var rest = bytes
        var start = Moment.now
        while !rest.isEmpty {
            let count = Glibc.send(
                input.raw, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                start = Moment.now
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: break
            case EPIPE, ECONNRESET: throw closed
            case let number: throw ProcessError(number, "write to \(name)")
            }
            if try takeWhatComes() { start = Moment.now }
            child.look()
            if child.hasEnded { throw closed }
            try wait(since: start, forOutput: early.count < Self.earlyLimit, input: input.raw, what: "read nothing")
        }
    }

    /// Writes all the bytes.
    public func write(_ bytes: [UInt8]) throws(ProcessError) {
        try bytes.withUnsafeBufferPointer { buffer throws(ProcessError) in try write(UnsafeRawBufferPointer(buffer))
        }
    }

    private var closed: ProcessError { ProcessError(.closed, "\(name) reads no more") }

    /// Takes what the program has written meanwhile, as long as there is room for it; answers whether anything came.
    private func takeWhatComes() throws(ProcessError) -> Bool {
        guard early.count < Self.earlyLimit else { return false }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = try piece.withUnsafeMutableBufferPointer { room throws(ProcessError) in
            try child.output.read(into: UnsafeMutableRawBufferPointer(room))
        }
        guard let count, count > 0 else { return false }
        early.append(contentsOf: piece[..<count])
        return true
    }

    /// Lets the program know that nothing more will be written to it.
    public func closeInput() { input = nil }

    // MARK: Waiting and ending

    private func wait(
        since start: Duration, forOutput: Bool, input: Int32 = -1, what: String
    ) throws(ProcessError) {
        child.wait(milliseconds: 50, forOutput: forOutput, input: input)
        try child.complaint.take()
        if isStopped() { throw ProcessError(.stopped, "\(name) was stopped") }
        if Moment.now - start > patience { throw ProcessError(.timedOut, "\(name) \(what) for \(patience.words)") }
    }

    /// Ends the conversation: lets the program know that nothing more comes, lets it have so much time to end by itself,
    /// and then ends it. What it still writes is dropped. May be called again.
    public func end(within time: Duration) -> Program.Outcome {
        closeInput()
        let start = Moment.now
        var dropped = [UInt8](repeating: 0, count: 1 << 16)
        while !child.hasEnded, Moment.now - start < time, !isStopped() {
            child.wait(milliseconds: 20, forOutput: true)
            _ = dropped.withUnsafeMutableBytes { try? child.output.read(into: $0) }
            try? child.complaint.take()
            child.look()
        }
        try? child.complaint.take()
        child.complaint.trim()
        let ending = child.end(grace: child.hasEnded ? .zero : grace)
        return Program.Outcome(ending: ending, output: [], complaint: child.complaint.bytes)
    }
}
