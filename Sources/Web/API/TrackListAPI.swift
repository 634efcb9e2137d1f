import Cache
import Catalog
import Offbeat
import Serving
import Store

/// Lists of tracks, which pages ask for all the time: one that is what it was costs hardly anything.
enum TrackListAPI {
    static let route = Route(
        .get, "/api/tracks", "List and search tracks", tag: "tracks",
        parameters: [
            .text("q", "What to look for, as in the command line's QUERY."),
            .text("owner", "Only tracks of the person of this handle."),
            .texts("tag", "Only tracks with this tag, and with each other that is named."),
            .choice(
                "sort", "By what they are sorted; by when they were added, else.", SortKey.allCases.map(\.rawValue)),
            .number("limit", "How many at most; 50, else.", 1...1000),
            .text("after", "Where the page before ended: its `next`."),
            .number("skip", "How many of what would come next are left out, to begin anywhere.", 0...100_000_000),
        ],
        answers: [
            .json("TrackList", "A page of tracks; its `ETag` stays the same as long as it says the same"),
            Route.Answer(status: 304, summary: "It is still what `If-None-Match` names"),
        ]
    ) { call in try answer(call) }

    private static func answer(_ call: Call) throws -> Response {
        guard let visitor = call.visitor else { throw Refusal.unknown }
        let request = try listRequest(of: call)
        let key = ListShelf.Key(
            library: ObjectIdentifier(visitor.library), handle: visitor.handle, question: question(request))
        // Looked at first: what moves meanwhile makes what is kept now count for nothing.
        guard let mark = try visitor.library.mark() else { return try fresh(request, call.session()).response }
        if let page = call.service.lists.page(key, at: mark) {
            visitor.library.notePickerKept(for: nil)
            return kept(page, at: mark, to: call.request)
        }
        let session = try call.session()
        let tag = try session.tag(of: request, at: mark)
        if let tag, let page = call.service.lists.page(key, tagged: "W/\"\(tag)\"", at: mark) {
            visitor.library.notePickerKept(for: session)
            return kept(page, at: mark, to: call.request)
        }
        if let tag, call.request.knows("W/\"\(tag)\"") {
            visitor.library.notePickerKept(for: session)
            return unchanged("W/\"\(tag)\"")
        }
        let made = try fresh(request, session)
        guard let tag else { return made.response }
        let page = ListShelf.Page(tag: "W/\"\(tag)\"", rest: made.rest)
        call.service.lists.keep(page, as: key, at: mark)
        var response = made.response
        response.headers["ETag"] = page.tag
        return response
    }

    private static func listRequest(of call: Call) throws -> ListRequest {
        let query = call.request.query
        var request = ListRequest(query: query["q"] ?? "")
        if let name = query["sort"] {
            guard let key = SortKey(rawValue: name) else {
                throw Refusal(400, "tracks cannot be sorted by that", code: "usage")
            }
            request.sort = key
        }
        request.owner = query["owner"]
        request.tags = query.all("tag")
        request.limit = try call.number("limit", in: 1...1000) ?? 50
        request.cursor = query["after"]
        request.skip = try call.number("skip", in: 0...100_000_000) ?? 0
        return request
    }

    /// The same text only for the same request: each part comes with its length.
    private static func question(_ request: ListRequest) -> String {
        var text = "\(request.sort.rawValue) \(request.limit ?? 0) \(request.skip)"
        for part in [request.query, request.owner, request.cursor] + request.tags {
            text += part.map { " \($0.utf8.count):\($0)" } ?? " -"
        }
        return text
    }

    // MARK: Answers

    private static func fresh(
        _ request: ListRequest, _ session: Session
    ) throws -> (response: Response, rest: [UInt8]) {
        let list = try session.list(request)
        let rest: JSON = [
            "next": list.next.map(JSON.string) ?? .null, "total": .integer(Int64(list.total)),
            "tracks": .array(list.tracks.map(\.json)),
        ]
        let bytes = Array(rest.compact().dropFirst()) + [UInt8(ascii: "\n")]
        return (response(list.version, list.freshness.rawValue, bytes), bytes)
    }

    private static func kept(_ page: ListShelf.Page, at mark: LibraryMark, to request: Request) -> Response {
        if request.knows(page.tag) { return unchanged(page.tag) }
        var response = response(mark.version, Index.Freshness.hit.rawValue, page.rest)
        response.headers["ETag"] = page.tag
        return response
    }

    /// What may differ where the list does not stands first, so that the rest can be kept.
    private static func response(_ version: Version, _ freshness: String, _ rest: [UInt8]) -> Response {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count + 128)
        bytes += "{\"version\":\"\(version)\",\"cache\":\"\(freshness)\",".utf8
        bytes += rest
        var response = Response(200, bytes: bytes, type: "application/json")
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    }

    private static func unchanged(_ tag: String) -> Response {
        var response = Response(304)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    }
}
