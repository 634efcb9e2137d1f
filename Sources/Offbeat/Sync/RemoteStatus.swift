import Blobs
public import Store

/// How a library stands with its remote, as far as is known here: the remote is not asked.
public struct RemoteStatus: Sendable {
    /// The remote.
    public let remote: Remote
    /// How many versions it lacks of those that are here.
    public internal(set) var ahead = 0
    /// How many versions it has that are not part of this library's head.
    public internal(set) var behind = 0
    /// When the last sync went well and how the one after ended, if there was one.
    public internal(set) var memory: SyncMemory
}

extension Status {
    /// Whether the last sync that went well was longer ago, or never was.
    public func isOlder(than age: Duration, at now: UInt64) -> Bool {
        guard let last = remote?.memory.lastSync else { return true }
        return now > last && .milliseconds(now - last) > age
    }
}

extension Session {
    /// How the library stands with the remote that it would be synced with, as far as is known here; nil without one.
    public func remoteStatus() throws(Failure) -> RemoteStatus? {
        do {
            var status = Status(version: try store.version(), user: nil)
            try library.describeRemote(in: &status)
            return status.remote
        } catch { throw Failure(error) }
    }
}

extension Library {
    /// Says in a status how it stands with the remote that a sync would take, if there is one.
    func describeRemote(in status: inout Status) throws {
        let all = try store.remotes()
        guard let remote = all.first(where: { $0.name == "origin" }) ?? all.first else { return }
        var described = RemoteStatus(remote: remote, memory: SyncMemory.read(of: remote.name, in: store.path))
        let seen = try store.lastSeen(of: remote.name).main.map { Version($0) }
        if let seen {
            (described.ahead, described.behind) = try store.aheadBehind(status.version, seen)
        } else {
            described.ahead = try store.versionCount(of: status.version)
        }
        let waiting = try store.files(namedBy: status.version, andNotBy: seen)
        status.toUpload = (waiting.count, waiting.reduce(0) { $0 + $1.size })
        status.remote = described
    }
}
