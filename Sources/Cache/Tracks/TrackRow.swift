public import Blobs
public import Catalog
import Digest
public import Git
import SQLite

/// A track as a list shows it.
public struct TrackRow: Sendable, Hashable {
    /// Which track it is.
    public let id: TrackID
    /// The folder of the version that the list is of.
    public let folder: ObjectID
    /// The title.
    public let title: String?
    /// Who plays.
    public let artist: String?
    /// The album.
    public let album: String?
    /// The tags.
    public let tags: [String]
    /// The tempo.
    public let bpm: Double?
    /// The key.
    public let key: String?
    /// The length in milliseconds.
    public let durationMs: Int64?
    /// Whose track it is.
    public let owner: PersonID?
    /// The audio that its pointer names.
    public let audio: Pointer?

    static let columns =
        "id, folder, title, artist, album, tags, bpm, keyName, duration, owner, audio, size"

    /// Takes the row that a statement over ``columns`` stands at; nil for one that nobody of ours has written.
    init?(_ statement: Statement) {
        guard let id = statement.blob(0).flatMap({ TrackID(bytes: $0) }),
            let folder = statement.blob(1).flatMap({ ObjectID(bytes: $0) })
        else { return nil }
        self.id = id
        self.folder = folder
        title = statement.text(2)
        artist = statement.text(3)
        album = statement.text(4)
        let tags = statement.text(5) ?? ""
        self.tags = tags.isEmpty ? [] : tags.split(separator: PreparedTrack.separator).map(String.init)
        if case .real(let number) = statement.value(6) { bpm = number } else { bpm = nil }
        key = statement.text(7)
        if case .integer(let number) = statement.value(8) { durationMs = number } else { durationMs = nil }
        owner = statement.blob(9).flatMap { PersonID(bytes: $0) }
        audio = statement.blob(10).flatMap { ContentHash(bytes: $0) }.map {
            Pointer(oid: $0, size: statement.integer(11))
        }
    }
}
