public import Cache
public import Catalog
public import Store

/// Where a library stands: what two looks are compared by.
public struct LibraryHeads: Sendable, Hashable {
    /// The version of what people made.
    public let version: Version
    /// The version of what was computed of it; nil where nothing was yet.
    public let analyses: Version?
}

/// What lies between two looks at a library, whoever did it.
public struct LibraryStep: Sendable {
    /// Where it stood before.
    public let from: LibraryHeads
    /// Where it stands now.
    public let to: LibraryHeads
    /// What differs, whoever may see it; nil where that is too much to tell one by one.
    let changes: [RecordChange]?

    /// The tracks that came or changed; nil where they are too many to tell.
    public var tracks: [TrackID]? {
        changes?.compactMap { change in
            if change.kind != .removed, case .track(let id)? = change.folder { id } else { nil }
        }
    }

    /// More is not told one by one: who hears of it reads anew.
    static let limit = 1000
}

/// A record that differs, as somebody sees it: what comes in sight was added, what goes out of sight was removed.
public struct SeenChange: Sendable, Hashable {
    /// What it is.
    public enum Kind: String, Sendable, CaseIterable { case store, person, workspace, post, track }

    /// What it is.
    public let kind: Kind
    /// Its id; empty for the store's own record.
    public let id: String
    /// The workspace in which it is, for a post.
    public let workspace: String?
    /// What happened to it.
    public let what: RecordChange.Kind
}

/// What somebody may know of a step.
public struct SeenStep: Sendable {
    /// The records; nil where there are too many to tell.
    public let changes: [SeenChange]?
    /// The views that show any of them.
    public let views: [CacheView]

    /// Whether there is nothing to tell.
    public var isEmpty: Bool { changes?.isEmpty == true && views.isEmpty }
}

extension Library {
    /// Where it stands now.
    public func heads() throws(Failure) -> LibraryHeads {
        do { return LibraryHeads(version: try store.version(), analyses: try store.analysesVersion()) } catch {
            throw Failure(error)
        }
    }

    /// What lies between two looks. Where the first is not known any more it is too much to tell.
    public func step(from old: LibraryHeads, to new: LibraryHeads) -> LibraryStep {
        if old.version == new.version { return LibraryStep(from: old, to: new, changes: []) }
        let changes = try? store.changes(from: old.version, to: new.version)
        return LibraryStep(
            from: old, to: new, changes: changes.flatMap { $0.count > LibraryStep.limit ? nil : $0 })
    }
}

extension Session {
    /// What this person may know of a step: nothing of what is hidden before and after it.
    public func sees(_ step: LibraryStep) throws(Failure) -> SeenStep {
        do {
            let new = try View(store.snapshot(of: step.to.version), for: self, under: sharing)
            let analysed: [CacheView] = step.from.analyses == step.to.analyses ? [] : [.analysis, .picker]
            guard step.from.version != step.to.version else { return SeenStep(changes: [], views: analysed) }
            guard let changes = step.changes else {
                let own = try new.workspaces.own().map { CacheView(historyOf: $0) }
                return SeenStep(changes: nil, views: Self.sorted(Set(own + analysed + [.picker])))
            }
            let old = try View(store.snapshot(of: step.from.version), for: self, under: sharing)
            let seen = try changes.compactMap { change in try Self.seen(change, before: old, after: new) }
            let views = library.views(touchedBy: seen.map(\.folder), at: step.to.version)
            let own = Set(try (old.workspaces.own() + new.workspaces.own()).map { CacheView(historyOf: $0) })
            let shown = views.filter { view in
                if case .history = view { own.contains(view) } else { true }
            }
            return SeenStep(changes: seen.map(\.change), views: Self.sorted(Set(shown + analysed)))
        } catch { throw Failure(error) }
    }

    private static func sorted(_ views: Set<CacheView>) -> [CacheView] {
        views.sorted { $0.description < $1.description }
    }

    private static func seen(
        _ change: RecordChange, before old: View, after new: View
    ) throws -> (folder: RecordFolder, change: SeenChange)? {
        guard let folder = change.folder else { return nil }
        let was = try change.kind != .added && old.maySee(folder)
        let `is` = try change.kind != .removed && new.maySee(folder)
        guard was || `is` else { return nil }
        return (folder, SeenChange(folder, was ? (`is` ? .changed : .removed) : .added))
    }
}

extension SeenChange {
    fileprivate init(_ folder: RecordFolder, _ what: RecordChange.Kind) {
        switch folder {
        case .store: self.init(kind: .store, id: "", workspace: nil, what: what)
        case .person(let id): self.init(kind: .person, id: id.hex, workspace: nil, what: what)
        case .workspace(let id): self.init(kind: .workspace, id: id.hex, workspace: nil, what: what)
        case .post(let workspace, let id):
            self.init(kind: .post, id: id.hex, workspace: workspace.hex, what: what)
        case .track(let id): self.init(kind: .track, id: id.hex, workspace: nil, what: what)
        }
    }
}

extension Library {
    /// A line for each view that a step has made anew: which, and from which version to which.
    public func invalidations(by step: LibraryStep) -> [String] {
        var views = views(touchedBy: (step.changes ?? []).compactMap(\.folder), at: step.to.version)
        if step.changes == nil { views = [.picker] }
        let versions = "\(step.from.version.description.prefix(12)) → \(step.to.version.description.prefix(12))"
        var lines = views.map { "\($0): \(versions)" }
        if step.from.analyses != step.to.analyses {
            let old = step.from.analyses?.description.prefix(12) ?? "nothing"
            lines.append("\(CacheView.analysis): \(old) → \(step.to.analyses?.description.prefix(12) ?? "nothing")")
        }
        return lines
    }
}
