import Catalog
import Offbeat

/// How workspaces look to people.
enum WorkspacePage {
    static func table(_ workspaces: [WorkspaceSummary]) -> Table {
        var table = Table([
            .whole("SLUG"), .text("NAME"), .whole("YOU"), .number("MEMBERS"), .number("POSTS"),
        ])
        for found in workspaces {
            table.add([
                Line(found.slug, .bold), Line(found.workspace.name ?? ""), Line(found.role?.rawValue ?? ""),
                Line("\(found.members.count)"), Line("\(found.posts)"),
            ])
        }
        return table
    }

    static func show(_ found: WorkspaceSummary, on page: inout Page) {
        let workspace = found.workspace
        page.line("\(workspace.name ?? found.slug, .bold)")
        var fields: [(String, Line)] = [
            ("slug", Line(found.slug)), ("id", Line(workspace.id.hex)),
            ("approval", Line(approval(of: workspace))), ("zone", Line(workspace.zone ?? "none")),
        ]
        if !workspace.profiles.isEmpty {
            fields.append(("profiles", Line(workspace.profiles.joined(separator: ", "))))
        }
        fields.append(("posts", Line("\(found.posts)")))
        page.fields(fields)
        for member in found.members { page.line("\(member.role.rawValue) \(member.handle)") }
    }

    private static func approval(of workspace: Workspace) -> String {
        if workspace.approval == .none { return "none: submitting approves" }
        return workspace.allowsSelfApproval
            ? "required, one's own included" : "required, by another than the author"
    }
}
