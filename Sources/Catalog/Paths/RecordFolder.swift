/// What is merged as one: a record together with everything that belongs to it.
public enum RecordFolder: Sendable, Hashable {
    /// The store's own record, one file.
    case store
    /// A person's record, one file.
    case person(PersonID)
    /// A workspace's own record, one file beside the folder of its posts.
    case workspace(WorkspaceID)
    /// A post: the folder of its record and image.
    case post(WorkspaceID, PostID)
    /// A track: the folder of its record, audio, stems and conflicts.
    case track(TrackID)

    /// Whether it is a folder, and not a single file.
    public var isDirectory: Bool {
        switch self {
        case .track, .post: true
        case .store, .person, .workspace: false
        }
    }

    /// The path of the folder, or of the file.
    public var path: String {
        var builder = PathBuilder()
        builder.append(self)
        return builder.text
    }

    /// The path of the record itself.
    public var record: RecordPath {
        switch self {
        case .store: .store
        case .person(let id): .person(id)
        case .workspace(let id): .workspace(id)
        case .post(let workspace, let id): .post(workspace, id)
        case .track(let id): .track(id)
        }
    }

    /// The path's components, from the top of the tree.
    public var components: [String] { path.split(separator: "/").map(String.init) }

    /// Makes the unit of a folder's or single file's path; `nil` for any other path.
    public init?(path: String) {
        let parts = Array(path.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if let track = PathReader.track(parts.prefix(5)), parts.count == 5 {
            self = .track(track)
        } else if let (workspace, post) = PathReader.post(parts.prefix(5)), parts.count == 5 {
            self = .post(workspace, post)
        } else if let folder = RecordPath(path).folder, !folder.isDirectory {
            self = folder
        } else {
            return nil
        }
    }
}

/// Puts paths together as bytes.
struct PathBuilder {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(128) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ text: String) { bytes += text.utf8 }

    mutating func append<Kind>(_ id: Identifier<Kind>) { id.appendHex(to: &bytes) }

    mutating func append(_ folder: RecordFolder) {
        switch folder {
        case .store: append("offbeat.json")
        case .person(let id):
            append("people/")
            append(id)
            append(".json")
        case .workspace(let id):
            append("workspaces/")
            append(id)
            append("/workspace.json")
        case .post(let workspace, let id):
            append("workspaces/")
            append(workspace)
            append("/posts/")
            bytes += leadingDigits(of: id, 2)
            append("/")
            append(id)
        case .track(let id):
            append("tracks/")
            for digit in leadingDigits(of: id, 3) { bytes += [digit, UInt8(ascii: "/")] }
            append(id)
        }
    }

    private func leadingDigits<Kind>(of id: Identifier<Kind>, _ count: Int) -> ArraySlice<UInt8> {
        var digits: [UInt8] = []
        id.appendHex(to: &digits)
        return digits.prefix(count)
    }
}
