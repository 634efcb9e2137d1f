import Catalog
import Git

/// Putting back single records, whatever their kind.
extension Reversal {
    /// Puts a record back together with its pointers.
    mutating func putBack(
        _ path: RecordPath, of folder: RecordFolder, under permission: ReversalPermission
    ) throws {
        if let kind = path.kind { try putBack(kind, path, folder, permission) }
    }

    /// Whether the step has changed anything at a path that could be put back.
    func mayBePutBack(_ path: RecordPath) throws -> Bool {
        guard path.owningRecord == path, let kind = path.kind else { return true }
        return try mayBePutBack(kind, path)
    }

    private func mayBePutBack<Kind: RecordKind>(_ kind: Kind.Type, _ path: RecordPath) throws -> Bool {
        guard case .present(let old) = try before.holding(kind, at: path),
            case .present(let new) = try after.holding(kind, at: path)
        else { return true }
        return old.files != new.files || new.record.hasRevocableChange(since: old.record)
    }

    private mutating func putBack<Kind: RecordKind>(
        _ kind: Kind.Type, _ path: RecordPath, _ folder: RecordFolder, _ permission: ReversalPermission
    ) throws {
        let place = ReversalPlace(path: path, folder: folder, permission: permission)
        let old = try before.holding(kind, at: path)
        let (new, current) = (try after.holding(kind, at: path), try now.holding(kind, at: path))
        switch (old, new, current) {
        case (.present(let old), .present(let new), .present(let current)):
            try takeBack(old, new, current, place)
        case (.present(let old), _, .unreadable(let latest, let files)) where isRestoring:
            try put(old, at: path, replacing: files, after: latest)
            note(folder, .changed, place.ownName)
        case (.present(let old), .absent, .absent):
            try put(old, at: path, replacing: new.files, after: nil)
            note(folder, .changed, place.ownName)
        case (.absent, .present(let new), .present(let current)):
            try removeAgain(new, current, place)
        case (_, _, .unreadable), (.unreadable, _, _), (_, .unreadable, _):
            keep(folder, place.ownName.first, .unreadable)
        case (_, .present, .absent): keep(folder, place.ownName.first, .removed)
        case (_, .absent, .present): keep(folder, place.ownName.first, .addedAgain)
        case (.absent, .absent, _): break
        }
    }

    // MARK: Changing

    private mutating func takeBack<Kind>(
        _ old: Holding<Kind>, _ new: Holding<Kind>, _ current: Holding<Kind>, _ place: ReversalPlace
    ) throws {
        var record = current.record
        // Somebody gave the record another file with plain git, which knows no stamps.
        let hasOtherFile = new.files != current.files
        let result = record.takeBack(
            from: old.record, to: new.record, echoes: echoes,
            sparing: { spot in
                ignored.contains(spot.field) || place.refusal(of: spot.field) != nil
                    || hasOtherFile && spot.field == place.path.fileField
            }, stamp: draft.stamp(after:))
        var fields = result.changed.map(\.description)
        for (spot, stamp) in result.kept where !ignored.contains(spot.field) {
            keep(
                place.folder, place.name(of: spot.description),
                place.refusal(of: spot.field).map { .refused($0) } ?? cause(stamp))
        }
        if let field = place.path.fileField, old.files != new.files, !hasOtherFile,
            !result.kept.contains(where: { $0.place.field == field })
        {
            try putFiles(old.files, replacing: current.files, beside: place.path)
            if !fields.contains(field) {
                record.restampFile(field, stamp: draft.stamp(after:))
                fields.append(field)
            }
        }
        if fields.isEmpty { return }
        try draft.put(record, at: place.path)
        note(place.folder, .changed, fields.map(place.name))
    }

    private func cause(_ stamp: Stamp?) -> ReversalOutcome.Cause { .changed(by: stamp.flatMap(author)) }

    private func putFiles(
        _ files: [TreeEntry], replacing present: [TreeEntry], beside path: RecordPath
    ) throws {
        let folder = TreePath(path).parent
        for file in present { draft.remove(folder.appending(file.name)) }
        for file in files { try draft.put(file, at: folder.appending(file.name)) }
    }

    // MARK: Coming and going

    private func put<Kind>(
        _ old: Holding<Kind>, at path: RecordPath, replacing files: [TreeEntry], after latest: Stamp?
    ) throws {
        try putFiles(old.files, replacing: files, beside: path)
        try draft.put(old.record.restamped { draft.stamp(after: $0 + [latest]) }, at: path)
    }

    private mutating func removeAgain<Kind>(
        _ new: Holding<Kind>, _ current: Holding<Kind>, _ place: ReversalPlace
    ) throws {
        if let change = current.record.firstChange(since: new.record, echoes: echoes) {
            return keep(place.folder, place.name(of: change.place.description), cause(change.stamp))
        }
        guard new.files == current.files else { return keep(place.folder, place.path.text, .changed(by: nil)) }
        try putFiles([], replacing: current.files, beside: place.path)
        draft.remove(TreePath(place.path))
        note(place.folder, .changed, place.ownName)
    }

    /// Gives all that a record says a new stamp, where it has just been put back as it was; one that cannot be read
    /// stays as it is.
    func restamp(_ path: RecordPath) throws {
        if let kind = path.kind { try restamp(kind, path) }
    }

    private func restamp<Kind: RecordKind>(_ kind: Kind.Type, _ path: RecordPath) throws {
        guard case .present(let old) = try before.holding(kind, at: path) else { return }
        try draft.put(old.record.restamped(stamp: draft.stamp(after:)), at: path)
    }

    // MARK: Comparing

    /// The first field of a record that somebody changed since the step, and who; nil where all is as the step left it.
    func firstChange(of path: RecordPath) throws -> (field: String?, cause: ReversalOutcome.Cause)? {
        try path.kind.flatMap { try firstChange($0, path) }
    }

    private func firstChange<Kind: RecordKind>(
        _ kind: Kind.Type, _ path: RecordPath
    ) throws -> (field: String?, cause: ReversalOutcome.Cause)? {
        guard case .present(let new) = try after.holding(kind, at: path),
            case .present(let current) = try now.holding(kind, at: path), new.files == current.files
        else { return (path.fileField, .changed(by: nil)) }
        return current.record.firstChange(since: new.record, echoes: echoes)
            .map { ($0.place.description, cause($0.stamp)) }
    }
}
