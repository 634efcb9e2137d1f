import Catalog
import Offbeat
import Serving

/// What is told of one library: the served one, or a guest's own. Only the hub's thread touches it.
struct Feed {
    /// Somebody who listens.
    struct Listener {
        let stream: EventStream
        /// What is seen depends on it, and so it is told the same as others of its kind.
        let handle: String?
        let pass: Pass?
    }

    let library: Library
    var listeners: [Listener] = []
    /// Where the library stood when it was last looked at.
    private var heads: LibraryHeads
    /// What was told last, in its order.
    private var history: [(id: UInt64, happening: Happening)] = []
    /// What was before this is not known any more.
    private var beginning: UInt64

    private static let limit = 256

    /// Begins with the library as it is.
    init(of library: Library, after id: UInt64) throws(Failure) {
        self.library = library
        heads = try library.heads()
        beginning = id
    }

    /// The step to where the library stands now, if it is another place.
    mutating func look() -> LibraryStep? {
        guard let now = try? library.heads(), now != heads else { return nil }
        defer { heads = now }
        return library.step(from: heads, to: now)
    }

    /// Tells all who listen of something.
    mutating func tell(_ happening: Happening, as id: UInt64) {
        history.append((id, happening))
        if history.count > Self.limit { beginning = history.removeFirst().id }
        var told: [String?: [UInt8]] = [:]
        for listener in listeners {
            let bytes = told[listener.handle] ?? Self.bytes(of: happening, id, for: listener.handle, in: library)
            told[listener.handle] = bytes
            listener.stream.send(bytes)
        }
    }

    /// Takes in somebody who listens, and tells what they missed since the event of an id.
    mutating func join(_ listener: Listener, since last: UInt64?, now: UInt64) {
        // An id without an event: who loses the connection before the first one asks again from here.
        listener.stream.send(Array("retry: 1000\nid: \(now)\n\n".utf8))
        if let last {
            if last < beginning || last > now {
                listener.stream.send(Array("event: reset\nid: \(now)\ndata: {}\n\n".utf8))
            } else {
                for (id, happening) in history where id > last {
                    listener.stream.send(Self.bytes(of: happening, id, for: listener.handle, in: library))
                }
            }
        }
        listeners.append(listener)
    }

    /// An event for somebody; nothing where they may not hear of it.
    private static func bytes(
        of happening: Happening, _ id: UInt64, for handle: String?, in library: Library
    ) -> [UInt8] {
        guard let (event, data) = try? happening.told(to: library.session(as: handle)) else { return [] }
        return Array("event: \(event)\nid: \(id)\ndata: ".utf8) + data.compact() + Array("\n\n".utf8)
    }
}
