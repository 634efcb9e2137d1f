import Catalog
import Store

extension Session {
    /// Shares tracks with a workspace: where tracks are kept apart its members see and edit them from then on.
    public func share(_ names: [String], with workspace: String) throws(Failure) -> EditOutcome {
        try changeShares(of: names, with: workspace, subject: "Share") { track, id, draft in
            try track.add(id.hex, to: "shares", at: draft.stamp(after: track.stamp(of: id.hex, in: "shares")))
        }
    }

    /// Shares tracks with a workspace no more.
    public func unshare(_ names: [String], from workspace: String) throws(Failure) -> EditOutcome {
        try changeShares(of: names, with: workspace, subject: "Unshare") { track, id, draft in
            try track.remove(id.hex, from: "shares", at: draft.stamp(after: track.stamp(of: id.hex, in: "shares")))
        }
    }

    private func changeShares(
        of names: [String], with workspace: String, subject: String,
        _ step: (inout Track, WorkspaceID, Draft) throws -> Bool
    ) throws(Failure) -> EditOutcome {
        _ = try requirePerson()
        return try change(subject: subject) { view, draft in
            let workspace = try view.workspaces.one(named: workspace)
            try self.requireRole(.editor, in: workspace, to: "share tracks")
            var changed: [TrackFolder] = []
            for name in names {
                let folder = try self.find(name, in: view)
                if changed.contains(where: { $0.id == folder.id }) { continue }
                try self.requireMayShare(folder.track, with: workspace, in: view)
                var track = folder.track
                guard try step(&track, workspace.id, draft) else { continue }
                try draft.put(track)
                changed.append(folder.with(track))
            }
            return changed
        }
    }

    /// Where tracks are kept apart, who else sees one is for its owner to say, and for those who look after the
    /// workspace that it is shared with.
    private func requireMayShare(_ track: Track, with workspace: Workspace, in view: View) throws(Failure) {
        guard view.hidesTracks, let person, track.owner != person.id else { return }
        if track.shares.contains(workspace.id), workspace.standing(of: person.id) == .owner { return }
        throw Failure(
            .notAllowed, "only its owner says with whom track \(track.id) is shared", hint: "ask its owner to")
    }
}
