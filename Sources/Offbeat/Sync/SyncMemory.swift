import Catalog
import Files
import Store

/// When a remote was last synced with, and how that ended. Each remote has a small file of its own in the store's
/// directory `synced`; losing it loses nothing but the answer to that.
public struct SyncMemory: Sendable, Equatable {
    /// Milliseconds since 1970 of the last time that went well; nil if there was none.
    public var lastSync: UInt64?
    /// What went wrong since, in a line.
    public var lastError: String?

    /// Nothing has happened yet.
    public static let none = SyncMemory()

    static func file(of remote: String, in store: FilePath) -> FilePath {
        store.appending("synced").appending(remote + ".json")
    }

    /// Reads what is remembered of a remote; what cannot be read is forgotten.
    static func read(of remote: String, in store: FilePath) -> SyncMemory {
        guard let bytes = try? FileSystem.readIfExists(file(of: remote, in: store), limit: 1 << 16),
            let document = try? JSON.parse(bytes)
        else { return .none }
        return SyncMemory(
            lastSync: document["lastSync"]?.asString.flatMap {
                Timestamp($0).map { UInt64(max(0, $0.milliseconds)) }
            },
            lastError: document["lastError"]?.asString)
    }

    /// Writes it down; that it cannot be is no failure of the sync.
    func write(of remote: String, in store: FilePath) {
        let document: JSON = [
            "lastSync": lastSync.map { .string(Timestamp(milliseconds: Int64($0)).description) } ?? .null,
            "lastError": lastError.map(JSON.string) ?? .null,
        ]
        let file = Self.file(of: remote, in: store)
        _ = try? FileSystem.makeDirectories(file.parent)
        try? FileSystem.replaceAtomically(file, with: document.canonical(), durable: false)
    }

    /// Forgets what was of a remote that had the name of a new one.
    static func forget(_ remote: String, in store: FilePath) {
        _ = try? FileSystem.remove(file(of: remote, in: store))
    }
}
