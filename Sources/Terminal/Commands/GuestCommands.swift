import Catalog
import Files
import Guests
import Offbeat
import Store

/// `guest start`, `guest ls`, `guest end` and `guest keep`.
enum GuestCommands {
    static let all = [start, list, end, keep]

    static let timeToLive = Option.optional(
        "ttl", .duration, help: "How long the guest may work; else 24 hours.")
    static let quota = Option.optional(
        "quota", .size, help: "How many bytes the guest's files and records may have; else 1 GiB.")
    static let records = Option.optional(
        "records", .integer(), help: "How many records the guest may make or change; else 10,000.")
    static let id = Argument.one("ID", .text, help: "The guest's id, or four or more of its first digits.")
    private static let ids = Argument.many(
        "ID", .text, help: "The guests' ids, or four or more of their first digits.")

    static func limits(_ invocation: Invocation) -> GuestLimits {
        var limits = GuestLimits()
        limits.timeToLive = invocation[timeToLive].map { $0.components.seconds * 1000 }
        limits.bytes = invocation[quota]
        limits.records = invocation[records]
        return limits
    }

    private static let start = Command(
        "guest start", in: .guests, summary: "Make a scratch store in which anything may be tried",
        discussion: """
            A guest sees the library as it is now, with the eyes of the person that this command acts for, and works \
            on a copy that costs a few kilobytes: what it adds, edits and removes stays in its own store, and the \
            library does not change by a byte. Use that store with --store PATH, or by OFFBEAT_STORE.

            A guest cannot sync, publish, decide about posts, or see other guests. Its store goes when its time is \
            over and no program is at work in it, or with guest end; guest keep takes its work into the library. What \
            is over its quota is refused and changes nothing; rm, and then gc, make room.

            This holds within offbeat. Whoever can read the library's files can read them all.
            """,
        options: [timeToLive, quota, records],
        examples: [
            .init("offbeat guest start --ttl 2h", "let somebody try things for two hours"),
            .init("export OFFBEAT_STORE=$(offbeat guest start --quiet)", "work as a guest in this shell"),
        ],
        json: #"{"guest","path","expires","base","person","quota":{"bytes","records"}}"#,
        exits: [.refused, .tryLater],
        run: { invocation in
            let session = try Workplace(invocation).session()
            let made = try session.startGuest(limits(invocation))
            return Reply(json: document(of: made.guest, person: session.person?.handle?.text)) { page in
                page.line(Line(made.guest.path.string))
                page.remark(
                    "Guest \(made.guest.id.hex.prefix(8), .bold) may work there until \(Self.minute(made.guest.pass.expires))"
                )
            }
        })

    private static let list = Command(
        "guest ls", in: .guests, summary: "List the guests",
        json:
            #"{"guests":[{"guest","path","expires","base","person","quota":{"bytes","records"},"started","inUse":bool,"bytes","records"}]}"#,
        exits: [.refused],
        run: { invocation in
            let guests = try Workplace(invocation).session().guests()
            return Reply(json: ["guests": .array(guests.map(document))]) { page in
                var table = Table([
                    .whole("GUEST"), .text("FOR"), .whole("UNTIL"), .number("RECORDS"), .number("SIZE"), .whole(""),
                ])
                for guest in guests {
                    table.add([
                        Line(String(guest.scratch.id.hex.prefix(12))), Line(guest.person ?? "nobody"),
                        Line(minute(guest.scratch.pass.expires)), Line("\(guest.usage?.records ?? 0)"),
                        Line(Quantity.size(guest.usage?.bytes ?? 0)), Line(guest.isInUse ? "at work" : ""),
                    ])
                }
                page.table(table)
            }
        })

    private static let end = Command(
        "guest end", in: .guests, summary: "Take guests' stores away, with all that is in them",
        discussion: "One in which a program is at work stays.", arguments: [ids],
        json: #"{"ended":[id…]}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            // Those whose time is over are named here, and must not have gone before.
            let session = try Workplace(invocation).session(sparing: "")
            let ended = try invocation[ids].map { try session.endGuest($0) }
            return Reply(json: ["ended": .array(ended.map { .string($0.hex) })]) { page in
                for id in ended { page.remark("Ended guest \(id.hex.prefix(8), .bold)") }
            }
        })

    private static let handle = Option.optional("as", .handle, help: "Whose the work becomes; else yours.")

    private static let keep = Command(
        "guest keep", in: .guests, summary: "Take a guest's work into the library",
        discussion: """
            All that the guest did becomes one change of the library's, by the person that is named: merged as a sync \
            merges, if the library has moved on meanwhile. The guest's own tracks become that person's. Then the \
            guest's store is taken away. offbeat undo takes it back.

            A person keeps what that person may do. What a guest did for another person in workspaces, that one keeps.
            """,
        arguments: [id], options: [handle],
        examples: [.init("offbeat guest keep 8ce0222c --as ana", "make it Ana's")],
        json: #"{"guest","version","from","changes":n,"conflicts":n}"#,
        exits: [.notFound, .refused, .conflicts, .damaged, .tryLater],
        run: { invocation in
            let session = try Workplace(invocation).session(sparing: invocation[id])
            let kept = try session.keepGuest(invocation[id], as: invocation[handle])
            let conflicts = kept.absorbed.report.conflicts.count
            let document: JSON = [
                "guest": .string(kept.id.hex), "version": .string(kept.absorbed.to.description),
                "from": .string(kept.absorbed.from.description), "changes": .integer(Int64(kept.changes.count)),
                "conflicts": .integer(Int64(conflicts)),
            ]
            return Reply(json: document, exit: conflicts == 0 ? .done : .conflicts) { page in
                let records = Quantity.count(Int64(kept.changes.count), "record")
                page.remark("Kept the work of guest \(kept.id.hex.prefix(8), .bold): \(records)")
                if conflicts > 0 {
                    page.remark(
                        "\(Quantity.count(Int64(conflicts), "field")) changed on both sides: offbeat conflicts lists them"
                    )
                }
            }
        })

    static func document(of scratch: Scratch, person: String?) -> JSON {
        let pass = scratch.pass
        return [
            "guest": .string(pass.id.hex), "path": .string(scratch.path.string),
            "expires": .string(Timestamp(milliseconds: pass.expires).description),
            "base": pass.base.map { .string($0.description) } ?? .null,
            "person": person.map(JSON.string) ?? .null,
            "quota": ["bytes": .integer(pass.quota.bytes), "records": .integer(Int64(pass.quota.records))],
        ]
    }

    private static func document(of guest: GuestSummary) -> JSON {
        var fields = document(of: guest.scratch, person: guest.person).asObject ?? JSONObject()
        fields["started"] = .string(Timestamp(milliseconds: guest.scratch.pass.started).description)
        fields["inUse"] = .bool(guest.isInUse)
        fields["bytes"] = guest.usage.map { .integer($0.bytes) } ?? .null
        fields["records"] = guest.usage.map { .integer(Int64($0.records)) } ?? .null
        return .object(fields)
    }

    /// A moment to the minute, in UTC as all times.
    private static func minute(_ milliseconds: Int64) -> String {
        String(Timestamp(milliseconds: milliseconds).description.prefix(16))
    }
}
