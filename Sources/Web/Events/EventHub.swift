import Files
import Glibc
import Offbeat
import Serving
import Store
import Synchronization

/// Tells browsers of every move of the head, whoever made it: this process, a command, a sync.
final class EventHub: Sendable {
    private let library: Library
    private let state = Mutex(State())

    private struct State {
        var streams: [EventStream] = []
        var isStopped = false
        var isWatching = false
    }

    init(of library: Library) { self.library = library }

    /// A stream that tells of everything from now on.
    func listen() -> EventStream {
        let stream = EventStream()
        let isStopped = state.withLock { state in
            if !state.isStopped { state.streams.append(stream) }
            return state.isStopped
        }
        if isStopped { stream.end() }
        return stream
    }

    /// Begins to watch the head.
    func begin() {
        state.withLock { $0.isWatching = true }
        var thread = pthread_t()
        let me = Unmanaged.passRetained(self).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { hub in
                if let hub { Unmanaged<EventHub>.fromOpaque(hub).takeRetainedValue().watch() }
                return nil
            }, me)
        if result == 0 { pthread_detach(thread) } else { Unmanaged<EventHub>.fromOpaque(me).release() }
    }

    /// Ends all streams, and watches no more.
    func stop() {
        let streams = state.withLock { state in
            state.isStopped = true
            defer { state.streams = [] }
            return state.streams
        }
        for stream in streams { stream.end() }
    }

    private func watch() {
        var seen = try? library.version()
        guard let watch = try? FolderWatch(library.path.appending("refs/heads")) else { return }
        while !state.withLock({ $0.isStopped }) {
            // Not for long: a stop does not wake it.
            _ = try? watch.wait(seconds: 0.25)
            guard let now = try? library.version(), now != seen else { continue }
            tell(event: "moved", id: now.description, data: "{\"version\":\"\(now)\"}")
            seen = now
        }
    }

    private func tell(event: String, id: String, data: String) {
        let streams = state.withLock { state in
            state.streams.removeAll { !$0.isOpen }
            return state.streams
        }
        for stream in streams { stream.send(event: event, id: id, data: data) }
    }
}
