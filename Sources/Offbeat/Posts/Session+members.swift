public import Catalog
import Store

extension Session {
    /// Gives a person a role in a workspace, and lets them in if they do not belong to it.
    public func addMember(_ handle: String, to name: String, as role: Role) throws(Failure) -> WorkspaceOutcome {
        try library.refuseGuests("say who belongs to a workspace")
        return try changeWorkspace(name, subject: "Make \(handle) \(role.withArticle) of") {
            workspace, view, draft in
            let member = try view.people.one(named: handle)
            if role < .owner { try self.requireOwner(of: workspace, without: member) }
            let replaced = workspace.stamp(of: member.id.hex, in: "members")
            try workspace.setRole(of: member.id, to: role, at: draft.stamp(after: replaced))
        }
    }

    /// Takes a person out of a workspace.
    public func removeMember(_ handle: String, from name: String) throws(Failure) -> WorkspaceOutcome {
        try library.refuseGuests("say who belongs to a workspace")
        return try changeWorkspace(name, subject: "Take \(handle) out of") { workspace, view, draft in
            let member = try view.people.one(named: handle)
            guard workspace.role(of: member.id) != nil else {
                throw Failure(
                    .notFound, "\(handle) does not belong to \(name)",
                    hint: "`offbeat workspace show \(name)` names who does")
            }
            try self.requireOwner(of: workspace, without: member)
            let replaced = workspace.stamp(of: member.id.hex, in: "members")
            try workspace.remove(member.id.hex, from: "members", at: draft.stamp(after: replaced))
        }
    }

    private func requireOwner(of workspace: Workspace, without member: Person) throws(Failure) {
        guard workspace.isLastOwner(member.id) else { return }
        let slug = workspace.slug?.text ?? workspace.id.hex
        throw Failure(
            .wrongState, "\(member.handle?.text ?? "") is the last owner of \(slug)",
            hint: "make somebody else an owner first: `offbeat workspace member add \(slug) HANDLE --role owner`")
    }
}
