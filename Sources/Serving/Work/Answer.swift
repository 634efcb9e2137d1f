import CMicrohttpd
import Glibc

/// An answer in libmicrohttpd's form, which the worker makes so that the thread of all connections need not.
final class Answer {
    let response: Response
    let events: EventStream?
    let endsConnection: Bool
    private let library: Microhttpd
    private var raw: OpaquePointer?

    convenience init(_ problem: Problem, core: Core) {
        self.init(problem.response, endsConnection: problem.endsConnection, core: core)
    }

    convenience init(_ response: Response, to request: Request, core: Core) {
        guard (200...599).contains(response.status), response.headers.lines.allSatisfy(\.isProper) else {
            self.init(Problem(500, "The server made an answer that cannot be sent."), core: core)
            return
        }
        self.init(response, isHead: request.method == "HEAD", core: core)
    }

    private init(_ response: Response, endsConnection: Bool = false, isHead: Bool = false, core: Core) {
        (self.response, self.endsConnection, library) = (response, endsConnection, core.library)
        switch response.body {
        case .bytes(let bytes):
            events = nil
            raw = bytes.withUnsafeBytes {
                // Copied, as the mode says.
                library.fromBuffer(
                    $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .file(let file, let offset, let length):
            events = nil
            if let descriptor = file.take() {
                // It closes the descriptor, unless there is no memory.
                raw = library.fromFile(UInt64(length), descriptor, UInt64(offset))
                if raw == nil { close(descriptor) }
            }
        case .events(let stream):
            events = stream
            raw = library.fromCallback(
                offbeat_mhd_unknown_size(), 4096,
                { context, _, buffer, room in
                    // Retained below, until the callback that releases it.
                    Unmanaged<EventStream>.fromOpaque(context!).takeUnretainedValue()
                        .take(into: UnsafeMutableRawBufferPointer(start: buffer, count: room))
                }, Unmanaged.passRetained(stream).toOpaque(),
                { Unmanaged<EventStream>.fromOpaque($0!).release() })
            if isHead { stream.end() }
        }
        for line in response.headers.lines where !Self.own.contains(line.name.lowercased()) && !line.value.isEmpty {
            if let raw { _ = library.addHeader(raw, line.name, line.value) }
        }
        if let raw, endsConnection || core.isDraining { _ = library.addHeader(raw, "Connection", "close") }
    }

    private static let own: Set = ["content-length", "transfer-encoding", "connection", "date"]

    /// Has it sent; false where that cannot be.
    func queue(on raw: OpaquePointer, of connection: Connection) -> Bool {
        guard let mine = self.raw else { return false }
        if let events, !events.attach(EventStream.Wire(library: library, raw: raw, connection: connection)) {
            return false
        }
        let isQueued = library.queue(raw, UInt32(response.status), mine) == .YES
        drop()
        return isQueued
    }

    deinit { drop() }

    private func drop() {
        if let raw { library.destroyResponse(raw) }
        raw = nil
    }
}
