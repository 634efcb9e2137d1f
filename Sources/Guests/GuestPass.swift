public import Catalog
import Files
import Git
public import Store

/// What a scratch store says of its guest, in `guest.json`.
///
/// A program that runs as the same user of the computer can write another person, a longer time or a larger quota into
/// it, as it can read the library's files: what a guest may holds within this program. What is noticed is a pass that is
/// another guest's, or of another store.
public struct GuestPass: Sendable, Hashable {
    /// The guest.
    public let id: GuestID
    /// The store below, by the id in its record.
    public let store: StoreID
    /// What the branches of the store below stood at.
    public let origin: RemoteHeads
    /// For whom the guest works, and sees what that person may see; nil for nobody.
    public let person: PersonID?
    /// When it was made, in milliseconds since 1970.
    public let started: Int64
    /// Until when it may be used.
    public let expires: Int64
    /// How much may be made.
    public let quota: Quota
    /// Whether it was made for one program, and goes with it.
    public let isForOneRun: Bool

    static let file: FilePath = "guest.json"
    private static let format: Int64 = 1
    private static let sizeLimit = 4096

    /// The version that the guest began with.
    public var base: Version? { origin.main.map { Version($0) } }

    var encoded: [UInt8] {
        var fields: JSONObject = [
            "format": .integer(Self.format), "guest": .string(id.hex), "store": .string(store.hex),
            "started": .string(Timestamp(milliseconds: started).description),
            "expires": .string(Timestamp(milliseconds: expires).description),
            "quota": ["bytes": .integer(quota.bytes), "records": .integer(Int64(quota.records))],
            "run": .bool(isForOneRun),
        ]
        fields["base"] = origin.main.map { .string($0.hex) }
        fields["analyses"] = origin.analyses.map { .string($0.hex) }
        fields["person"] = person.map { .string($0.hex) }
        return JSON.object(fields).canonical()
    }

    /// Reads the pass of a scratch store; nil where there is none that makes sense.
    static func read(in scratch: FilePath) -> GuestPass? {
        guard let bytes = try? bytes(at: scratch.appending(file)), let fields = try? JSON.parse(bytes) else {
            return nil
        }
        return GuestPass(fields)
    }

    /// A link is none, wherever it leads.
    private static func bytes(at path: FilePath) throws(FileError) -> [UInt8] {
        let file = try FileDescriptor.open(path, .read, noFollow: true, nonBlocking: true)
        guard try file.status().kind == .regular else { return [] }
        return try file.readAll(limit: sizeLimit)
    }

    private init?(_ fields: JSON) {
        guard fields["format"]?.asInteger == Self.format,
            let id = fields["guest"]?.asString.flatMap({ GuestID($0) }),
            let store = fields["store"]?.asString.flatMap({ StoreID($0) }),
            let started = Self.moment(fields["started"]), let expires = Self.moment(fields["expires"]),
            let main = fields["base"]?.asString.flatMap({ ObjectID(hex: $0) }),
            let bytes = fields["quota"]?["bytes"]?.asInteger, let records = fields["quota"]?["records"]?.asInteger,
            let isForOneRun = fields["run"]?.asBool
        else { return nil }
        self.init(
            id: id, store: store,
            origin: RemoteHeads(
                main: main, analyses: fields["analyses"]?.asString.flatMap { ObjectID(hex: $0) }),
            person: fields["person"]?.asString.flatMap { PersonID($0) }, started: started, expires: expires,
            quota: Quota(bytes: bytes, records: Int(records)), isForOneRun: isForOneRun)
    }

    init(
        id: GuestID, store: StoreID, origin: RemoteHeads, person: PersonID?, started: Int64, expires: Int64,
        quota: Quota, isForOneRun: Bool
    ) {
        (self.id, self.store, self.origin, self.person) = (id, store, origin, person)
        (self.started, self.expires, self.quota, self.isForOneRun) = (started, expires, quota, isForOneRun)
    }

    private static func moment(_ value: JSON?) -> Int64? {
        value?.asString.flatMap { Timestamp($0) }?.milliseconds
    }
}
