import Catalog
public import Files
import Store

/// What a new post is to be.
public struct PostRequest: Sendable {
    /// What names its workspace.
    public var workspace: String
    /// What it says.
    public var text: String
    /// Its title.
    public var title: String?
    /// What names the track that it is about.
    public var track: String?
    /// Its image.
    public var image: FilePath?
    /// Where it is to appear.
    public var platforms: [String] = []
    /// When it is to go out, as a person writes it.
    public var time: String?
    /// The zone of that time; without one, the workspace's.
    public var zone: String?
    /// Whether it is handed in at once.
    public var isSubmitted = false

    /// Asks for a post.
    public init(in workspace: String, text: String) {
        self.workspace = workspace
        self.text = text
    }

    fileprivate var changes: [PostChange] {
        var changes: [PostChange] = [.platforms(platforms)]
        if let title { changes.append(.title(title)) }
        if let track { changes.append(.track(track)) }
        if let image { changes.append(.image(image)) }
        return changes
    }
}

extension Session {
    /// Writes a new post.
    public func newPost(_ request: PostRequest) throws(Failure) -> PostOutcome {
        do {
            let person = try requirePerson()
            return try takingImage(of: request.changes) { image in
                try write(by: person) { view, draft in
                    try make(request, image, by: person, in: view, draft)
                }
            }
        } catch { throw Failure(error) }
    }

    private func make(
        _ request: PostRequest, _ image: PostFolder.ImageFile?, by person: Person, in view: View, _ draft: Draft
    ) throws -> PostEdit {
        let workspace = try view.workspaces.one(named: request.workspace)
        try requireRole(.editor, in: workspace, to: "write a post")
        let created = draft.stamp()
        var post = Post(id: draft.newID(), author: person.id, text: "", created: created)
        // By way of an edit, which looks at how long it is.
        try post.set("text", to: .string(request.text), at: created)
        var remarks: [String] = []
        if let time = request.time {
            let found = try scheduleReader.read(time, zone: request.zone, in: workspace)
            try post.setSchedule(found.schedule, at: created)
            remarks = found.remarks
        } else if request.zone != nil {
            throw Failure(.usage, "--zone is the zone of a time, and there is none", hint: "say --at")
        }
        var folder = PostFolder(workspace: workspace.id, post: post, image: nil)
        folder = try apply(request.changes, to: folder, image: image, in: view, draft)
        if request.isSubmitted {
            try requireMayHandIn(to: workspace)
            if workspace.approval == .none { try requireMediaAddress(for: folder, in: workspace) }
            folder = try deciding(.submitted, on: folder, by: person, note: nil, draft)
        }
        try draft.put(folder)
        remarks += try remarkOnTrack(of: folder.post, in: workspace, view)
        return PostEdit(folder: folder, subject: "Write", remarks: remarks)
    }

    /// Changes what a post says and shows. What was approved of it is void then.
    ///
    /// - Parameter mark: the ``PostSummary/mark`` of the post that the person has seen; `.changed` is thrown where it is
    ///   another by now. Nil where that does not matter.
    public func editPost(
        _ name: String, _ changes: [PostChange], ifStill mark: String? = nil
    ) throws(Failure) -> PostOutcome {
        do {
            guard !changes.isEmpty else {
                throw Failure(.usage, "nothing is said to change", hint: "say field=value")
            }
            let person = try requirePerson()
            return try takingImage(of: changes) { image in
                try write(by: person) { view, draft in
                    let found = try post(named: name, in: view)
                    try require(.edit, of: found, by: person)
                    try require(mark, of: found, in: view)
                    let folder = try apply(changes, to: found.folder, image: image, in: view, draft)
                    if folder.post != found.post { try draft.put(folder, replacing: found.folder.image) }
                    let remarks = try remarkOnTrack(of: folder.post, in: found.workspace, view)
                    return PostEdit(folder: folder, subject: "Edit", remarks: remarks)
                }
            }
        } catch { throw Failure(error) }
    }

    private func require(_ mark: String?, of found: ReviewedPost, in view: View) throws {
        guard let mark, try PostSummary(found, in: view, zones: Zones()).mark != mark else { return }
        throw Failure(
            .changed, "post \(found.post.id.hex.prefix(8)) is not as it was any more",
            hint: "look at it as it is now, then try again")
    }

    /// Where tracks are kept apart, a post may be about one that its readers do not see.
    private func remarkOnTrack(of post: Post, in workspace: Workspace, _ view: View) throws -> [String] {
        guard view.hidesTracks, let id = post.track, let track = try view.readable(id)?.track,
            !track.shares.contains(workspace.id)
        else { return [] }
        let slug = workspace.slug?.text ?? ""
        return ["its track is not shared with \(slug): `offbeat workspace share \(slug) \(id.hex.prefix(8))`"]
    }

    private func takingImage<R>(of changes: [PostChange], _ use: (PostFolder.ImageFile?) throws -> R) throws -> R {
        let bytes = changes.compactMap { if case .imageBytes(let bytes) = $0 { bytes } else { nil } }.last
        if let bytes { return try store.takingAgain { try ImageIntake(store: store).take(bytes, use) } }
        let named = changes.compactMap { if case .image(let path?) = $0 { path } else { nil } }.last
        guard let named else { return try use(nil) }
        try library.fence.requireReadable(named)
        return try store.takingAgain { try ImageIntake(store: store).take(named, use) }
    }
}
