import Blobs
import Catalog
import Store

/// What an operation made of a post.
struct PostEdit {
    let folder: PostFolder
    /// What was done, as the first words of the commit.
    let subject: String
    var remarks: [String] = []
}

extension Session {
    /// Shows one post.
    public func showPost(_ name: String) throws(Failure) -> PostSummary {
        do {
            _ = try requirePerson()
            let view = try view()
            return try PostSummary(post(named: name, in: view), in: view, zones: Zones())
        } catch { throw Failure(error) }
    }

    /// The image of a post; its bytes, and what kind of image that is: `png`, `jpg`, `gif` or `webp`.
    public func imageOfPost(_ name: String) throws(Failure) -> (bytes: [UInt8], format: String) {
        do {
            _ = try requirePerson()
            let found = try post(named: name, in: view())
            guard let image = found.folder.image else {
                throw Failure(.notFound, "post \(found.post.id.hex.prefix(8)) has no image")
            }
            return (
                try store.blobs.read(image.pointer, limit: ImageIntake.sizeLimit), image.fileExtension.text
            )
        } catch { throw Failure(error) }
    }

    /// Removes a post; the note says why, in the log. Earlier versions keep it.
    public func removePost(_ name: String, note: String? = nil) throws(Failure) -> PostOutcome {
        do {
            let person = try requirePerson()
            var removed: PostSummary?
            let version = try store.write(by: person) { draft in
                let view = try View(draft.base, for: self)
                let found = try post(named: name, in: view)
                try require(.remove, of: found, by: person)
                guard !found.isOut else {
                    throw Failure(
                        .wrongState,
                        "post \(found.post.id.hex.prefix(8)) is out, though not everywhere, and cannot be removed",
                        hint: "`offbeat post show` says where")
                }
                draft.remove(found.post.id, in: found.workspace.id)
                removed = try PostSummary(found, in: view, zones: Zones())
                return "Remove \(found.post.caption)" + (note.map { ": \($0.oneLine)" } ?? "")
            }
            guard let removed else { throw Failure(.io, "the post \(name) was not removed") }
            return PostOutcome(version: version, post: removed, remarks: [])
        } catch { throw Failure(error) }
    }

    // MARK: Writing

    /// Makes one version of a step that writes a post.
    func write(by person: Person, _ step: (View, Draft) throws -> PostEdit) throws -> PostOutcome {
        var edit: PostEdit?
        let version = try store.write(by: person) { draft in
            let made = try step(View(draft.base, for: self), draft)
            edit = made
            return "\(made.subject) \(made.folder.post.caption)"
        }
        let view = try View(store.snapshot(of: version), for: self)
        guard let edit, let workspace = try view.snapshot.workspace(edit.folder.workspace),
            let folder = try view.snapshot.post(edit.folder.post.id, in: workspace.id)
        else { throw Failure(.io, "the post was not written") }
        let post = try PostSummary(view.reviewed(folder, of: workspace), in: view, zones: Zones())
        return PostOutcome(version: version, post: post, remarks: edit.remarks)
    }

    /// Reads times with this session's clock.
    var scheduleReader: ScheduleReader { ScheduleReader(zones: Zones(), now: library.context.now()) }

    /// Adds a decision about the present content of a post, that knows of all before it.
    func deciding(
        _ kind: Decision.Kind, on folder: PostFolder, by person: Person, note: String?, _ draft: Draft
    ) throws -> PostFolder {
        let content = try draft.base.content(of: folder)
        var post = folder.post
        try post.decide(
            Decision(
                id: draft.newID(), at: draft.stamp(after: post.lastDecided), by: person.id, kind: kind,
                content: content.hash, stamps: content.stamps, saw: post.lastDecisions, note: note))
        return PostFolder(workspace: folder.workspace, post: post, image: folder.image)
    }

    // MARK: What is allowed

    /// Refuses a step that the table does not allow: names the state, and the role that it takes.
    func require(_ step: PostStep, of found: ReviewedPost, by person: Person) throws(Failure) {
        guard let refusal = found.refusal(of: step, by: person) else { return }
        let id = String(found.post.id.hex.prefix(8))
        let (state, slug) = (found.review.state, found.workspace.slug?.text ?? found.workspace.id.hex)
        let own = found.workspace.standing(of: person.id)?.withArticle ?? "none"
        switch refusal {
        case .state(let allowed, let role):
            let states = allowed.map(\.rawValue).joined(separator: " or ")
            throw Failure(
                .wrongState,
                "post \(id) is \(state.rawValue): only one that is \(states) can be \(step.participle), by \(role.withArticle)",
                hint: found.hint(after: step))
        case .role(let role):
            throw Failure(
                .notAllowed,
                "post \(id) is \(state.rawValue), and to \(step.verb) it takes \(role.withArticle) of \(slug); you are \(own)",
                hint: "`offbeat workspace show \(slug)` names who can")
        case .ownPost(let role):
            throw Failure(
                .notAllowed,
                "post \(id) is \(state.rawValue) and your own: to \(step.verb) it takes another, \(role.withArticle) of \(slug)",
                hint: "an owner may allow it: `offbeat workspace edit \(slug) selfApproval=true`")
        case .openAttempt:
            throw Failure(
                .wrongState,
                "post \(id) is \(state.rawValue): nobody here knows whether it went out, so it cannot be \(step.participle) yet",
                hint: "say what happened: `offbeat post settle \(id) --sent URL`, or --not-sent")
        }
    }
}

extension ReviewedPost {
    /// What leads on from here, where somebody tried another step.
    fileprivate func hint(after step: PostStep) -> String? {
        let id = post.id.hex.prefix(8)
        return switch review.state {
        case .draft, .changesRequested: "`offbeat post submit \(id)` hands it in"
        case .rejected: "edit it, and it is a draft again"
        case .needsAttention: "`offbeat post show \(id)` says why"
        case .approved, .scheduled: step == .unschedule ? nil : "an edit makes it pending again"
        default: nil
        }
    }
}

extension PostStep {
    /// The step in a sentence.
    fileprivate var verb: String {
        switch self {
        case .requestChanges: "request changes of"
        case .remove: "remove"
        default: rawValue
        }
    }

    /// What becomes of the post by it.
    fileprivate var participle: String {
        switch self {
        case .submit: "submitted"
        case .approve: "approved"
        case .reject: "rejected"
        case .requestChanges: "sent back for changes"
        case .schedule: "scheduled"
        case .unschedule: "unscheduled"
        case .publish: "published"
        case .settle: "settled"
        case .edit: "edited"
        case .remove: "removed"
        }
    }
}

extension Post {
    /// The post in the first line of a commit: its title, else how its text begins.
    var caption: String {
        let words = title ?? body
        return words.isEmpty ? "a post" : words.oneLine
    }
}
