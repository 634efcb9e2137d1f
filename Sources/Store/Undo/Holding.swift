import Catalog
import Git

/// A record as it lies in one version, together with the pointers to the files that it speaks of.
struct Holding<Kind: RecordKind> {
    let record: Record<Kind>
    /// The pointers, as entries of the record's folder: one, unless plain git put more there.
    let files: [TreeEntry]
}

/// What lies at a record's place.
enum HoldingReading<Kind: RecordKind> {
    /// Nothing.
    case absent
    /// Something that is no readable record, with the greatest stamp that can still be read in it.
    case unreadable(latest: Stamp?, files: [TreeEntry])
    /// A record.
    case present(Holding<Kind>)

    var files: [TreeEntry] {
        switch self {
        case .absent: []
        case .unreadable(_, let files): files
        case .present(let holding): holding.files
        }
    }
}

extension Snapshot {
    /// A damaged record may be larger than any sound one; more than this is not searched for stamps.
    private static var searchLimit: Int { 16 << 20 }

    /// Reads the record at a path, whatever its kind, and finds its pointers.
    func holding<Kind>(_ kind: Kind.Type, at path: RecordPath) throws(StoreError) -> HoldingReading<Kind> {
        guard let entry = try entry(at: path.text) else { return .absent }
        let files = try files(of: path)
        do {
            let identity = path.identity.flatMap { Kind.Identity($0) }
            let record = try Record<Kind>.read(record(entry.id, at: path.text), expecting: identity)
            return .present(Holding(record: record, files: files))
        } catch {
            let bytes = try? repository.readBlob(entry.id, limit: Self.searchLimit)
            return .unreadable(latest: bytes.flatMap { Stamp.greatest(in: $0) }, files: files)
        }
    }

    /// The pointers that belong to a record.
    func files(of path: RecordPath) throws(StoreError) -> [TreeEntry] {
        guard let stem = path.fileStem, let folder = try folder(at: TreePath(path).parent.description) else {
            return []
        }
        return folder.entries.filter { !$0.isTree && FileExtension(of: $0.name, stem: stem) != nil }
    }

    /// The records in a folder: its own, and those of a track's stems.
    func recordPaths(in folder: RecordFolder) throws(StoreError) -> [RecordPath] {
        guard case .track(let id) = folder else { return [folder.record] }
        let stems = try self.folder(at: "\(folder.path)/stems")?.entries ?? []
        return [folder.record] + stems.compactMap { StemType(recordName: $0.name) }.map { .stem(id, $0) }
    }
}

extension RecordPath {
    /// What tells the record at this path from others of its kind, as text.
    var identity: String? {
        switch self {
        case .person(let id): id.hex
        case .workspace(let id): id.hex
        case .post(_, let id): id.hex
        case .track(let id): id.hex
        case .stem(_, let type): type.text
        default: nil
        }
    }

    /// What the names of a record's pointers begin with, up to the dot.
    var fileStem: String? {
        switch self {
        case .track: "audio"
        case .stem(_, let type): type.text
        case .post: "image"
        default: nil
        }
    }

    /// The field that speaks of the record's file.
    var fileField: String? {
        switch self {
        case .track, .stem: "audio"
        case .post: "image"
        default: nil
        }
    }

    /// The record that this is, or whose pointer this is.
    var owningRecord: RecordPath? {
        switch self {
        case .trackAudio(let id, _): .track(id)
        case .stemAudio(let id, let type, _): .stem(id, type)
        case .postImage(let workspace, let id, _): .post(workspace, id)
        case _ where isRecord: self
        default: nil
        }
    }
}
