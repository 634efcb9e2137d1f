public import Cache
import Catalog
import Files
public import Store

/// What came of making everything ready.
public struct Warming: Sendable {
    /// The version.
    public let version: Version
    /// How the rows came to it.
    public let freshness: Index.Freshness
    /// How many were made again.
    public let rows: Int
    /// How many tracks a query matches.
    public let tracks: Int
    /// How many analyses were brought from remotes, and their bytes.
    public let fetched: (analyses: Int, bytes: Int64)
}

extension Session {
    /// Brings what is kept to the present version, so that the next to ask need not wait.
    ///
    /// Analyses that are not here are brought too, the most used first, as long as there is room and it does not take long.
    public func warm(_ query: String, progress: Progress = .none) throws(Failure) -> Warming {
        do {
            guard library.settings.isCacheEnabled else {
                throw Failure(
                    .wrongState, Self.turnedOff, hint: "`offbeat config set cache.enabled true` turns it on")
            }
            let (view, query) = (try view(), try Query(parsing: query))
            var request = wanted(query, in: view)
            request.limit = 1
            let answer = try library.index.refresh { reader in try reader.tracks(request)?.total ?? 0 }
            return Warming(
                version: answer.version, freshness: answer.freshness, rows: answer.rows, tracks: answer.value,
                fetched: try warmAnalyses(query, in: view, progress))
        } catch { throw Failure(error) }
    }
}

extension Library {
    /// Removes what nobody will ask for again, and tells how many files that were and their bytes: what was put aside, and
    /// analyses that are too old or too many, as far as they can be had again.
    public func cleanCache() throws(Failure) -> (files: Int, bytes: Int64, refused: Int) {
        do {
            let analyses = try cleanAnalyses()
            let (files, bytes) = try index.clean()
            return (files + analyses.count, bytes + analyses.bytes, analyses.refused)
        } catch { throw Failure(error) }
    }

    /// Removes all that is kept, and tells how many bytes that were.
    public func clearCache() throws(Failure) -> Int64 {
        do {
            let size = index.size
            try index.clear()
            analyses.clear()
            return size
        } catch { throw Failure(error) }
    }
}
