import Blobs
import HTTP

/// What is done with an answer that is to be a file.
struct LFSTaking {
    private let file: Pointer
    private let sink: any LFSSink
    private let isPart: Bool
    private let begun: Int64
    /// Whether the body is the file, or what was asked for of it; else it is what the server says instead.
    private var isFile = false
    private var said: [UInt8] = []
    private var failure: LFSFailure?
    /// Whether another part came than was asked for.
    private(set) var isOtherPart = false

    init(_ file: Pointer, into sink: any LFSSink, isPart: Bool) {
        (self.file, self.sink, self.isPart, begun) = (file, sink, isPart, sink.received)
    }

    mutating func take(head: HTTPResponse) -> Bool {
        switch head.status {
        case 200:
            if let text = head.headers["Content-Length"], Int64(text) != file.size {
                failure =
                    head.isPage
                    ? LFSFailure(.final, .page(head.url.place)) : wrongSize(head.url.place, "\(text) bytes")
                return false
            }
            isFile = true
            return sink.received == 0 || forgets()
        case 206 where isPart && isWanted(head.headers.contentRange):
            isFile = true
            return true
        case 206:
            isOtherPart = true
            let words = "\(head.url.place) gives another part of the file \(file.oid) than it was asked for"
            failure = LFSFailure(isPart ? .another : .final, NetworkError(.refused, words))
            return !isPart || forgets() && false
        default: return true
        }
    }

    private mutating func forgets() -> Bool {
        do throws(BlobError) {
            try sink.restart()
            return true
        } catch {
            failure = LFSFailure(error)
            return false
        }
    }

    /// Whether it is the rest of the file, or the beginning of that.
    private func isWanted(_ range: HTTPRange?) -> Bool {
        guard let range else { return false }
        // The whole is not looked at: some servers say in its place how much is left.
        return range.first == begun && range.last < file.size
    }

    private func wrongSize(_ host: String, _ what: String) -> LFSFailure {
        let words = "\(host) gives \(what) for the file \(file.oid), which has \(file.size)"
        return LFSFailure(.damaged, NetworkError(.refused, words))
    }

    mutating func take(body: UnsafeRawBufferPointer) -> Bool {
        guard isFile else {
            said.append(contentsOf: body.prefix(max(0, 1 << 14 - said.count)))
            return said.count < 1 << 14
        }
        guard Int64(body.count) <= file.size - sink.received else {
            failure = wrongSize("the server", "more bytes")
            return false
        }
        do throws(BlobError) {
            try sink.append(body)
            return true
        } catch {
            failure = LFSFailure(error)
            return false
        }
    }

    /// Says what came of it, once there is an answer or none will come.
    mutating func finish(_ result: Result<HTTPResponse, NetworkError>) throws(LFSFailure) {
        if let failure {
            if case .damaged = failure.kind { _ = forgets() }
            throw failure
        }
        let head: HTTPResponse
        switch result {
        case .success(let response): head = response
        case .failure(let error): throw LFSFailure(error)
        }
        if isFile {
            guard sink.received < file.size else { return }
            let words = "the connection to \(head.url.place) ended before the file \(file.oid) was whole"
            throw LFSFailure(.passing(nil), NetworkError(.offline, words))
        }
        if head.status == 416, isPart {
            _ = forgets()
            throw LFSFailure(.another, NetworkError(head, said, asking: "give the rest of the file \(file.oid)"))
        }
        throw LFSFailure(head, said, asking: "give the file \(file.oid)")
    }
}
