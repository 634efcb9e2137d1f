import Blobs
public import Catalog
public import Digest
public import Git

/// One post, whole: its record and the pointer to its image.
public struct PostFolder: Sendable {
    /// A pointer, and the extension that its file has.
    public typealias ImageFile = TrackFolder.AudioFile

    /// The workspace that it belongs to, which its path says.
    public let workspace: WorkspaceID
    /// The record.
    public let post: Post
    /// The image that the folder's pointer names. The pointer is the truth about which file it is.
    public let image: ImageFile?

    /// Puts a folder together.
    public init(workspace: WorkspaceID, post: Post, image: ImageFile?) {
        self.workspace = workspace
        self.post = post
        self.image = image
    }

    /// The hash of its image.
    public var imageHash: ContentHash? { image?.pointer.oid ?? post.image }
}

/// What lies at a post's place.
public enum PostReading: Sendable {
    /// A post.
    case post(PostFolder)
    /// Something that is no readable post.
    case unreadable(UnreadableRecord)
}

extension Snapshot {
    /// Reads one post; nil where there is none.
    public func read(_ id: PostID, in workspace: WorkspaceID) throws(StoreError) -> PostReading? {
        guard let folder = try folder(at: RecordFolder.post(workspace, id).path) else { return nil }
        return try read(id, in: workspace, folder)
    }

    /// The folder of a post, or nil where there is none.
    public func postFolder(_ id: PostID, in workspace: WorkspaceID) throws(StoreError) -> ObjectID? {
        guard let entry = try entry(at: RecordFolder.post(workspace, id).path), entry.isTree else { return nil }
        return entry.id
    }

    /// Reads the post in a folder that is known.
    public func read(
        _ id: PostID, in workspace: WorkspaceID, at folder: ObjectID
    ) throws(StoreError) -> PostReading {
        try read(id, in: workspace, tree(folder))
    }

    /// The posts of a workspace in the order of their ids, and the folder of each, by which ``read(_:in:at:)`` finds it
    /// without a walk. No record is read.
    public func postFolders(of workspace: WorkspaceID) throws(StoreError) -> [(id: PostID, folder: ObjectID)] {
        var found: [(id: PostID, folder: ObjectID)] = []
        try forEachPost(of: workspace) { id, folder throws(StoreError) in found.append((id, folder)) }
        return found
    }

    /// One post, or nil where there is none; throws `.damaged` for one that cannot be read.
    public func post(_ id: PostID, in workspace: WorkspaceID) throws(StoreError) -> PostFolder? {
        switch try read(id, in: workspace) {
        case .post(let folder): return folder
        case nil: return nil
        case .unreadable(let record):
            throw StoreError(
                .damaged, "\(record.path) cannot be read: \(record.reason)",
                hint: "`offbeat fsck` says in which version it could be read")
        }
    }

    /// Reads the posts of a workspace, in the order of their ids, and no other's.
    public func posts(of workspace: WorkspaceID) throws(StoreError) -> [PostReading] {
        var found: [PostReading] = []
        try forEachPost(of: workspace) { id, folder throws(StoreError) in
            found.append(try read(id, in: workspace, tree(folder)))
        }
        return found
    }

    /// The posts of a workspace whose id begins with these digits, of which there are two or more.
    public func postIDs(withPrefix prefix: String, in workspace: WorkspaceID) throws(StoreError) -> [PostID] {
        let shelf = try folder(at: "workspaces/\(workspace)/posts/\(prefix.prefix(2))")
        return (shelf?.entries ?? []).compactMap { entry in
            PostID(entry.name.string).flatMap { entry.isTree && $0.hasPrefix(prefix) ? $0 : nil }
        }
    }

    /// How many posts a workspace has; none is read.
    public func postCount(of workspace: WorkspaceID) throws(StoreError) -> Int {
        var count = 0
        try forEachPost(of: workspace) { _, _ throws(StoreError) in count += 1 }
        return count
    }

    /// A workspace; nil where there is none of this id, or none whose record can be read.
    public func workspace(_ id: WorkspaceID) throws(StoreError) -> Workspace? {
        let path = RecordPath.workspace(id).text
        guard let entry = try entry(at: path) else { return nil }
        return try? Workspace.read(record(entry.id, at: path), expecting: id)
    }

    /// The present content of a post, with that of its track.
    public func content(of folder: PostFolder) throws(StoreError) -> PostContent {
        PostContent(of: folder.post, image: folder.imageHash, about: try subject(of: folder.post))
    }

    private func subject(of post: Post) throws(StoreError) -> PostContent.Subject {
        guard let id = post.track else { return .none }
        guard case .track(let folder)? = try read(id) else { return .absent }
        return .track(folder.track, audio: folder.audio?.pointer.oid ?? folder.track.audio.oid)
    }

    // MARK: Folders

    private func forEachPost(
        of workspace: WorkspaceID, _ visit: (PostID, ObjectID) throws(StoreError) -> Void
    ) throws(StoreError) {
        for shelf in try folder(at: "workspaces/\(workspace)/posts")?.entries ?? [] where shelf.isTree {
            for entry in try tree(shelf.id).entries where entry.isTree {
                guard let id = PostID(entry.name.string), id.hasPrefix(shelf.name.string) else { continue }
                try visit(id, entry.id)
            }
        }
    }

    private func read(
        _ id: PostID, in workspace: WorkspaceID, _ folder: Tree
    ) throws(StoreError) -> PostReading {
        let path = RecordPath.post(workspace, id).text
        guard let entry = EntryName.postRecord.flatMap({ folder[$0] }) else {
            return .unreadable(UnreadableRecord(path: path, reason: "the record is missing"))
        }
        do throws(StoreError) {
            let bytes = try record(entry.id, at: path)
            do throws(Unreadable) {
                let post = try Post.read(bytes, expecting: id)
                return .post(
                    PostFolder(workspace: workspace, post: post, image: imageFile(in: folder, of: post)))
            } catch {
                return .unreadable(UnreadableRecord(path: path, reason: error.reason))
            }
        } catch {
            return .unreadable(UnreadableRecord(path: path, reason: error.message))
        }
    }

    /// Finds the pointer `image.<extension>`: of several the one that the record speaks of, else the first.
    private func imageFile(in folder: Tree, of post: Post) -> PostFolder.ImageFile? {
        let files = folder.entries.compactMap { entry -> PostFolder.ImageFile? in
            guard let type = FileExtension(of: entry.name, stem: "image"), let pointer = try? pointer(entry) else {
                return nil
            }
            return PostFolder.ImageFile(pointer: pointer, fileExtension: type)
        }
        return files.first { $0.pointer.oid == post.image } ?? files.first
    }
}

extension Draft {
    /// Writes a post's record; its image stays as it is.
    public func put(_ post: Post, in workspace: WorkspaceID) throws(StoreError) {
        try put(post, at: .post(workspace, post.id))
    }

    /// Writes a post's record together with the pointer to its image, or without one, in the place of `replaced`.
    ///
    /// The image is looked for before the version is made, see ``name(_:mayBeAbsent:)``.
    public func put(_ folder: PostFolder, replacing replaced: PostFolder.ImageFile? = nil) throws(StoreError) {
        try put(folder.post, in: folder.workspace)
        if let replaced, replaced.fileExtension != folder.image?.fileExtension {
            remove(.postImage(folder.workspace, folder.post.id, replaced.fileExtension))
        }
        guard let image = folder.image, image != replaced else { return }
        try put(
            image.pointer.encoded(), at: .postImage(folder.workspace, folder.post.id, image.fileExtension))
        name(image.pointer)
    }

    /// Removes a post and its image.
    public func remove(_ id: PostID, in workspace: WorkspaceID) {
        remove(TreePath(RecordFolder.post(workspace, id)))
    }
}
