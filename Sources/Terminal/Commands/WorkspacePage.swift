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
        for target in found.targets {
            fields.append(
                ("posts go to", Line("\(target.target.name): \(said(of: target).joined(separator: ", "))")))
        }
        fields.append(("posts", Line("\(found.posts)")))
        page.fields(fields)
        for member in found.members { page.line("\(member.role.rawValue) \(member.handle)") }
    }

    /// What is said of a target, for everybody and here.
    private static func said(of target: TargetSummary) -> [String] {
        let settings = target.settings.map { "\($0.name) \($0.value)" }
        let here: String
        switch target.target.kind {
        case .feed: here = target.folder.map { "into \($0)" } ?? "into no folder of this computer"
        case .http:
            let isElsewhere = target.tokenHost != nil && !target.isTokenUsed
            here =
                isElsewhere
                ? "a token only for \(target.tokenHost ?? "")"
                : target.tokenSource == nil ? "no token here" : "token here"
        case .command: here = target.program.map { "runs \($0)" } ?? "runs nothing on this computer"
        }
        return settings + [here]
    }

    private static func approval(of workspace: Workspace) -> String {
        if workspace.approval == .none { return "none: submitting approves" }
        return workspace.allowsSelfApproval
            ? "required, one's own included" : "required, by another than the author"
    }
}
