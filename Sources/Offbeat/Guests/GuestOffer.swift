public import Catalog
import Files
import Guests
import Store

/// What a guest says to a person who may keep its work. It lies in the guest's own store, and goes with it.
public struct GuestOffer: Sendable, Hashable {
    /// To whom the work is sent.
    public let person: PersonID
    /// What the guest says of it.
    public let note: String?
    /// When that was, in milliseconds since 1970.
    public let moment: Int64

    private static let file: FilePath = "offer.json"
    private static let sizeLimit = 16 << 10
    /// How many characters a note may have.
    public static let noteLimit = 1000

    /// Reads what lies in a guest's store; nil where nothing does, or nothing that makes sense.
    static func read(in scratch: FilePath) -> GuestOffer? {
        guard let bytes = try? FileSystem.readIfExists(scratch.appending(file), limit: sizeLimit),
            let fields = try? JSON.parse(bytes),
            let person = fields["to"]?.asString.flatMap({ PersonID($0) }),
            let moment = fields["at"]?.asString.flatMap({ Timestamp($0) })?.milliseconds
        else { return nil }
        return GuestOffer(person: person, note: fields["note"]?.asString, moment: moment)
    }

    func write(in scratch: FilePath) throws(FileError) {
        var fields: JSONObject = [
            "to": .string(person.hex), "at": .string(Timestamp(milliseconds: moment).description),
        ]
        fields["note"] = note.map(JSON.string)
        try FileSystem.replaceAtomically(
            scratch.appending(Self.file), with: JSON.object(fields).canonical(), mode: 0o600, durable: false)
    }
}

extension Library {
    /// To whom a guest has sent its work; nil where to nobody.
    public var workOffered: GuestOffer? { guest == nil ? nil : GuestOffer.read(in: path) }

    /// Sends a guest's work to a person, who keeps or discards it; sent anew, it is sent to that one alone.
    public func offerWork(to name: String, note: String? = nil) throws(Failure) -> GuestOffer {
        do {
            guard guest != nil else {
                throw Failure(
                    .wrongState, "only a guest sends its work to somebody; yours is in the library already")
            }
            if let note, note.unicodeScalars.count > GuestOffer.noteLimit {
                throw Failure(.overLimit, "a note may have \(GuestOffer.noteLimit) characters at most")
            }
            let offer = GuestOffer(
                person: try store.snapshot().people().one(named: name).id, note: note,
                moment: Int64(clamping: context.now()))
            try offer.write(in: path)
            return offer
        } catch { throw Failure(error) }
    }
}

extension GuestSummary {
    /// What the guest said to a person who may keep its work; nil where it has sent it to nobody.
    public var offer: GuestOffer? { GuestOffer.read(in: scratch.path) }
}
