import Store

extension StoreSettings {
    /// Whether lists are answered from the index. What cannot be understood does not turn it off: answers are the same.
    var isCacheEnabled: Bool {
        guard let value = try? get(.cacheEnabled) else { return true }
        return (try? Self.truth(.cacheEnabled, value)) ?? true
    }

    /// Whether analyses are compressed when they are made.
    var isCacheCompressed: Bool {
        guard let value = try? get(.cacheCompression) else { return true }
        return (try? Self.truth(.cacheCompression, value)) ?? true
    }

    /// How many bytes of lists are kept in memory.
    var cacheMemory: Int {
        let value = try? get(.cacheMemory)
        return (value.flatMap { try? Self.mebibytes(.cacheMemory, $0) } ?? Self.usualMemory) << 20
    }

    private static let usualMemory = 16

    /// For how many milliseconds an analysis is kept that nobody asks for.
    var cacheTTL: Int64 {
        let value = try? get(.cacheTTL)
        return (value.flatMap { try? Self.seconds(.cacheTTL, $0) } ?? 30 * 86_400) * 1000
    }

    /// How many bytes of analyses stay here; nil where that is not set.
    var cacheMaxSize: Int64? {
        let value = try? get(.cacheMaxSize)
        return value.flatMap { try? Self.mebibytes(.cacheMaxSize, $0, most: Self.mostMebibytes) }
            .map { Int64($0) << 20 }
    }

    /// What makes another analyzer of our own.
    var cacheVersion: String? {
        let value = try? get(.cacheVersion)
        return value.flatMap { try? Self.mark(.cacheVersion, $0) }
    }

    static let mostMebibytes = 999_999_999

    static func seconds(_ key: Key, _ value: String) throws(Failure) -> Int64 {
        if value.utf8.count <= 12, let number = Int64(value), number >= 0 { return number }
        throw Failure(
            .usage, "\(key.rawValue) is a number of seconds, not \(value)",
            hint: "say for example `offbeat config set \(key.rawValue) 2592000`")
    }

    static func mark(_ key: Key, _ value: String) throws(Failure) -> String {
        if value.utf8.count <= 16, let analyzer = Analyzer(name: Analyzer.ownName, version: value) {
            return analyzer.version
        }
        throw Failure(
            .usage, "\(key.rawValue) is up to 16 letters, digits, dots and underscores, not \(value)",
            hint: "say for example `offbeat config set \(key.rawValue) 2`")
    }

    static func truth(_ key: Key, _ value: String) throws(Failure) -> Bool {
        switch value.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            throw Failure(
                .usage, "\(key.rawValue) is true or false, not \(value)",
                hint: "say `offbeat config set \(key.rawValue) false`, or true")
        }
    }

    static func mebibytes(_ key: Key, _ value: String, most: Int = 65_536) throws(Failure) -> Int {
        if value.utf8.count <= 9, let number = Int(value), (0...most).contains(number) { return number }
        throw Failure(
            .usage, "\(key.rawValue) is a number of MiB from 0 to \(most), not \(value)",
            hint: "say for example `offbeat config set \(key.rawValue) 32`")
    }
}
