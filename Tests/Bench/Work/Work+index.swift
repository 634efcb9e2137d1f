import Cache
import Catalog
import Files
import Store

/// What the index costs, in one process.
extension Work {
    private static let pageSize = 50

    /// Measures how long the first page takes where there is no index yet.
    static func buildIndex(at path: FilePath) throws {
        let store = try Store(at: path, context: .bench)
        try FileSystem.removeTree(path.appending("cache"))
        let watch = Stopwatch()
        _ = try page("", from: Index(of: store))
        print(watch.seconds)
    }

    /// Measures a page of 50 in a process that is at work: what it is made of was read before, the page is not kept.
    static func readPages(
        at path: FilePath, matching query: String, sortedBy sort: String, expecting most: ClosedRange<Int>
    ) throws {
        let store = try Store(at: path, context: .bench)
        let sort = SortKey(rawValue: sort) ?? .added
        let index = Index(of: store, memory: { 0 })
        for number in 0..<31 {
            let watch = Stopwatch()
            let found = try page(query, sortedBy: sort, from: index)
            if number > 0 { print(watch.seconds) }
            guard most.contains(found.total) else { throw BenchError("\(found.total) match \(query)") }
        }
    }

    /// Measures the same page, asked for again and again.
    static func readPageAgain(at path: FilePath) throws {
        let index = Index(of: try Store(at: path, context: .bench))
        _ = try page("", from: index)
        for _ in 0..<200 {
            let watch = Stopwatch()
            _ = try page("", from: index)
            print(watch.seconds)
        }
    }

    /// Measures the first page after so many tracks were changed.
    static func readAfterChange(at path: FilePath, of count: Int, among all: Int) throws {
        let store = try Store(at: path, context: .bench)
        let index = Index(of: store)
        _ = try page("", from: index)
        for round in 0..<11 {
            try change((0..<count).map { ($0 * 97 + round) % all }, in: store)
            let watch = Stopwatch()
            let answer = try index.page(request(""))
            if round > 0 { print(watch.seconds) }
            guard answer.rows == count else {
                throw BenchError("\(answer.rows) rows were made again instead of \(count)")
            }
        }
    }

    static func change(_ numbers: [Int], in store: Store) throws {
        try store.write(by: nil) { draft in
            for number in numbers {
                let id = MadeTracks.id(number)
                guard var track = try draft.base.track(id)?.track else { continue }
                let stamp = draft.stamp(after: track.stamp(of: "comment"))
                try track.set("comment", to: .string("changed \(stamp)"), at: stamp)
                try draft.put(track)
            }
            return "Change \(numbers.count) tracks"
        }
    }

    static func request(_ query: String, sortedBy sort: SortKey = .added) throws -> TrackRequest {
        var request = TrackRequest(try Query(parsing: query), in: .everything, now: 0) { _ in true }
        request.limit = pageSize
        request.sort = sort
        return request
    }

    private static func page(
        _ query: String, sortedBy sort: SortKey = .added, from index: Index
    ) throws -> TrackPage {
        guard let page = try index.page(request(query, sortedBy: sort)).value else { throw BenchError("no page") }
        return page
    }
}
