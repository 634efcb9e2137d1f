import Synchronization

/// The handles of a client: those that nobody uses wait here, with their connections open.
final class Pool: Sendable {
    /// As many requests as may run at once leave theirs open; the handles of any more are closed after use.
    static let keeping = 16

    private let idle = Mutex<[Handle]>([])

    /// A handle for a request to that origin: one that is connected to it where there is one, else the one last used.
    func take(for origin: String) throws(HTTPError) -> Handle {
        let found = idle.withLock { handles -> Handle? in
            guard let index = handles.lastIndex(where: { $0.origin == origin }) ?? handles.indices.last else {
                return nil
            }
            return handles.remove(at: index)
        }
        if let found { return found }
        return try Handle(of: Curl.loaded())
    }

    func giveBack(_ handle: Handle) {
        // One too many is let go after the lock, as closing its connections takes a while.
        let surplus = idle.withLock { handles -> Handle? in
            handles.append(handle)
            return handles.count > Self.keeping ? handles.removeFirst() : nil
        }
        _ = surplus
    }
}
