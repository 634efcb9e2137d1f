import Catalog

/// Which record of a folder is put back, and how far.
struct ReversalPlace {
    let path: RecordPath
    let folder: RecordFolder
    let permission: ReversalPermission

    /// Why a field must stay, if it must.
    func refusal(of field: String) -> String? {
        guard case .except(let fields, let reason) = permission, fields.contains(field) else { return nil }
        return reason
    }

    var ownName: [String] { path.ownName }

    func name(of field: String) -> String { path.name(of: field) }
}

extension RecordPath {
    /// What the record is called among those of its folder: nothing for the folder's own, `stems/drums` for a stem.
    var ownName: [String] {
        if case .stem(_, let type) = self { ["stems/\(type)"] } else { [] }
    }

    /// What a field is called: that of a stem has the stem in front.
    func name(of field: String) -> String { (ownName + [field]).joined(separator: ".") }

    /// What kind of record lies at this path; nil for what is no record.
    var kind: (any RecordKind.Type)? {
        switch self {
        case .store: StoreKind.self
        case .person: PersonKind.self
        case .workspace: WorkspaceKind.self
        case .post: PostKind.self
        case .track: TrackKind.self
        case .stem: StemKind.self
        default: nil
        }
    }
}
