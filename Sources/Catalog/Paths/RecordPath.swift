public import Digest

/// Where something lies in the store's tree.
///
/// Paths are read strictly: what is not exactly in the grammar, down to a track's three leading digits, is `opaque`
/// and carried as it is. Paths are bytes, since a tree made by plain git may hold names that are no UTF-8.
public enum RecordPath: Sendable, Hashable {
    /// `offbeat.json`.
    case store
    /// `.gitattributes`.
    case gitAttributes
    /// `.lfsconfig`.
    case lfsConfig
    /// `people/<id>.json`.
    case person(PersonID)
    /// `workspaces/<id>/workspace.json`.
    case workspace(WorkspaceID)
    /// `workspaces/<id>/posts/<xx>/<id>/post.json`.
    case post(WorkspaceID, PostID)
    /// `workspaces/<id>/posts/<xx>/<id>/image.<ext>`: a pointer.
    case postImage(WorkspaceID, PostID, FileExtension)
    /// `workspaces/<id>/posts/<xx>/<id>/conflicts/image.<oid>.<ext>`: a pointer to an image that lost a merge.
    case conflictImage(WorkspaceID, PostID, ContentHash, FileExtension)
    /// `tracks/<x>/<y>/<z>/<id>/track.json`.
    case track(TrackID)
    /// `tracks/<x>/<y>/<z>/<id>/audio.<ext>`: a pointer.
    case trackAudio(TrackID, FileExtension)
    /// `tracks/<x>/<y>/<z>/<id>/stems/<type>.json`.
    case stem(TrackID, StemType)
    /// `tracks/<x>/<y>/<z>/<id>/stems/<type>.<ext>`: a pointer.
    case stemAudio(TrackID, StemType, FileExtension)
    /// `tracks/<x>/<y>/<z>/<id>/conflicts/<oid>.<ext>`: a pointer to audio that lost a merge.
    case conflictAudio(TrackID, ContentHash, FileExtension)
    /// `…/long/<sha256>.txt` in the folder of a track or post: a long text that lost a merge.
    case long(RecordFolder, ContentHash)
    /// Anything else, as the bytes of its path.
    case opaque([UInt8])

    /// The unit of merging that this belongs to; `nil` for the files of git's own and for what is opaque.
    public var folder: RecordFolder? {
        switch self {
        case .store: .store
        case .person(let id): .person(id)
        case .workspace(let id): .workspace(id)
        case .post(let workspace, let id), .postImage(let workspace, let id, _),
            .conflictImage(let workspace, let id, _, _):
            .post(workspace, id)
        case .track(let id), .trackAudio(let id, _), .stem(let id, _), .stemAudio(let id, _, _),
            .conflictAudio(let id, _, _):
            .track(id)
        case .long(let folder, _): folder
        case .gitAttributes, .lfsConfig, .opaque: nil
        }
    }

    /// Whether this is a git-lfs pointer to content, and not content itself.
    public var isPointer: Bool {
        switch self {
        case .trackAudio, .stemAudio, .postImage, .conflictAudio, .conflictImage: true
        default: false
        }
    }

    /// Whether this is one of the records, in JSON.
    public var isRecord: Bool {
        switch self {
        case .store, .person, .workspace, .post, .track, .stem: true
        default: false
        }
    }

    /// The path as bytes, from the top of the tree, with `/` between names.
    public var bytes: [UInt8] {
        if case .opaque(let bytes) = self { return bytes }
        var builder = PathBuilder()
        switch self {
        case .gitAttributes: builder.append(".gitattributes")
        case .lfsConfig: builder.append(".lfsconfig")
        default:
            if let folder { builder.append(folder) }
            builder.append(nameInFolder)
        }
        return builder.bytes
    }

    /// The path as text; an opaque one that is no UTF-8 comes out with replacement characters.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The names from the top of the tree to the file.
    public var components: [[UInt8]] {
        bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// What follows the folder's path.
    private var nameInFolder: String {
        switch self {
        case .post: "/post.json"
        case .postImage(_, _, let type): "/image.\(type)"
        case .conflictImage(_, _, let hash, let type): "/conflicts/image.\(hash.hex).\(type)"
        case .track: "/track.json"
        case .trackAudio(_, let type): "/audio.\(type)"
        case .stem(_, let stem): "/stems/\(stem).json"
        case .stemAudio(_, let stem, let type): "/stems/\(stem).\(type)"
        case .conflictAudio(_, let hash, let type): "/conflicts/\(hash.hex).\(type)"
        case .long(_, let hash): "/long/\(hash.hex).txt"
        case .store, .person, .workspace, .gitAttributes, .lfsConfig, .opaque: ""
        }
    }
}

extension RecordPath: CustomStringConvertible {
    /// The path as text.
    public var description: String { text }
}
