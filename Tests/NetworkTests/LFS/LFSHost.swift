import Blobs
import Catalog
import Digest
import Files
import HTTP
import Synchronization
import TestSupport

@testable import Network

/// A git-lfs server on this computer that has files, takes files, and misbehaves as a test tells it.
final class LFSHost: Sendable {
    /// What a request is about.
    enum Kind: Sendable, Equatable { case batch, get, put, verify, locks, other }

    /// What is asked, and the how manieth time it is.
    struct Question: Sendable {
        let kind: Kind
        let request: LoopbackServer.Request
        /// How often something of that kind was asked about the same file, or the server, from 1.
        let count: Int
        let oid: String
    }

    struct State: Sendable {
        var files: [String: [UInt8]] = [:]
        var counts: [String: Int] = [:]
        var questions: [Question] = []
        var largestBatch = 0
    }

    let state = Mutex(State())
    private let server: Mutex<LoopbackServer?>
    /// Answers in place of the server; nil where it answers by itself.
    private let fault: @Sendable (Question, LFSHost) -> [LoopbackServer.Step]?
    /// Changes what is said of one file in a batch.
    private let change: @Sendable (inout JSONObject, LFSHost) -> Void
    let verifies: Bool

    /// Starts one.
    init(
        verifies: Bool = false,
        fault: @escaping @Sendable (Question, LFSHost) -> [LoopbackServer.Step]? = { _, _ in nil },
        change: @escaping @Sendable (inout JSONObject, LFSHost) -> Void = { _, _ in }
    ) throws {
        (self.verifies, self.change, self.fault) = (verifies, change, fault)
        server = Mutex(nil)
        let started = try LoopbackServer { [weak self] request in self?.answer(request) ?? [.close] }
        server.withLock { $0 = started }
    }

    /// Where it is, without a slash at the end.
    var url: String { server.withLock { $0?.url ?? "" } }
    var connections: Int { server.withLock { $0?.connections ?? 0 } }
    func stop() { server.withLock { $0?.stop() } }

    var endpoint: LFSEndpoint {
        get throws { LFSEndpoint(url: try HTTPURL(url + "/r.git/info/lfs")) }
    }

    /// Gives it a file.
    @discardableResult func put(_ bytes: [UInt8], as oid: ContentHash? = nil) -> Pointer {
        let oid = oid ?? ContentHash(of: bytes)
        state.withLock { $0.files[oid.hex] = bytes }
        return Pointer(oid: oid, size: Int64(bytes.count))
    }

    /// How often something was asked.
    func count(_ kind: Kind) -> Int { state.withLock { $0.questions.count { $0.kind == kind } } }

    /// What was asked, in order.
    func questions(_ kind: Kind) -> [Question] { state.withLock { $0.questions.filter { $0.kind == kind } } }

    func bytes(_ file: Pointer) -> [UInt8]? { state.withLock { $0.files[file.oid.hex] } }

    private func answer(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        let parts = request.target.split(separator: "/").map(String.init)
        let oid = parts.last.map { String($0.prefix(64)) } ?? ""
        let kind: Kind =
            switch (request.method, parts.first ?? "") {
            case ("GET", "files"): .get
            case ("PUT", "files"): .put
            case ("POST", "verify"): .verify
            case ("POST", _) where request.target == "/r.git/info/lfs/objects/batch": .batch
            case ("POST", _) where request.target == "/r.git/info/lfs/locks/verify": .locks
            default: .other
            }
        let question = state.withLock { state in
            state.counts["\(kind) \(oid)", default: 0] += 1
            let count = state.counts["\(kind) \(oid)"] ?? 0
            let question = Question(kind: kind, request: request, count: count, oid: oid)
            state.questions.append(question)
            return question
        }
        if let steps = fault(question, self) { return steps }
        switch kind {
        case .batch: return batch(request)
        case .get: return get(request, oid)
        case .put:
            guard ContentHash(of: request.body).hex == oid || request.bodyLength > 1 << 20 else {
                return .json(#"{"message":"other bytes"}"#, status: 422)
            }
            state.withLock { $0.files[oid] = request.body }
            return .reply()
        case .verify: return .reply(state.withLock { $0.files[oid] == nil } ? 404 : 200)
        case .locks: return .json(#"{"ours":[],"theirs":[]}"#)
        case .other: return .reply(404)
        }
    }

    func get(_ request: LoopbackServer.Request, _ oid: String) -> [LoopbackServer.Step] {
        guard let bytes = state.withLock({ $0.files[oid] }) else { return .reply(404) }
        guard let range = request.header("Range") else { return .reply(200, [], body: bytes) }
        let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2, ends[0] < bytes.count else { return .reply(416) }
        let part = bytes[ends[0]...min(ends[1], bytes.count - 1)]
        let header = "bytes \(ends[0])-\(part.endIndex - 1)/\(bytes.count)"
        return .reply(206, [("Content-Range", header)], body: Array(part))
    }

    /// The answer to a batch, as it should be.
    func batch(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        guard let values = try? JSON.parse(request.body), let objects = values["objects"]?.asArray else {
            return .reply(422)
        }
        let operation = values["operation"]?.asString ?? ""
        state.withLock { $0.largestBatch = max($0.largestBatch, objects.count) }
        let answers = objects.map { object -> JSON in
            var answer = object.asObject ?? JSONObject()
            let oid = object["oid"]?.asString ?? ""
            let isHere = state.withLock { $0.files[oid] != nil }
            if operation == "download" {
                if isHere {
                    answer["actions"] = ["download": ["href": .string("\(url)/files/\(oid)")]]
                } else {
                    answer["error"] = ["code": 404, "message": "not here"]
                }
            } else if !isHere {
                var actions: JSONObject = ["upload": ["href": .string("\(url)/files/\(oid)")]]
                if verifies { actions["verify"] = ["href": .string("\(url)/verify/\(oid)")] }
                answer["actions"] = .object(actions)
            }
            change(&answer, self)
            return .object(answer)
        }
        return .json(JSON.object(["transfer": "basic", "objects": .array(answers)]).description)
    }
}

extension LFSHost {
    /// A client of it that is not patient.
    func client(
        pause: Duration = .milliseconds(1), standstill: Duration = .seconds(60), web: WebClient? = nil,
        width: Int = LFSClient.usualWidth,
        authenticate: @escaping LFSClient.Authenticate = { (_, _) throws(NetworkError) in nil }
    ) throws -> LFSClient {
        var patience = LFSPatience()
        patience.first = pause
        patience.longest = pause * 4
        patience.standstill = standstill
        return LFSClient(
            download: try endpoint, upload: try endpoint, web: web ?? WebClient(settings: NetworkSettings([])),
            authenticate: authenticate, patience: patience, width: width)
    }
}

/// Calls `body` with an empty store.
func withBlobs<Result>(_ body: (BlobStore) throws -> Result) throws -> Result {
    try withTemporaryDirectory { try body(BlobStore.create(at: $0.appending("lfs"))) }
}

extension BlobStore {
    /// Puts bytes here.
    @discardableResult func add(_ bytes: [UInt8]) throws -> Pointer {
        let batch = try beginBatch(durable: false)
        let put = try batch.put(bytes: bytes)
        try batch.commit()
        return put.pointer
    }
}

/// The error that a call throws.
func networkError<Value>(_ body: () throws -> Value) -> NetworkError? {
    do { _ = try body() } catch { return error as? NetworkError }
    return nil
}
