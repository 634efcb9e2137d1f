import Catalog
public import Files

/// What this computer remembers of its own hand-offs, outside all versions.
///
/// Before a claim is made it is written down, and so is each step before it is taken. So whoever finds the journal of a
/// program that was cut off knows what it can have done. An attempt that was handed over is never handed over again,
/// whatever the records say.
public struct HandOffJournal: Sendable {
    /// How far an attempt has come.
    public enum Stage: Sendable, Hashable {
        /// A claim is about to be made, or stands. Nothing was sent.
        case claiming
        /// The target may have got it.
        case handing
        /// The target has said what came of it, which is in no record yet.
        case over(HandOff)
        /// What came of it is in a record here; the claim stands until the arbiter's branch has that.
        case told
    }

    /// One attempt.
    public struct Entry: Sendable, Hashable {
        /// The claim that was made for it.
        public let claim: Claim
        /// How far it has come.
        public let stage: Stage
    }

    private let open: FilePath
    private let closed: FilePath

    /// The journal in a folder, which is made when something is written.
    public init(in folder: FilePath) {
        open = folder.appending("open")
        closed = folder.appending("closed")
    }

    /// The attempts that are not over and done with, in no order. What cannot be read is an error: it may be one that was
    /// handed over.
    public func entries() throws -> [Entry] {
        guard FileSystem.exists(open) else { return [] }
        return try FileSystem.list(open).compactMap { file in
            let path = open.appending(file.name)
            guard file.kind == .regular, !file.name.string.hasPrefix("."),
                let bytes = try FileSystem.readIfExists(path, limit: 1 << 20)
            else { return nil }
            guard let document = try? JSON.parse(bytes), let claim = document["claim"].flatMap({ Claim($0) }),
                let stage = Stage(document)
            else { throw JournalError(path: path) }
            return Entry(claim: claim, stage: stage)
        }
    }

    /// Whether anything is not over and done with.
    public var isIdle: Bool { (try? FileSystem.list(open).isEmpty) ?? true }

    /// Whether an attempt was handed over from here, or may have been.
    public func hasHandedOver(_ claim: Claim) -> Bool {
        FileSystem.exists(closed.appending(claim.mark))
    }

    /// Whether anything was begun that is in no record yet.
    public var isCutOff: Bool {
        get throws { try !isIdle && entries().contains { $0.stage != .told } }
    }

    /// Writes down how far an attempt has come, durably.
    public func note(_ claim: Claim, _ stage: Stage) throws(FileError) {
        for folder in [open, closed] where !FileSystem.exists(folder) {
            for made in try FileSystem.makeDirectories(folder, mode: 0o700) {
                try FileSystem.syncDirectory(made.parent)
            }
        }
        var document = stage.fields
        document["claim"] = .object(claim.fields)
        try FileSystem.replaceAtomically(
            open.appending(claim.mark), with: JSON.object(document).canonical(), mode: 0o600)
        if stage == .handing {
            try FileSystem.replaceAtomically(closed.appending(claim.mark), with: [], mode: 0o600)
        }
    }

    /// Forgets an attempt of which nothing was sent: it may be made again.
    public func forget(_ claim: Claim) throws(FileError) {
        if try FileSystem.remove(closed.appending(claim.mark)) { try FileSystem.syncDirectory(closed) }
        try close(claim)
    }

    /// Forgets an attempt that nothing follows from any more; that it was handed over stays known.
    public func close(_ claim: Claim) throws(FileError) {
        _ = try FileSystem.remove(open.appending(claim.mark))
        if FileSystem.exists(open) { try FileSystem.syncDirectory(open) }
    }
}

/// A note of a hand-off that cannot be read.
public struct JournalError: Error, Sendable, CustomStringConvertible {
    /// The file.
    public let path: FilePath

    /// One line that says what, which, and what to do.
    public var description: String {
        "\(path) cannot be read: it says what became of a post that was being published; once you know that, remove it"
    }
}

extension HandOffJournal.Stage {
    fileprivate var fields: JSONObject {
        switch self {
        case .claiming: ["stage": "claiming"]
        case .handing: ["stage": "handing"]
        case .told: ["stage": "told"]
        case .over(.sent(let links, let failures)):
            ["failures": Self.json(failures), "links": Self.json(links), "stage": "sent"]
        case .over(.refused(let why)): ["stage": "refused", "why": .string(why)]
        case .over(.unreached(let why)): ["stage": "unreached", "why": .string(why)]
        case .over(.unknown(let why)): ["stage": "unknown", "why": .string(why)]
        }
    }

    fileprivate init?(_ document: JSON) {
        let why = document["why"]?.asString ?? ""
        switch document["stage"]?.asString {
        case "claiming": self = .claiming
        case "handing": self = .handing
        case "told": self = .told
        case "sent":
            self = .over(.sent(links: Self.texts(document["links"]), failures: Self.texts(document["failures"])))
        case "refused": self = .over(.refused(why))
        case "unreached": self = .over(.unreached(why))
        case "unknown": self = .over(.unknown(why))
        default: return nil
        }
    }

    private static func json(_ texts: [String: String]) -> JSON {
        .object(JSONObject(texts.map { ($0, .string($1)) }))
    }

    private static func texts(_ value: JSON?) -> [String: String] {
        let entries = (value?.asObject?.entries ?? []).compactMap { entry in
            entry.value.asString.map { (entry.key, $0) }
        }
        return Dictionary(entries, uniquingKeysWith: { first, _ in first })
    }
}
