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
}

extension Session {
    /// Brings what is kept to the present version, so that the next to ask need not wait.
    public func warm(_ query: String) throws(Failure) -> Warming {
        do {
            guard library.settings.isCacheEnabled else {
                throw Failure(
                    .wrongState, Self.turnedOff, hint: "`offbeat config set cache.enabled true` turns it on")
            }
            var request = try wanted(Query(parsing: query), in: view())
            request.limit = 1
            let answer = try library.index.refresh { reader in try reader.tracks(request)?.total ?? 0 }
            return Warming(
                version: answer.version, freshness: answer.freshness, rows: answer.rows, tracks: answer.value)
        } catch { throw Failure(error) }
    }
}

extension Library {
    /// Removes what nobody will ask for again, and tells how many files that were and their bytes.
    public func cleanCache() throws(Failure) -> (files: Int, bytes: Int64) {
        do { return try index.clean() } catch { throw Failure(error) }
    }

    /// Removes all that is kept, and tells how many bytes that were.
    public func clearCache() throws(Failure) -> Int64 {
        do {
            let size = index.size
            try index.clear()
            return size
        } catch { throw Failure(error) }
    }
}
