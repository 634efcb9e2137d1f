public import Cache
public import Catalog
public import Store

/// What is kept of somebody's, or of a track.
public struct CacheEntry: Sendable {
    /// The view; nil for a track.
    public let view: CacheView?
    /// The track; nil for a view.
    public let id: TrackID?
    /// The type of the stem that was analysed, ``AnalysisTarget/master`` for the track's own audio; nil for what is no
    /// analysis.
    public let stem: String?
    /// Who has analysed it; nil for what is no analysis.
    public let analyzer: Analyzer?
    /// About how many bytes it has.
    public let size: Int64
    /// When it was made, and last asked for; nil where that is not noted.
    public let use: ViewUse?
    /// Why it is not ready; nil where it is.
    public let reason: String?
}

extension Session {
    /// What is kept for this person; of a view, or of a track, only that.
    public func cached(_ name: String? = nil) throws(Failure) -> [CacheEntry] {
        do {
            let view = try view()
            if let name, CacheView(name) == nil {
                let track = try find(name, in: view)
                return try [cached(track, in: view)] + cachedAnalyses(of: track.analysisTargets)
            }
            let wanted = try name.map { try cacheView(named: $0, in: view) }
            if wanted == .analysis { return try cachedAnalyses(in: view) }
            return try library.index.statistics.uses(by: person?.id)
                .filter { wanted == nil || $0.key == wanted }.sorted { $0.key.description < $1.key.description }
                .compactMap { used, use in
                    let condition = try condition(of: used, in: view)
                    // A history that is not this person's any more.
                    if condition == nil, used != .analysis { return nil }
                    let reason = library.settings.isCacheEnabled ? condition?.reason : Self.turnedOff
                    return CacheEntry(
                        view: used, id: nil, stem: nil, analyzer: nil, size: size(of: used, condition), use: use,
                        reason: used == .analysis ? nil : reason)
                }
        } catch { throw Failure(error) }
    }

    private func size(of view: CacheView, _ condition: IndexCondition?) -> Int64 {
        switch view {
        case .picker: library.index.size
        case .history: condition?.postBytes ?? 0
        case .analysis: library.index.analyses.totals().bytes
        }
    }

    /// How a view stands; nil where nothing is kept of it, or it is not this person's any more.
    private func condition(of wanted: CacheView, in view: View) throws -> IndexCondition? {
        switch wanted {
        case .picker: return try library.index.look(at: view.scope)
        case .analysis: return nil
        case .history:
            let workspace = try view.workspaces.own().first { CacheView(historyOf: $0) == wanted }
            return try workspace.map { try library.index.look(atHistoryOf: $0.id) }
        }
    }

    private func cached(_ track: TrackFolder, in view: View) throws -> CacheEntry {
        let reason = try library.index.look(at: track.id, in: view.snapshot)
        let size = library.index.size
        let tracks = try library.index.look(at: view.scope).tracks
        return CacheEntry(
            view: nil, id: track.id, stem: nil, analyzer: nil, size: tracks > 0 ? size / Int64(tracks) : 0,
            use: nil,
            reason: library.settings.isCacheEnabled ? reason : Self.turnedOff)
    }

    static let turnedOff = "the cache is turned off"

    /// How a view stands, without bringing it up to date.
    public func explain(_ name: String) throws(Failure) -> (view: CacheView, condition: IndexCondition) {
        do {
            let view = try view()
            let wanted = try cacheView(named: name, in: view)
            guard var condition = try condition(of: wanted, in: view) else {
                throw Failure(
                    .notFound, "nothing is kept of \(wanted) yet: it is read from the records each time",
                    hint: "`offbeat cache explain picker` explains the list of tracks")
            }
            if let records = condition.records { condition.records = try records.filter(view.maySee) }
            if !library.settings.isCacheEnabled { condition.reason = Self.turnedOff }
            return (wanted, condition)
        } catch { throw Failure(error) }
    }

    /// The view of a name that this person may use.
    private func cacheView(named name: String, in view: View) throws -> CacheView {
        guard let found = CacheView(name) else {
            throw Failure(
                .notFound, "there is no view \(name)", hint: "the views are: picker, history:<slug>, analysis")
        }
        guard case .history(let slug) = found else { return found }
        return CacheView(historyOf: try view.workspaces.one(named: slug))
    }

    // MARK: Making again

    /// What to have made again.
    public enum Invalidation: Sendable {
        /// A view by its name, or a track.
        case named(String)
        /// What is shared with a workspace.
        case workspace(String)
        /// The same, for the workspaces of a profile key.
        case profile(String)
    }

    /// Has rows made again at the next read, and tells how many and of which views.
    public func invalidate(_ what: Invalidation) throws(Failure) -> (views: [CacheView], rows: Int) {
        do {
            let view = try view()
            switch what {
            case .named(let name): return try invalidate(name, in: view)
            case .workspace(let name): return try invalidate([view.workspaces.one(named: name)])
            case .profile(let key):
                let found = try view.workspaces.own().filter { $0.profiles.contains(key) }
                if found.isEmpty {
                    throw Failure(
                        .notFound, "no workspace has the profile key \(key.prefix(8))…",
                        hint: "`offbeat workspace ls` lists yours")
                }
                return try invalidate(found)
            }
        } catch { throw Failure(error) }
    }

    private func invalidate(_ name: String, in view: View) throws -> (views: [CacheView], rows: Int) {
        guard CacheView(name) != nil else {
            let track = try find(name, in: view)
            let rows = try library.index.invalidate(.records([.track(track.id)]), by: asker)
            let analyses = try invalidateAnalyses(of: track.analysisTargets)
            return ([.picker] + (analyses > 0 ? [.analysis] : []), rows + analyses)
        }
        let wanted = try cacheView(named: name, in: view)
        switch wanted {
        case .picker: return ([wanted], try library.index.invalidate(.all, by: asker))
        case .analysis: return ([wanted], try invalidateAllAnalyses())
        case .history(let slug):
            let workspace = try view.workspaces.one(named: slug)
            return ([wanted], try library.index.invalidate(.history(workspace.id), by: asker))
        }
    }

    private func invalidate(_ workspaces: [Workspace]) throws -> (views: [CacheView], rows: Int) {
        var rows = 0
        for workspace in workspaces { rows += try library.index.invalidate(.workspace(workspace.id), by: asker) }
        return ([.picker] + workspaces.compactMap { $0.slug.map { .history($0.text) } }, rows)
    }

    private var asker: String { person?.handle?.text ?? "somebody" }

    /// Forgets what is noted of this person's lists; as logging out does.
    public func clearOwnCache() throws(Failure) -> Int {
        do {
            let uses = library.index.statistics.uses(by: person?.id)
            try library.index.forget(person?.id)
            return uses.count
        } catch { throw Failure(error) }
    }
}
