import Files
import Store

/// A store's settings on this computer, kept in its git configuration under `offbeat.`; they are never synced.
public struct StoreSettings: Sendable {
    /// The settings that this program knows.
    public enum Key: String, CaseIterable, Sendable {
        case user

        /// What the setting is for.
        public var summary: String {
            switch self {
            case .user: "the handle of the person that commands act for"
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
        do { try store.set(key.rawValue, to: value) } catch { throw Failure(error) }
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
