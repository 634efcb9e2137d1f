import Catalog
import Git
import HTTP

/// A lock that a server knows.
public struct LFSLock: Sendable, Hashable {
    /// The server's name for it.
    public let id: String
    /// The path of the file in the version.
    public let path: String
    /// Whose it is, if the server says so.
    public let owner: String?
}

extension LFSClient {
    /// What a server says of locks.
    public enum Locks: Sendable, Hashable {
        /// Those of the person who asks, and those of others.
        case known(ours: [LFSLock], theirs: [LFSLock])
        /// It has none.
        case unsupported
    }

    /// Looks before a push whether somebody else has locked what it touches, and refuses it then, naming who and what.
    ///
    /// - Parameters:
    ///   - touches: whether the push changes what is at a path.
    ///   - ref: the whole name of the branch that is pushed to.
    ///   - isRequired: whether a server that has no locks is refused as well: `lfs.<url>.locksverify` says so.
    public func requireUnlocked(
        ref: String?, isRequired: Bool = false, isStopped: () -> Bool = { false }, touches: (String) -> Bool
    ) throws(NetworkError) {
        guard case .known(_, let theirs) = try locks(ref: ref, isRequired: isRequired, isStopped: isStopped) else {
            return
        }
        let touched = theirs.filter { touches($0.path) }
        guard let first = touched.first else { return }
        let (path, owner) = (Words.line(first.path, atMost: 200), Words.line(first.owner ?? "somebody", atMost: 80))
        let more = touched.count > 1 ? ", and \(touched.count - 1) more are locked by others" : ""
        throw NetworkError(
            .denied, "\(path) is locked by \(owner)\(more)",
            hint: "ask for it to be unlocked, then try again; nothing was pushed")
    }

    /// All locks that the server knows.
    public func locks(
        ref: String?, isRequired: Bool = false, isStopped: () -> Bool = { false }
    ) throws(NetworkError) -> Locks {
        var (ours, theirs): ([LFSLock], [LFSLock]) = ([], [])
        var cursor: String?
        // More than anybody has, and an end where a server always gives the same page.
        for _ in 0..<1_000 {
            let (head, body) = try uploads.ask(
                .post, "locks/verify", Self.question(ref, cursor), upTo: 8 << 20, isRepeatable: true,
                isOptional: true, isStopped: isStopped)
            if [401, 403, 404, 501].contains(head.status), !isRequired { return .unsupported }
            guard head.status == 200 else { throw NetworkError(head, body, asking: "say which files are locked") }
            guard let page = try? JSON.parse(body), page.asObject != nil, let mine = LFSLock.read(page["ours"]),
                let others = LFSLock.read(page["theirs"])
            else {
                let host = head.url.place
                throw head.isPage
                    ? .page(host)
                    : NetworkError(.refused, "\(host) does not say which files are locked as it should")
            }
            ours += mine
            theirs += others
            guard let next = page["next_cursor"]?.asString, !next.isEmpty, next != cursor else { break }
            cursor = next
        }
        return .known(ours: ours, theirs: theirs)
    }

    private static func question(_ ref: String?, _ cursor: String?) -> [UInt8] {
        var values = JSONObject()
        if let ref { values["ref"] = ["name": .string(ref)] }
        if let cursor { values["cursor"] = .string(cursor) }
        values["limit"] = .integer(1_000)
        return JSON.object(values).compact()
    }
}

extension LFSLock {
    /// Reads a list; nothing is an empty one, and nil comes of what is none.
    fileprivate static func read(_ values: JSON?) -> [LFSLock]? {
        guard let values, values != .null else { return [] }
        return values.asArray?.map { lock in
            let owner = lock["owner"]?["name"]?.asString
            return LFSLock(id: lock["id"]?.asString ?? "", path: lock["path"]?.asString ?? "", owner: owner)
        }
    }
}

extension LFSEndpoint {
    /// Whether a push is refused where the server knows no locks: `lfs.<url>.locksverify` is true. False where a push asks for
    /// none at all; nil where nothing is said.
    public func verifiesLocks(_ settings: NetworkSettings, _ lfsconfig: LFSConfig = LFSConfig()) -> Bool? {
        let value = settings.value("lfs", "locksverify", for: url.description) ?? lfsconfig["lfs.locksverify"]
        return value.flatMap(Setting.flag)
    }
}
