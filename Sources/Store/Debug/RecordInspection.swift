public import Blobs
public import Catalog
public import Git

/// A record as it lies in the tree, whether or not it can be read.
public struct RecordInspection: Sendable {
    /// What stands at one place of a record, and under which stamps.
    public struct Decision: Sendable {
        /// The field, and the element of a set behind a dot.
        public let place: String
        /// The value; nil where it was taken away.
        public let value: JSON?
        /// When it was decided, and where.
        public let stamps: [Stamp]
    }

    /// One pointer beside the record.
    public struct File: Sendable {
        /// Its name in the record's folder.
        public let name: String
        /// What it points to; nil where it is no pointer.
        public let pointer: Pointer?
    }

    /// The blob.
    public let blob: ObjectID
    /// The bytes as JSON; nil where they are none, or too many.
    public let json: JSON?
    /// Why the record cannot be read; nil where it can.
    public let fault: String?
    /// What it says; nothing where it cannot be read.
    public let decisions: [Decision]
    /// The pointers that belong to it.
    public let files: [File]
}

extension Snapshot {
    /// Looks at the record at a path; nil where there is none, or where no record can be.
    public func inspect(_ path: RecordPath) throws(StoreError) -> RecordInspection? {
        guard let kind = path.kind, let entry = try entry(at: path.text) else { return nil }
        return try inspect(kind, path, entry)
    }

    private func inspect<Kind: RecordKind>(
        _ kind: Kind.Type, _ path: RecordPath, _ entry: TreeEntry
    ) throws(StoreError) -> RecordInspection {
        let bytes = try? record(entry.id, at: path.text)
        var (fault, decisions): (String?, [RecordInspection.Decision]) = ("it is too large, or no file", [])
        if let bytes {
            do throws(Unreadable) {
                let record = try Record<Kind>.read(bytes, expecting: path.identity.flatMap { Kind.Identity($0) })
                fault = nil
                decisions = record.decided.map {
                    RecordInspection.Decision(place: $0.place.description, value: $0.value, stamps: $0.stamps)
                }
            } catch { fault = error.reason }
        }
        let files = try files(of: path).map { (entry) throws(StoreError) in
            RecordInspection.File(name: entry.name.string, pointer: try pointer(entry))
        }
        return RecordInspection(
            blob: entry.id, json: bytes.flatMap { try? JSON.parse($0) }, fault: fault, decisions: decisions,
            files: files)
    }
}
