import Digest
import Files
import Offbeat
import Serving

/// The files that the pages are made of, held in memory.
struct PageFiles: Sendable {
    private struct File: Sendable {
        let bytes: [UInt8]
        let type: String
        let tag: String
    }

    /// By what stands between the slashes of their addresses.
    private let files: [[String]: File]

    /// The pages. All are one document: it finds out by its address which one it is, and goes from one to another without
    /// being loaded again, so that what plays goes on playing.
    private static let pages: Set = ["dashboard", "cache", "sync"]
    private static let index = ["index.html"]

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
        "webmanifest": "application/manifest+json",
    ]
    private static let sizeLimit = 4 << 20
    /// So deep may folders lie in each other.
    private static let depth = 3

    /// Reads them.
    init(in folder: FilePath) throws(Failure) {
        var files: [[String]: File] = [:]
        do throws(FileError) { try Self.read(folder, at: [], into: &files) } catch { throw Failure(error) }
        guard files[Self.index] != nil else {
            throw Failure(
                .notFound, "the pages are not at \(folder)", hint: "install Offbeat again with `make install`")
        }
        self.files = files
    }

    private static func read(
        _ folder: FilePath, at place: [String], into files: inout [[String]: File]
    ) throws(FileError) {
        for entry in try FileSystem.list(folder) {
            let path = folder.appending(entry.name)
            let place = place + [entry.name.string]
            if entry.kind == .directory, place.count < depth {
                try read(path, at: place, into: &files)
            } else if entry.kind == .regular, let type = types[entry.name.fileExtension ?? ""] {
                let bytes = try FileSystem.read(path, limit: sizeLimit)
                files[place] = File(
                    bytes: bytes, type: type, tag: "\"\(ContentHash(of: bytes).description.prefix(16))\"")
            }
        }
    }

    /// Answers a request for a page or one of its files. The first page lets in whoever has the token.
    func answer(_ request: Request, of service: Service) throws -> Response {
        guard request.method == "GET" || request.method == "HEAD" else {
            throw Refusal(405, "this address takes GET", headers: ["Allow": "GET"])
        }
        if let token = request.query["token"] { return try letIn(by: token, request, of: service) }
        guard let file = file(at: request.path) else { throw Refusal(404, "there is nothing at this address") }
        var response = request.knows(file.tag) ? Response(304) : Response(200, bytes: file.bytes, type: file.type)
        response.headers["ETag"] = file.tag
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = Self.policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    }

    private func file(at path: [String]) -> File? {
        let isPage = path.isEmpty || path.count == 1 && Self.pages.contains(path[0])
        return files[isPage ? Self.index : path]
    }

    /// No page asks anybody else for anything, and none is shown inside another.
    private static let policy =
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; frame-ancestors 'none'; "
        + "base-uri 'none'; form-action 'self'"

    private func letIn(by token: String, _ request: Request, of service: Service) throws -> Response {
        let admission: Admission
        do { admission = try service.door.admission(by: token) } catch let refusal as Refusal {
            throw Refusal(refusal.status, "this link is no longer good", headers: refusal.headers)
        }
        // Without the token, which would stay in the browser's history.
        var response = Response(303)
        response.headers["Location"] = "/"
        response.headers["Set-Cookie"] = service.door.admit(admission)
        return response
    }
}
