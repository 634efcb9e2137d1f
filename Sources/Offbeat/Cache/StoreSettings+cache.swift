extension StoreSettings {
    /// Whether lists are answered from the index. What cannot be understood does not turn it off: answers are the same.
    var isCacheEnabled: Bool {
        guard let value = try? get(.cacheEnabled) else { return true }
        return (try? Self.truth(.cacheEnabled, value)) ?? true
    }

    /// How many bytes of lists are kept in memory.
    var cacheMemory: Int {
        let value = try? get(.cacheMemory)
        return (value.flatMap { try? Self.mebibytes(.cacheMemory, $0) } ?? Self.usualMemory) << 20
    }

    private static let usualMemory = 16

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

    static func mebibytes(_ key: Key, _ value: String) throws(Failure) -> Int {
        if value.utf8.count <= 6, let number = Int(value), (0...65_536).contains(number) { return number }
        throw Failure(
            .usage, "\(key.rawValue) is a number of MiB from 0 to 65536, not \(value)",
            hint: "say for example `offbeat config set \(key.rawValue) 32`")
    }
}
