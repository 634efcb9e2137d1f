import Catalog
import Digest
import Files
import Synchronization

/// The tokens of a library, in a file beside its tree that is never synced and that only this user can read.
struct AccessTokens: Sendable {
    private(set) var all: [AccessToken] = []

    static func folder(in store: FilePath) -> FilePath { store.appending("access") }
    static func place(in store: FilePath) -> FilePath { folder(in: store).appending("tokens.json") }
    private static let limit = 1 << 22

    /// Reads the file; no token where there is none.
    static func read(in store: FilePath) throws(Failure) -> AccessTokens {
        guard let bytes = try bytes(in: store) else { return AccessTokens() }
        return try AccessTokens(bytes, in: store)
    }

    /// What the file says now; nil where there is none.
    static func bytes(in store: FilePath) throws(Failure) -> [UInt8]? {
        do { return try FileSystem.readIfExists(place(in: store), limit: limit) } catch { throw Failure(error) }
    }

    private init() {}

    init(_ bytes: [UInt8], in store: FilePath) throws(Failure) {
        guard let tokens = try? JSON.parse(bytes)["tokens"]?.asArray else {
            throw Failure(
                .damaged, "the list of tokens in the library's folder cannot be read",
                hint: "remove access/tokens.json there, and make tokens anew with `offbeat user token`")
        }
        // What only a newer program understands lets nobody in here.
        all = tokens.compactMap { AccessToken($0) }
    }

    mutating func add(_ token: AccessToken) { all.append(token) }

    /// Takes some away, and those whose time is over, which nobody needs any more.
    mutating func remove(at now: Int64, where isMeant: (AccessToken) -> Bool) {
        all.removeAll { isMeant($0) || !$0.isGood(at: now) }
    }

    /// Writes it down where only this user can read it.
    func write(in store: FilePath) throws(FileError) {
        let folder = Self.folder(in: store)
        try FileSystem.makeDirectory(folder, mode: 0o700)
        try FileSystem.setMode(of: folder, to: 0o700)
        let document: JSON = ["tokens": .array(all.map(\.json))]
        try FileSystem.replaceAtomically(Self.place(in: store), with: document.canonical(), mode: 0o600)
    }
}

extension AccessTokenLookup {
    /// What the file said last.
    final class Memory: Sendable {
        private let last = Mutex<(bytes: [UInt8], tokens: AccessTokens)?>(nil)

        func tokens(_ bytes: [UInt8], in store: FilePath) throws(Failure) -> AccessTokens {
            if let last = last.withLock({ $0 }), last.bytes == bytes { return last.tokens }
            let tokens = try AccessTokens(bytes, in: store)
            last.withLock { $0 = (bytes, tokens) }
            return tokens
        }
    }
}
