import Blobs
import Cache
import Catalog
import Digest
public import Store

/// What every answer about a library is made of, beside who asks, and the clock: as long as that stands where it stood, the same
/// question has the same answer.
public struct LibraryMark: Hashable, Sendable {
    /// The version of the records.
    public let version: Version

    private let analyses: Version?
    fileprivate let files: BlobJournal.Position
    fileprivate let analyzer: Analyzer
    private let user: String?

    /// Takes it now; nil while somebody is bringing files, and where answers are made without the cache.
    fileprivate init?(of library: Library) throws {
        guard library.store.loan == nil, library.settings.isCacheEnabled,
            let files = try library.store.blobs.journal.position()
        else { return nil }
        version = try library.store.version()
        analyses = try library.store.analysesVersion()
        analyzer = library.ownAnalyzer
        user = try library.settings.get(.user)
        self.files = files
    }
}

extension Library {
    /// Where everything stands now; nil where nothing may be concluded from that, as in a guest's store.
    public func mark() throws(Failure) -> LibraryMark? {
        do { return try LibraryMark(of: self) } catch { throw Failure(error) }
    }
}

extension Session {
    /// What tells a list from any other that there was or will be, for whoever has kept it; nil for one that depends on the
    /// clock. It is found without making the list, and stays the same until the view changes, or files come or go.
    public func tag(of request: ListRequest, at mark: LibraryMark) throws(Failure) -> String? {
        do {
            let query = try Query(parsing: request.query)
            if query.dependsOnClock { return nil }
            let scope: TrackRequest.Scope =
                sharing == .workspaces ? person.map { .usable(by: $0.id) } ?? .nothing : .everything
            guard let answer = try library.indexed({ try $0.stamp(ofPickerIn: scope) }),
                answer.version == mark.version, let change = answer.value
            else { return nil }
            let parts: [String?] =
                [
                    change, mark.files.description, mark.analyzer.description, person?.id.hex,
                    "\(scope)", request.query, request.owner, request.sort.rawValue,
                    request.limit.map { "\($0)" }, "\(request.skip)", request.cursor,
                ] + request.tags
            // Each with its length: no two lists of parts give the same text.
            let text = parts.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: ",")
            return String(ContentHash(of: Array(text.utf8)).hex.prefix(32))
        } catch { throw Failure(error) }
    }
}

extension Library {
    /// Counts that somebody was shown the list of tracks, out of what was kept of it.
    public func notePickerKept(for session: Session?) {
        index.statistics.note(.picker, for: session?.person?.id, isReady: true, at: context.now())
    }
}
