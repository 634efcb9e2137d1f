import Catalog
import Files
import Guests
import Offbeat
import Store

/// What is told of how a library stands.
struct StatusPage {
    private let status: Status
    private let store: String

    init(_ status: Status, of library: Library) {
        self.status = status
        store = library.path.string
    }

    var document: JSON {
        var fields = status.json.asObject ?? JSONObject()
        fields["store"] = .string(store)
        return .object(fields)
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
        if let guest = status.guest {
            fields.append(
                (
                    "guest",
                    "\(guest.pass.id.hex.prefix(8)), until \(Self.time(UInt64(clamping: guest.pass.expires)).prefix(16))"
                ))
            fields.append(
                (
                    "records",
                    "\(count(guest.usage?.records ?? 0)) of \(count(guest.pass.quota.records)) that may differ"
                ))
            fields.append(
                ("made", "\(Quantity.size(guest.usage?.bytes ?? 0)) of \(Quantity.size(guest.pass.quota.bytes))"))
        }
        page.fields(fields)
        for record in status.unreadable { page.line("unreadable: \(record.path): \(record.reason)") }
    }

    private static func time(_ milliseconds: UInt64) -> String {
        Timestamp(milliseconds: Int64(clamping: milliseconds)).description
    }

    private func count(_ number: Int) -> String { Quantity.count(Int64(number)) }
}
