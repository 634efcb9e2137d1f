public import Catalog
public import Guests
public import Store

extension Status {
    /// The document that scripts and pages read, without where the store lies. Only a guest's says whose it is.
    public var json: JSON {
        var fields: JSONObject = [
            "version": .string(version.description), "user": user.map(JSON.string) ?? .null,
            "tracks": .integer(Int64(tracks)), "posts": .integer(Int64(posts)),
            "remote": remote.map(\.json) ?? .null,
            "files": [
                "here": .integer(Int64(files.here)), "missing": .integer(Int64(files.missing)),
                "toUpload": .integer(Int64(toUpload.files)), "bytesToUpload": .integer(toUpload.bytes),
            ],
            "conflicts": .integer(Int64(conflicts)), "waiting": .integer(Int64(waiting)),
            "unreadable": .array(unreadable.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
        ]
        if let guest { fields["guest"] = guest.json }
        return .object(fields)
    }
}

/// How long a guest may stay, and how much it has made.
public struct GuestStanding: Sendable {
    /// What its store says of it.
    public let pass: GuestPass
    /// How much it has made; nil where that cannot be told.
    public let usage: ScratchUsage?

    var json: JSON {
        [
            "guest": .string(pass.id.hex), "expires": .string(Timestamp(milliseconds: pass.expires).description),
            "records": usage.map { .integer(Int64($0.records)) } ?? .null,
            "bytes": usage.map { .integer($0.bytes) } ?? .null,
            "quota": ["bytes": .integer(pass.quota.bytes), "records": .integer(Int64(pass.quota.records))],
        ]
    }
}

extension RemoteStatus {
    /// The document that scripts read.
    public var json: JSON {
        [
            "name": .string(remote.name), "url": .string(remote.place), "ahead": .integer(Int64(ahead)),
            "behind": .integer(Int64(behind)),
            "lastSync": memory.lastSync.map { .string(Timestamp(milliseconds: Int64(clamping: $0)).description) }
                ?? .null,
            "lastError": memory.lastError.map(JSON.string) ?? .null,
        ]
    }
}
