/// The kind of a workspace's record.
public enum WorkspaceKind: RecordKind {
    /// What tells two of them apart.
    public typealias Identity = WorkspaceID
    /// What it is, in a word.
    public static let noun = "workspace"
    /// The fields of a record of this kind.
    public static let schema = Schema.record(
        .init("approval", .choice(Workspace.Approval.allCases.map(\.rawValue))),
        Schema.conflicts,
        .init("id", .identifier, isRequired: true, isFixed: true),
        .init("lateness", .line(Limits.zone)),
        .init(
            "members",
            .sortedSet(.identifier, .init("role", .choice(Role.allCases.map(\.rawValue)), isRequired: true))),
        .init("name", .line(Limits.name)),
        .init("profiles", .set(.line(Limits.name), [])),
        .init("selfApproval", .bool),
        .init("slug", .name, isRequired: true),
        .init(
            "targets",
            .sortedSet(
                .line(Limits.tag), .init("baseUrl", .line(Limits.url)), .init("category", .line(Limits.name)),
                .init("explicit", .bool), .init("image", .line(Limits.url)), .init("language", .line(Limits.zone)),
                .init("mediaUrlBase", .line(Limits.url)), .init("profile", .line(Limits.name)),
                .init("title", .line(Limits.name)), .init("url", .line(Limits.url)))),
        .init("zone", .line(Limits.zone))
    )
}

/// A workspace: people who make posts together.
public typealias Workspace = Record<WorkspaceKind>

extension Record where Kind == WorkspaceKind {
    /// Whether posts need somebody's approval.
    public enum Approval: String, Sendable, Hashable, CaseIterable {
        /// An approver or owner has to approve.
        case required
        /// Submitting approves.
        case none
    }

    /// One person's part in a workspace.
    public struct Member: Sendable, Hashable {
        /// Who.
        public let person: PersonID
        /// What they may do; a role that only a newer program knows counts as `viewer`.
        public let role: Role
    }

    /// Makes a new workspace; its maker is the owner.
    public init(id: WorkspaceID, slug: Slug, name: String? = nil, owner: PersonID, created: Stamp) {
        var values: JSONObject = [
            "slug": .string(slug.text),
            "members": [
                owner.hex: ["at": .string(created.description), "role": .string(Role.owner.rawValue)]
            ],
        ]
        if let name, !name.isEmpty { values["name"] = .string(name) }
        self.init(id: id, created: created, with: values)
    }

    /// What the workspace is called on the command line; the schema sees to it that there is one.
    public var slug: Slug? { parsed("slug") }

    /// What the workspace is called.
    public var name: String? { text("name") }

    /// Whether posts need somebody's approval; an unknown word counts as the stricter.
    public var approval: Approval { text("approval").flatMap(Approval.init) ?? .required }

    /// Whether approvers may approve their own posts.
    public var allowsSelfApproval: Bool { fields["selfApproval"]?.asBool ?? false }

    /// By how many seconds a post may go out late before it needs attention.
    public var lateness: Int { text("lateness").flatMap(PeriodOfTime.seconds) ?? 3_600 }

    /// The time zone of its schedules, by IANA name.
    public var zone: String? { text("zone") }

    /// Its members, by the order of their ids.
    public var members: [Member] {
        elements(of: "members").compactMap { element, values in
            PersonID(element).map {
                Member(person: $0, role: values["role"]?.asString.flatMap(Role.init) ?? .viewer)
            }
        }
    }

    /// A person's role; `nil` for somebody who is no member.
    public func role(of person: PersonID) -> Role? {
        guard let values = presentElement(person.hex, of: "members") else { return nil }
        return values["role"]?.asString.flatMap(Role.init) ?? .viewer
    }

    /// The keys of its accounts at publishing services.
    public var profiles: [String] { elements(of: "profiles").map(\.element) }

    /// Where its posts are brought out: what is said of it for everybody. Programs, folders and tokens are said on each
    /// computer for itself.
    public struct Target: Sendable, Hashable {
        /// Which kind it is.
        public let kind: TargetKind
        /// Since when it is said as it is.
        public let at: Stamp?
        /// What is said of it.
        public let settings: JSONObject

        /// What decisions call it.
        public var name: String { kind.rawValue }

        /// A setting; nil where it is not said.
        public func text(_ field: String) -> String? {
            settings[field]?.asString.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// Where its posts are brought out; a feed, where nothing is said.
    public var publishingTargets: [Target] {
        let said = elements(of: "targets").compactMap { name, values in
            TargetKind(rawValue: name).map { kind in
                Target(kind: kind, at: values["at"]?.asString.flatMap { Stamp($0) }, settings: values)
            }
        }
        return said.isEmpty ? [Target(kind: .feed, at: created, settings: JSONObject())] : said
    }
}

/// What posts can be handed to.
public enum TargetKind: String, Sendable, Hashable, CaseIterable {
    /// Files that feed readers read.
    case feed
    /// A publishing service.
    case http
    /// A program.
    case command
}

/// Reads periods of time as ISO 8601 writes them.
public enum PeriodOfTime {
    /// The seconds of text such as `PT1H`, `P1DT12H` or `PT90M`: whole days, hours, minutes and seconds; else `nil`.
    public static func seconds(_ text: String) -> Int? {
        guard text.utf8.first == UInt8(ascii: "P"), text.utf8.count <= 40 else { return nil }
        var units: [(letter: UInt8, seconds: Int, isTime: Bool)] = [
            (UInt8(ascii: "D"), 86_400, false), (UInt8(ascii: "H"), 3_600, true),
            (UInt8(ascii: "M"), 60, true), (UInt8(ascii: "S"), 1, true),
        ]
        var rest = text.utf8.dropFirst()
        var total = 0
        var isTime = false
        var count = 0
        while let first = rest.first {
            if first == UInt8(ascii: "T"), !isTime, rest.count > 1 {
                isTime = true
                rest = rest.dropFirst()
                continue
            }
            let digits = rest.prefix(while: ASCII.isDigit)
            rest = rest.dropFirst(digits.count)
            guard digits.count <= 9, let number = ASCII.decimal(digits), let letter = rest.first,
                let unit = units.firstIndex(where: { $0.letter == letter && $0.isTime == isTime })
            else { return nil }
            total += number * units[unit].seconds
            units.removeFirst(unit + 1)
            rest = rest.dropFirst()
            count += 1
        }
        return count > 0 ? total : nil
    }
}
