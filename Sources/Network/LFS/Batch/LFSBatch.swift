import Blobs
import Catalog
import Digest
import HTTP

/// The question what is to be done with some files, and its answer.
struct LFSBatch: Sendable {
    let operation: TransferDirection
    /// The name of the branch that it is about; nil where it is about none.
    let reference: String?
    let files: [Pointer]

    /// So many files are asked for at once, at most.
    static let limit = 100
    /// More than any server has to say of so many.
    static let answerLimit = 8 << 20

    /// The question as it is sent.
    var body: [UInt8] {
        var values: JSONObject = [
            "operation": .string(operation.rawValue), "transfers": ["basic"], "hash_algo": "sha256",
            "objects": .array(files.map { ["oid": .string($0.oid.hex), "size": .integer($0.size)] }),
        ]
        if let reference { values["ref"] = ["name": .string(reference)] }
        return JSON.object(values).compact()
    }

    /// Reads the answer: for each file what the server says of it, in the order of the files.
    func read(_ body: [UInt8], _ head: HTTPResponse) throws(NetworkError) -> [LFSObject] {
        let host = head.url.place
        func failure(_ why: String) -> NetworkError {
            NetworkError(
                .refused, "\(host) does not answer as a git-lfs server: \(why)",
                hint: "look whether `git config lfs.url` is right; else whoever runs the server has to look at it")
        }
        let values: JSON
        do throws(JSONError) { values = try JSON.parse(body, limit: Self.answerLimit) } catch {
            throw head.isPage
                ? NetworkError.page(host) : failure("its answer is no JSON (\(error.line):\(error.column))")
        }
        if let transfer = values["transfer"]?.asString, !["", "basic"].contains(transfer) {
            throw failure(
                "it wants files to go by “\(Words.line(transfer, atMost: 40))”, which it was not asked for")
        }
        if let algorithm = values["hash_algo"]?.asString, !["", "sha256"].contains(algorithm) {
            throw failure("it names files by “\(Words.line(algorithm, atMost: 40))” instead of sha256")
        }
        guard let objects = values["objects"]?.asArray else { throw failure("it says nothing of the files") }
        var found: [ContentHash: LFSObject] = [:]
        let wanted = Dictionary(files.map { ($0.oid, $0) }) { first, _ in first }
        for object in objects {
            guard let text = object["oid"]?.asString, let oid = ContentHash(hex: text), let file = wanted[oid]
            else {
                throw failure("it speaks of a file that it was not asked about")
            }
            found[oid] = self.object(object, of: file, at: head.url, date: head.headers.date)
        }
        return files.map { found[$0.oid] ?? Self.unsaid($0, at: host) }
    }

    private static func unsaid(_ file: Pointer, at host: String) -> LFSObject {
        LFSObject(file: file, problem: LFSProblem("\(host) says nothing of the file \(file.oid)"))
    }

    private func object(_ values: JSON, of file: Pointer, at server: HTTPURL, date: Int64?) -> LFSObject {
        let host = server.place
        var object = LFSObject(file: file, isAuthenticated: values["authenticated"]?.asBool == true)
        if let error = values["error"], error != .null {
            object.problem = problem(error, of: file, at: host)
        } else if let size = values["size"]?.asInteger, size != file.size {
            let words = "\(host) speaks of \(size) bytes of the file \(file.oid), which has \(file.size)"
            object.problem = operation == .download ? LFSProblem(.damaged) : LFSProblem(words)
        } else {
            do throws(LFSProblem) {
                for entry in values["actions"]?.asObject?.entries ?? [] where entry.value != .null {
                    object.actions[entry.key] = try LFSAction(entry.value, at: server, date: date)
                }
            } catch { object.problem = error }
        }
        return object
    }

    private func problem(_ error: JSON, of file: Pointer, at host: String) -> LFSProblem {
        let code = Int(error["code"]?.asInteger ?? 0)
        let message = error["message"]?.asString
        switch code {
        case 404, 410:
            if operation == .download { return LFSProblem(.missing) }
            fallthrough
        default:
            let words = Words.line(message ?? "", atMost: 200)
            let said = words.isEmpty ? "error \(code)" : "\(words) (\(code))"
            let text = "\(host) says of the file \(file.oid): \(said)"
            if Words.tellLimit(words, status: code) { return LFSProblem(.failed(.full(text, status: code))) }
            return LFSProblem(.failed(NetworkError(.of(status: code), text, hint: .hint(status: code))))
        }
    }
}
