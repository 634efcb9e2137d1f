import Blobs
import Digest
import Files
import Glibc

/// Serves the files of a repository to git-lfs and to Offbeat: `git-lfs-transfer`, version 1, as ssh starts it.
///
/// Nothing that comes is trusted: names, sizes, lengths and order are checked, no path is ever made of what is sent, and a
/// client that goes in the middle leaves nothing. Before a file is said to be taken it is durable; clients that do not wait
/// for each answer have many made durable at once.
public final class TransferServer {
    let shelf: any TransferShelf
    let locks: TransferLocks?
    let direction: TransferDirection
    let reader: PacketReader
    let writer: PacketWriter
    private let pipe: TransferPipe
    /// Files that have come and are not durable, and what was asked about them since: each is answered when they are.
    var pending: [Pending] = []

    /// What waits until files are durable.
    enum Pending {
        case put(Pointer)
        case verify
    }

    /// Prepares to serve.
    ///
    /// - Parameters:
    ///   - shelf: the files.
    ///   - locks: who has locked what; nil where nobody can.
    ///   - direction: which way files may go; locks are for those who may upload.
    ///   - input: the descriptor where the client is heard.
    ///   - output: the one where it is answered. A client that has gone must not be a signal to this process.
    public init(
        _ shelf: any TransferShelf, locks: TransferLocks?, direction: TransferDirection, input: Int32 = 0,
        output: Int32 = 1
    ) {
        self.shelf = shelf
        self.locks = locks
        self.direction = direction
        let pipe = TransferPipe(input: input, output: output)
        self.pipe = pipe
        reader = PacketReader { (buffer) throws(NetworkError) in try pipe.read(into: buffer) }
        writer = PacketWriter { (bytes) throws(NetworkError) in try pipe.write(bytes) }
    }

    /// Serves until the client says that it has done, or goes.
    ///
    /// - Throws: what the client did that leaves nothing to be said.
    public func serve() throws(NetworkError) {
        defer { shelf.end() }
        // Answers go out when nothing is left to be read: until then files wait to be made durable together.
        pipe.onIdle = { [unowned self] () throws(NetworkError) in
            try self.settle()
            try self.writer.send()
        }
        try writer.message(["version=1"] + (locks == nil ? [] : ["locking"]))
        do throws(NetworkError) {
            while let request = try readRequest(), try answer(request) {}
            try settle()
            try writer.send()
        } catch {
            // What is whole is kept, though perhaps nobody hears of it.
            try? settle()
            // Where the next message begins is not known any more.
            if error.code == .refused { try? respond(400, saying: error.message) }
            try? writer.send()
            throw error
        }
    }

    /// Answers a request; false after the last.
    private func answer(_ request: TransferRequest) throws(NetworkError) -> Bool {
        switch request.name {
        case "put-object": try put(request)
        case "verify-object": try verify(request)
        default:
            try settle()
            switch request.name {
            case "version": try version(request)
            case "batch": try batch(request)
            case "get-object": try get(request)
            case "lock": try lock(request)
            case "list-lock", "list-locks": try listLocks(request)
            case "unlock": try unlock(request)
            case "quit":
                try drain(request)
                try respond(200)
                return false
            default:
                try drain(request)
                try respond(400, saying: "unknown command")
            }
        }
        return true
    }

    private func version(_ request: TransferRequest) throws(NetworkError) {
        try drain(request)
        if request.words == ["1"] { try respond(200) } else { try respond(400, saying: "only version 1 is spoken") }
    }

    // MARK: Requests

    private static let argumentLimit = 64

    /// Reads a request up to its body; nil where the client has gone between two of them.
    private func readRequest() throws(NetworkError) -> TransferRequest? {
        var lines: [String] = []
        while true {
            switch try reader.next() {
            case .data(let bytes):
                guard lines.count <= Self.argumentLimit, bytes.count <= 8192 else {
                    throw NetworkError(.refused, "a request has more arguments than any needs")
                }
                lines.append(PacketReader.text(bytes))
            case .flush: return TransferRequest(lines, hasBody: false)
            case .delimiter: return TransferRequest(lines, hasBody: true)
            case .end:
                if lines.isEmpty { return nil }
                throw NetworkError(.offline, "the client has gone in the middle of a request")
            }
        }
    }

    /// Reads a body to its end.
    func readBody(
        _ request: TransferRequest, _ take: (UnsafeRawBufferPointer) throws(NetworkError) -> Void
    ) throws(NetworkError) {
        guard request.hasBody else { return }
        while true {
            switch try reader.next() {
            case .data(let bytes): try take(bytes)
            case .flush: return
            case .delimiter: throw NetworkError(.refused, "a request is in more than two parts")
            case .end: throw NetworkError(.offline, "the client has gone in the middle of a request")
            }
        }
    }

    /// Drops a body that nobody wants.
    func drain(_ request: TransferRequest) throws(NetworkError) {
        try readBody(request) { (_) throws(NetworkError) in }
    }

    // MARK: Answers

    /// Answers with a status, and with a line for a person where there is one.
    func respond(_ status: Int, _ arguments: [String] = [], saying line: String? = nil) throws(NetworkError) {
        try writer.line("status \(status)")
        for argument in arguments { try writer.line(argument) }
        // Of what is refused clients expect a second part.
        if line != nil || status >= 400 { writer.delimiter() }
        if let line { try writer.line(line) }
        writer.flush()
    }

    /// Answers that something went wrong here.
    func respond(_ error: any Error) throws(NetworkError) {
        let (status, line) = Self.status(of: error)
        try respond(status, saying: line)
    }

    static func status(of error: any Error) -> (Int, String) {
        switch error {
        case let error as BlobError:
            switch error.code {
            case .noSpace, .overQuota: (507, error.message)
            case .denied: (403, error.message)
            default: (500, error.message)
            }
        case let error as FileError:
            (error.isOutOfSpace ? 507 : error.isDenied ? 403 : 500, error.description)
        default: (500, "\(error)")
        }
    }
}

/// What a client asks for.
struct TransferRequest {
    let name: String
    /// What follows the name in its line.
    let words: [String]
    private let arguments: [String: String]
    /// Whether there is more to it, which has to be read.
    let hasBody: Bool

    init(_ lines: [String], hasBody: Bool) {
        let line = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        name = line.first ?? ""
        words = Array(line.dropFirst())
        var arguments: [String: String] = [:]
        for text in lines.dropFirst() {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { arguments[String(parts[0])] = String(parts[1]) }
        }
        self.arguments = arguments
        self.hasBody = hasBody
    }

    subscript(_ name: String) -> String? { arguments[name] }

    /// The size that it names: digits and nothing else.
    var size: Int64? { self["size"].flatMap(Self.size) }

    static func size(_ text: some StringProtocol) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }

    /// The hash that it names as its one word.
    var oid: ContentHash? { words.count == 1 ? ContentHash(hex: words[0]) : nil }
}
