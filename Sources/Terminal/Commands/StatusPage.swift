import Catalog
import Files
import Guests
import Offbeat
import Store

/// What is told of how a library stands.
struct StatusPage {
    private let status: Status
    private let store: String
    private let guest: GuestPass?
    private let usage: ScratchUsage?

    init(_ status: Status, of library: Library) {
        self.status = status
        store = library.path.string
        guest = library.guest
        usage = guest == nil ? nil : library.guestUsage()
    }

    /// Only a guest's says whose it is.
    var document: JSON {
        var fields = common.asObject ?? JSONObject()
        if let guest { fields["guest"] = document(of: guest) }
        return .object(fields)
    }

    private func document(of guest: GuestPass) -> JSON {
        [
            "guest": .string(guest.id.hex), "expires": .string(Self.time(UInt64(clamping: guest.expires))),
            "records": usage.map { .integer(Int64($0.records)) } ?? .null,
            "bytes": usage.map { .integer($0.bytes) } ?? .null,
            "quota": ["bytes": .integer(guest.quota.bytes), "records": .integer(Int64(guest.quota.records))],
        ]
    }

    private var common: JSON {
        [
            "store": .string(store), "version": .string(status.version.description),
            "user": status.user.map(JSON.string) ?? .null, "tracks": .integer(Int64(status.tracks)),
            "posts": .integer(Int64(status.posts)), "remote": status.remote.map(Self.document) ?? .null,
            "files": [
                "here": .integer(Int64(status.files.here)), "missing": .integer(Int64(status.files.missing)),
                "toUpload": .integer(Int64(status.toUpload.files)),
                "bytesToUpload": .integer(status.toUpload.bytes),
            ],
            "conflicts": .integer(Int64(status.conflicts)), "waiting": .integer(Int64(status.waiting)),
            "unreadable": .array(
                status.unreadable.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
        ]
    }

    func write(to page: inout Page) {
        var fields: [(String, Line)] = [
            ("store", Line(store)), ("version", Line(status.version.short)),
            ("user", Line(status.user ?? "nobody")), ("tracks", Line(count(status.tracks))),
            ("files here", Line(count(status.files.here))), ("missing", Line(count(status.files.missing))),
            ("conflicts", Line(count(status.conflicts))),
        ]
        if status.posts > 0 {
            fields.append(("posts", Line(count(status.posts))))
            fields.append(("for you", "\(count(status.waiting)) waiting"))
        }
        if let remote = status.remote {
            fields.append(("remote", "\(remote.remote.name) at \(remote.remote.place)"))
            fields.append(("ahead", Line(count(remote.ahead))))
            fields.append(("behind", Line(count(remote.behind))))
            fields.append(
                ("to upload", "\(count(status.toUpload.files)) files, \(Quantity.size(status.toUpload.bytes))"))
            fields.append(("last sync", Line(remote.memory.lastSync.map(Self.time) ?? "never")))
            if let error = remote.memory.lastError { fields.append(("since then", Line(error))) }
        }
        if let guest {
            fields.append(
                (
                    "guest",
                    "\(guest.id.hex.prefix(8)), until \(Self.time(UInt64(clamping: guest.expires)).prefix(16))"
                ))
            fields.append(
                ("records", "\(count(usage?.records ?? 0)) of \(count(guest.quota.records)) that may differ"))
            fields.append(
                ("made", "\(Quantity.size(usage?.bytes ?? 0)) of \(Quantity.size(guest.quota.bytes))"))
        }
        page.fields(fields)
        for record in status.unreadable { page.line("unreadable: \(record.path): \(record.reason)") }
    }

    private static func document(of remote: RemoteStatus) -> JSON {
        [
            "name": .string(remote.remote.name), "url": .string(remote.remote.place),
            "ahead": .integer(Int64(remote.ahead)), "behind": .integer(Int64(remote.behind)),
            "lastSync": remote.memory.lastSync.map { .string(time($0)) } ?? .null,
            "lastError": remote.memory.lastError.map(JSON.string) ?? .null,
        ]
    }

    private static func time(_ milliseconds: UInt64) -> String {
        Timestamp(milliseconds: Int64(clamping: milliseconds)).description
    }

    private func count(_ number: Int) -> String { Quantity.count(Int64(number)) }
}
