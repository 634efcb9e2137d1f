public import Catalog
import Store

extension Session {
    /// Decides about a post: hands it in, approves or rejects it, or asks for changes.
    ///
    /// - Parameters:
    ///   - step: `submit`, `approve`, `reject` or `requestChanges`.
    ///   - name: what names the post.
    ///   - note: why.
    public func decide(_ step: PostStep, on name: String, note: String? = nil) throws(Failure) -> PostOutcome {
        if [.approve, .reject, .requestChanges].contains(step) { try library.refuseGuests("decide about posts") }
        return try take(step, with: name, note: note, subject: step.subject)
    }

    /// Sets the time at which a post goes out, once it is approved.
    public func schedulePost(
        _ name: String, at time: String, zone: String? = nil, note: String? = nil
    ) throws(Failure) -> PostOutcome {
        try take(.schedule, with: name, note: note, subject: "Schedule") { post, found, draft in
            let read = try self.scheduleReader.read(time, zone: zone, in: found.workspace)
            try post.setSchedule(read.schedule, at: draft.stamp(after: post.stamp(of: "schedule")))
            return read.remarks
        }
    }

    /// Takes the time away.
    public func unschedulePost(_ name: String, note: String? = nil) throws(Failure) -> PostOutcome {
        try take(.unschedule, with: name, note: note, subject: "Unschedule") { post, found, draft in
            guard post.schedule != nil else {
                throw Failure(
                    .wrongState, "post \(post.id.hex.prefix(8)) is \(found.review.state.rawValue) and has no time",
                    hint: "`offbeat post schedule` sets one")
            }
            try post.setSchedule(nil, at: draft.stamp(after: post.stamp(of: "schedule")))
            return []
        }
    }

    /// Where nobody has to approve a post, handing it in is as good as that.
    func requireMayHandIn(to workspace: Workspace) throws(Failure) {
        if workspace.approval == .none { try library.refuseGuests("hand in a post that nobody has to approve") }
    }

    private func take(
        _ step: PostStep, with name: String, note: String?, subject: String,
        _ edit: (inout Post, ReviewedPost, Draft) throws -> [String] = { _, _, _ in [] }
    ) throws(Failure) -> PostOutcome {
        do {
            let person = try requirePerson()
            return try write(by: person) { view, draft in
                let found = try post(named: name, in: view)
                try require(step, of: found, by: person)
                var post = found.post
                var remarks = try edit(&post, found, draft)
                if post.isPerhapsRemoved {
                    remarks.append(
                        "somebody removed it meanwhile, so it stays pending until `offbeat conflicts` are resolved")
                }
                var folder = PostFolder(workspace: found.workspace.id, post: post, image: found.folder.image)
                if step == .submit { try requireMayHandIn(to: found.workspace) }
                if step == .approve || step == .submit && found.workspace.approval == .none {
                    try requireMediaAddress(for: folder, in: found.workspace)
                }
                if let kind = step.decision {
                    folder = try deciding(kind, on: folder, by: person, note: note, draft)
                }
                try draft.put(folder.post, in: folder.workspace)
                return PostEdit(folder: folder, subject: subject, remarks: remarks)
            }
        } catch { throw Failure(error) }
    }
}

extension PostStep {
    /// The step as the first words of a commit.
    fileprivate var subject: String {
        switch self {
        case .submit: "Submit"
        case .approve: "Approve"
        case .reject: "Reject"
        case .requestChanges: "Request changes of"
        case .schedule: "Schedule"
        case .unschedule: "Unschedule"
        case .publish: "Publish"
        case .settle: "Settle"
        case .edit: "Edit"
        case .remove: "Remove"
        }
    }
}
