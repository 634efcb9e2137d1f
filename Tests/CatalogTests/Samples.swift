import Catalog
import Digest
import Testing

/// Records to try things on.
enum Samples {
    static let replica = ReplicaID(truncating: 7)

    static func stamp(_ milliseconds: UInt64) -> Stamp { Stamp(milliseconds: milliseconds, replica: replica) }

    static let audio = ContentHash(of: Array("audio".utf8))
    static let ana = id(PersonIDKind.self, 1)
    static let ben = id(PersonIDKind.self, 2)
    static let band = id(WorkspaceIDKind.self, 3)

    /// An identifier of one repeated digit.
    static func id<Kind: IdentifierKind>(_ kind: Kind.Type, _ digit: Int) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(String(repeating: "\(digit)", count: 32)) else {
            preconditionFailure("\(digit) is no digit")
        }
        return id
    }

    static let facts = Facts(of: audio, format: "flac", frames: 441_000, sampleRate: 44_100, channels: 2, bits: 16)

    static func track(owner: PersonID? = ana) -> Track {
        Track(
            id: .of(audio: audio), audio: AudioReference(oid: audio, size: 9, name: "song.flac"), facts: facts,
            owner: owner, created: stamp(1_000))
    }

    static func track(_ values: JSONObject) throws -> Track {
        var track = track()
        for entry in values.entries { try track.set(entry.key, to: entry.value, at: stamp(1_000)) }
        return track
    }
}
