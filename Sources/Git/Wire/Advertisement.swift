/// One of the two services of a git server.
public enum WireService: String, Sendable {
    /// Gives objects.
    case uploadPack = "git-upload-pack"
    /// Takes objects, and moves references.
    case receivePack = "git-receive-pack"
}

/// What a git server says first: what its references stand for, and what it can do.
///
/// Read it once for a conversation; the same channel then serves a ``FetchSession`` or a ``PushSession``, or is left with
/// ``WireChannel/leave()``.
public struct Advertisement: Sendable {
    /// The references whose names begin with `refs/`, in the server's order. What tags stand for is passed over.
    public internal(set) var references: [Reference] = []
    /// The name of the branch that the server's `HEAD` stands for, where it says so.
    public internal(set) var head: String?
    /// What the server can do: words, some with a value after `=`.
    public internal(set) var capabilities: Set<String> = []
    /// The versions that the server has without what they were made from.
    public internal(set) var shallow: [ObjectID] = []
    /// What else the server has beside what its references lead to: what is lent to it.
    public internal(set) var lent: [ObjectID] = []
    var ids: [String: ObjectID] = [:]

    /// No more references are taken than this, and no more bytes of them.
    public static let limits = (references: 1 << 19, bytes: 64 << 20)

    /// What a reference stands for; nil where the server has none of that name.
    public subscript(_ name: String) -> ObjectID? { ids[name] }

    /// The references whose names begin so, sorted by name.
    public func references(below prefix: String) -> [Reference] {
        references.filter { $0.name.utf8.starts(with: prefix.utf8) }.sorted { $0.name < $1.name }
    }

    /// Whether the server can do something.
    public func can(_ capability: String) -> Bool { capabilities.contains(capability) }

    /// The value of a capability that has one.
    public func value(of capability: String) -> String? {
        capabilities.first { $0.hasPrefix(capability + "=") }.map { String($0.dropFirst(capability.count + 1)) }
    }

    /// Reads what a server says first.
    ///
    /// - Throws: `WireError`: `notGit` for what is no git server, with what it says; `refusedByServer` with the server's words,
    ///   `cutOff`, `garbage`, `tooLarge`, `unsupported`. What the channel throws.
    public static func read(
        from channel: any WireChannel, of service: WireService = .uploadPack,
        limits: (references: Int, bytes: Int) = Advertisement.limits
    ) throws -> Advertisement {
        var reading = AdvertisementReading(from: PktReader(channel), of: service, limits: limits)
        return try reading.read(isStateless: channel.isStateless)
    }
}

extension WireChannel {
    /// Ends a conversation in which nothing is wanted after the advertisement, so that the server need not complain.
    public func leave() {
        if !isStateless {
            var request: [UInt8] = []
            PktLine.appendFlush(to: &request)
            // It is only manners.
            _ = try? send(WireRequest(lines: request, isLast: true))
        }
        close()
    }
}
