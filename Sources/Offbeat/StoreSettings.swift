import Files
import Store

/// A store's settings on this computer, kept in its git configuration under `offbeat.`; they are never synced.
public struct StoreSettings: Sendable {
    /// The settings that this program knows.
    public enum Key: String, CaseIterable, Sendable {
        case user
        case content
        case keepHistory
        case keepQuarantine
        case cacheEnabled = "cache.enabled"
        case cacheMemory = "cache.memory"
        case cacheTTL = "cache.ttl"
        case cacheMaxSize = "cache.maxSize"
        case cacheVersion = "cache.version"
        case cacheCompression = "cache.compression"
        case separator = "stems.separator"
        case decoder = "audio.decoder"
        case notifier = "notify.command"

        /// What the setting is for.
        public var summary: String {
            switch self {
            case .user: "the handle of the person that commands act for"
            case .content: "which files a sync brings here: all, pinned or none (all)"
            case .keepHistory: "how long `gc` keeps the files of the past, once a remote has them (90d)"
            case .keepQuarantine: "how long what `gc` has set aside can be taken back (14d)"
            case .cacheEnabled: "whether lists are answered from the index: true or false (true)"
            case .cacheMemory: "how many MiB a long-running program keeps of the lists asked for last (16)"
            case .cacheTTL:
                "after how many seconds `cache clean` removes an analysis that nobody asked for (2592000)"
            case .cacheMaxSize: "how many MiB of analyses stay on this computer (2048, or 5 % of the disk)"
            case .cacheCompression: "whether new analyses are compressed: true or false (true)"
            case .cacheVersion: "a mark of your own: analyses that were made under another are made again"
            case .separator: "the program that `stem separate` runs: a command with {in} and {out} in it"
            case .decoder:
                "the program that reads M4A, AAC and the like: a command with {in} in it that writes WAV to standard output"
            case .notifier:
                "the program that is told of posts that come to stand otherwise, as JSON on standard input; '' for none"
            }
        }

        /// What holds where nothing is set, for a length of time.
        fileprivate var length: Retention? {
            switch self {
            case .user, .content, .cacheEnabled, .cacheMemory, .cacheTTL, .cacheMaxSize, .cacheVersion,
                .cacheCompression, .separator, .decoder, .notifier:
                nil
            case .keepHistory: .days(90)
            case .keepQuarantine: .days(14)
            }
        }
    }

    let store: Store

    /// Finds the key of a name.
    public static func key(named name: String) throws(Failure) -> Key {
        if let key = Key(rawValue: name) { return key }
        let known = Key.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure(.notFound, "no setting is named \(name)", hint: "the settings are: \(known)")
    }

    /// A setting's value, or nil where it is not set.
    public func get(_ key: Key) throws(Failure) -> String? {
        do { return try store.setting(key.rawValue) } catch { throw Failure(error) }
    }

    /// Sets a setting. A person may be configured before somebody adds them.
    public func set(_ key: Key, to value: String) throws(Failure) {
        if store.loan != nil, !key.holdsForGuests {
            throw Failure(
                .notAllowed, "a guest may not set \(key.rawValue)",
                hint: "let a person set it in the library itself")
        }
        if key.length != nil { _ = try Self.retention(key, value) }
        switch key {
        case .content: _ = try Self.content(value)
        case .cacheEnabled, .cacheCompression: _ = try Self.truth(key, value)
        case .cacheMemory: _ = try Self.mebibytes(key, value)
        case .cacheTTL: _ = try Self.seconds(key, value)
        case .cacheMaxSize: _ = try Self.mebibytes(key, value, most: Self.mostMebibytes)
        case .cacheVersion: _ = try Self.mark(key, value)
        case .separator: _ = try Separator(command: value)
        case .decoder: _ = try Decoder(command: value)
        case .notifier: try prepareTelling(with: value)
        case .user, .keepHistory, .keepQuarantine: break
        }
        do { try store.set(key.rawValue, to: value) } catch { throw Failure(error) }
    }

    /// How long something is kept, as it is set or else as it is usual.
    func retention(_ key: Key) throws(Failure) -> Retention {
        if let value = try get(key) { return try Self.retention(key, value) }
        return key.length ?? .forever
    }

    private static func retention(_ key: Key, _ value: String) throws(Failure) -> Retention {
        if let retention = Retention(value) { return retention }
        throw Failure(
            .usage, "\(key.rawValue) is a length of time, and \(value) is none",
            hint: "say for example `offbeat config set \(key.rawValue) 30d`; 12h, 0 and forever will do as well")
    }

    /// Which files a sync brings here, as it is set or else as it is usual.
    func content() throws(Failure) -> ContentPolicy {
        try get(.content).map { (value) throws(Failure) in try Self.content(value) } ?? .all
    }

    private static func content(_ value: String) throws(Failure) -> ContentPolicy {
        if let policy = ContentPolicy(rawValue: value) { return policy }
        throw Failure(
            .usage, "content cannot be \(value)",
            hint: "say `offbeat config set content all`, or pinned, or none")
    }

    /// All that is set, by name.
    public func all() throws(Failure) -> [(key: Key, value: String)] {
        var found: [(key: Key, value: String)] = []
        for key in Key.allCases {
            if let value = try get(key) { found.append((key, value)) }
        }
        return found
    }
}
