public import Git

/// References of a repository beside its branches. Each stands for a small file; no merge ever touches them.
///
/// One is made only where there is none, and changed or taken away only by who knows what it stands for. So of two that do
/// it at once, wherever they are, one is told that it was not they.
public protocol ReferenceTransport: Sendable {
    /// Where it is, for a person.
    var place: String { get }

    /// The references whose names begin so, sorted by name.
    func references(below prefix: String) throws -> [NamedFile]

    /// One reference; nil where there is none of that name.
    func reference(_ name: String) throws -> NamedFile?

    /// Makes a reference. False where there is one already: this one's was not made then.
    func create(_ name: String, standingFor bytes: [UInt8]) throws -> Bool

    /// Takes a reference away. False where it stands for something else by now, or is gone.
    func remove(_ reference: NamedFile) throws -> Bool
}

/// A reference and the file that it stands for.
public struct NamedFile: Sendable, Hashable {
    /// The reference's whole name.
    public let name: String
    /// The file's object.
    public let id: ObjectID
    /// What is in it; nil where that cannot be read, or is no small file.
    public let bytes: [UInt8]?

    /// Names a file.
    public init(name: String, id: ObjectID, bytes: [UInt8]?) {
        self.name = name
        self.id = id
        self.bytes = bytes
    }
}
