import CMicrohttpd
import Glibc
import Synchronization

/// An answer that is told bit by bit, as `text/event-stream` is: any thread may add to it, and none has to wait.
///
/// It holds what the client has not read yet. One that reads too slowly is let go, and asks again.
public final class EventStream: Sendable {
    /// How it came to its end.
    public enum Ending: Sendable {
        /// ``end()`` was called, or the server is stopped.
        case ended
        /// The client has gone, or read too slowly.
        case gone
    }

    private struct State {
        var pending: [UInt8] = []
        /// How much of that is sent.
        var sent = 0
        var ending: Ending?
        /// Whether all is over with the connection too.
        var isTold = false
        /// What it is sent by, while it waits for more.
        var waiting: Wire?
        var wire: Wire?
    }

    /// The connection, which is only touched while it is there: ``detach`` comes before it goes.
    ///
    /// Unchecked: resuming is allowed from every thread.
    struct Wire: @unchecked Sendable {
        let library: Microhttpd
        let raw: OpaquePointer
        let connection: Connection
    }

    private let state = Mutex(State())
    private let limit: Int
    private let onEnd: @Sendable (Ending) -> Void

    /// Makes a stream.
    ///
    /// - Parameters:
    ///   - limit: how many bytes may wait for the client to read them.
    ///   - onEnd: is told once, when nothing more will be sent: from a thread that it must not keep.
    public init(limit: Int = 256 << 10, onEnd: @escaping @Sendable (Ending) -> Void = { _ in }) {
        (self.limit, self.onEnd) = (limit, onEnd)
    }

    /// Adds bytes; false where nobody gets them any more.
    @discardableResult public func send(_ bytes: [UInt8]) -> Bool {
        let (isTaken, tooSlow) = state.withLock { state -> (Bool, Connection?) in
            guard state.ending == nil else { return (false, nil) }
            let hasRoom = state.pending.count - state.sent + bytes.count <= limit
            if hasRoom { state.pending += bytes } else { state.ending = .gone }
            Self.wake(&state)
            return (hasRoom, hasRoom ? nil : state.wire?.connection)
        }
        tooSlow?.cut()
        return isTaken
    }

    /// Adds an event: its data may have several lines, its name and id only one.
    @discardableResult public func send(event: String? = nil, id: String? = nil, data: String) -> Bool {
        func line(_ text: String) -> String {
            String(text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" && $0 != "\0" })
        }
        var text = ""
        if let event { text += "event: \(line(event))\n" }
        if let id { text += "id: \(line(id))\n" }
        // A line break of two characters is one character to Swift.
        for piece in data.split(
            omittingEmptySubsequences: false, whereSeparator: { ["\n", "\r", "\r\n"].contains($0) })
        {
            text += "data: \(piece)\n"
        }
        return send(Array((text + "\n").utf8))
    }

    /// Ends it after what was added.
    public func end() { end(.ended) }

    /// Whether anything that is added would be sent.
    public var isOpen: Bool { state.withLock { $0.ending == nil } }

    func end(_ ending: Ending) {
        state.withLock { state in
            if state.ending == nil { state.ending = ending }
            Self.wake(&state)
        }
    }

    private static func wake(_ state: inout State) {
        guard let wire = state.waiting else { return }
        state.waiting = nil
        wire.library.resume(wire.raw)
    }

    // MARK: The connection's side

    /// Gives it the connection that it is sent by; false where another has it, or nothing can be sent.
    func attach(_ wire: Wire) -> Bool {
        state.withLock { state in
            guard state.wire == nil, !state.isTold, state.ending != .gone else { return false }
            state.wire = wire
            return true
        }
    }

    /// Takes the connection away, as it ends; another's is left alone.
    func detach(from connection: OpaquePointer) {
        let ending = state.withLock { state -> Ending? in
            if let wire = state.wire, wire.raw != connection { return nil }
            state.wire = nil
            state.waiting = nil
            if state.isTold { return nil }
            state.isTold = true
            state.ending = state.ending ?? .gone
            state.pending = []
            return state.ending
        }
        if let ending { onEnd(ending) }
    }

    /// Fills the buffer with what there is; 0 where the connection now waits for more.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            let count = min(buffer.count, state.pending.count - state.sent)
            // libmicrohttpd 0.9.75 forgets to close a connection whose answer ends with an error, for as long as others wait:
            // so it gets an end, and finds out that there is nobody.
            if state.ending == .gone { return offbeat_mhd_end_of_stream() }
            if count > 0 {
                state.pending.withUnsafeBytes { pending in
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[state.sent...].prefix(count)))
                }
                state.sent += count
                if state.sent == state.pending.count {
                    state.pending.removeAll(keepingCapacity: state.pending.capacity <= 16 << 10)
                    state.sent = 0
                }
                return count
            }
            guard state.ending == nil, let wire = state.wire else { return offbeat_mhd_end_of_stream() }
            state.waiting = wire
            wire.library.suspend(wire.raw)
            return 0
        }
    }
}
