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

    private let files: [String: File]

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
        "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
        "webmanifest": "application/manifest+json",
    ]
    private static let sizeLimit = 4 << 20

    /// Reads them.
    init(in folder: FilePath) throws(Failure) {
        var files: [String: File] = [:]
        do throws(FileError) {
            for entry in try FileSystem.list(folder) where entry.kind == .regular {
                guard let type = Self.types[entry.name.fileExtension ?? ""] else { continue }
                let bytes = try FileSystem.read(folder.appending(entry.name), limit: Self.sizeLimit)
                files[entry.name.string] = File(
                    bytes: bytes, type: type, tag: "\"\(ContentHash(of: bytes).description.prefix(16))\"")
            }
        } catch { throw Failure(error) }
        guard files["index.html"] != nil else {
            throw Failure(
                .notFound, "the pages are not at \(folder)", hint: "install Offbeat again with `make install`")
        }
        self.files = files
    }

    /// Answers a request for a page or one of its files. The first page lets in whoever has the token.
    func answer(_ request: Request, of service: Service) throws -> Response {
        guard request.method == "GET" || request.method == "HEAD" else {
            throw Refusal(405, "this address takes GET", headers: ["Allow": "GET"])
        }
        if let token = request.query["token"] { return try letIn(by: token, request, of: service) }
        guard request.path.count <= 1, let file = files[request.path.first ?? "index.html"] else {
            throw Refusal(404, "there is nothing at this address")
        }
        var response = request.knows(file.tag) ? Response(304) : Response(200, bytes: file.bytes, type: file.type)
        response.headers["ETag"] = file.tag
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Security-Policy"] = Self.policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
    }

    /// No page asks anybody else for anything, and none is shown inside another.
    private static let policy =
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; frame-ancestors 'none'; "
        + "base-uri 'none'; form-action 'self'"

    private func letIn(by token: String, _ request: Request, of service: Service) throws -> Response {
        let admission: Admission
        do { admission = try service.door.admission(by: token, from: request.remote) } catch let refusal as Refusal
        {
            throw Refusal(refusal.status, "this link is no longer good", headers: refusal.headers)
        }
        // Without the token, which would stay in the browser's history.
        var response = Response(303)
        response.headers["Location"] = "/"
        response.headers["Set-Cookie"] = service.door.admit(admission)
        return response
    }
}
