import Blobs
import Digest
import Files

/// The files: which of them there are, and how they come and go.
extension TransferServer {
    private static let batchLimit = 10_000

    /// Says of each file what can be done with it.
    func batch(_ request: TransferRequest) throws(NetworkError) {
        var files: [Pointer] = []
        var problem: (Int, String)?
        if let name = request["hash-algo"], name != "sha256" { problem = (400, "only sha256 is used here") }
        try readBody(request) { (bytes) throws(NetworkError) in
            let words = PacketReader.text(bytes).split(separator: " ")
            guard words.count >= 2, let oid = ContentHash(hex: words[0].utf8),
                let size = TransferRequest.size(words[1])
            else {
                problem = problem ?? (400, "a file is named otherwise than by its hash and size")
                return
            }
            if files.count == Self.batchLimit {
                problem = (413, "these are too many files at once")
            } else {
                files.append(Pointer(oid: oid, size: size))
            }
        }
        if let (status, line) = problem { return try respond(status, saying: line) }
        let present: Set<Pointer>
        do { present = try shelf.present(files) } catch { return try respond(error) }
        try writer.line("status 200")
        try writer.line("hash-algo=sha256")
        writer.delimiter()
        for file in files {
            let isDue = present.contains(file) == (direction == .download)
            try writer.line("\(file.oid.hex) \(file.size) \(isDue ? direction.rawValue : "noop")")
        }
        writer.flush()
    }

    /// Gives a file.
    func get(_ request: TransferRequest) throws(NetworkError) {
        try drain(request)
        guard let oid = request.oid else { return try respond(400, saying: "a file has no proper name") }
        var found: FileDescriptor?
        var size: Int64 = 0
        do {
            found = try shelf.open(oid)
            size = try found?.status().size ?? 0
        } catch { return try respond(error) }
        guard let file = found.take() else { return try respond(404, saying: "there is no file \(oid)") }
        if let wanted = request["size"], TransferRequest.size(wanted) != size {
            return try respond(404, saying: "the file \(oid) has another size")
        }
        try writer.line("status 200")
        try writer.line("size=\(size)")
        writer.delimiter()
        file.expectSequentialReading()
        try send(file, size)
        writer.flush()
    }

    private func send(_ file: borrowing FileDescriptor, _ size: Int64) throws(NetworkError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PacketWriter.dataLimit, alignment: 16)
        defer { buffer.deallocate() }
        var rest = size
        while rest > 0 {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(min(rest, Int64(buffer.count)))))
            let count: Int
            // Once a part has gone out nothing can be said but by ending.
            do throws(FileError) { count = try file.read(into: piece) } catch {
                throw NetworkError(.local, "\(error)")
            }
            guard count > 0 else { throw NetworkError(.local, "\(file.path) ends before its size") }
            try writer.data(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            rest -= Int64(count)
        }
    }

    // MARK: Taking

    /// How many files wait for each other, to be made durable together.
    private static let togetherLimit = 256

    /// Takes a file. It is answered when it is durable.
    func put(_ request: TransferRequest) throws(NetworkError) {
        guard direction == .upload else { return try refuse(request, 403, "this connection is for downloads") }
        guard let oid = request.oid, let size = request.size, size > 0, request.hasBody else {
            return try refuse(request, 400, "a file has no proper name or size")
        }
        let file = Pointer(oid: oid, size: size)
        var arrival: (any TransferArrival)?
        var failure: (any Error)?
        do { arrival = try shelf.begin(file) } catch { failure = error }
        var received: Int64 = 0
        try readBody(request) { (bytes) throws(NetworkError) in
            received += Int64(bytes.count)
            guard received <= size, let coming = arrival else { return arrival = nil }
            do { try coming.append(bytes) } catch { (failure, arrival) = (error, nil) }
        }
        if let failure { return try fail(failure) }
        do {
            guard received == size, try arrival?.finish() == true else {
                try settle()
                return try respond(400, saying: "what came for the file \(oid) is not what its name says")
            }
        } catch { return try fail(error) }
        pending.append(.put(file))
        if pending.count >= Self.togetherLimit { try settle() }
    }

    private func refuse(_ request: TransferRequest, _ status: Int, _ line: String) throws(NetworkError) {
        try drain(request)
        try settle()
        try respond(status, saying: line)
    }

    private func fail(_ error: any Error) throws(NetworkError) {
        try settle()
        try respond(error)
    }

    /// Looks whether a file is there that was put.
    func verify(_ request: TransferRequest) throws(NetworkError) {
        try drain(request)
        guard let oid = request.oid, let size = request.size else {
            try settle()
            return try respond(400, saying: "a file has no proper name or size")
        }
        let file = Pointer(oid: oid, size: size)
        let isComing = pending.contains { if case .put(file) = $0 { true } else { false } }
        if isComing { return pending.append(.verify) }
        try settle()
        do {
            if try shelf.present([file]).contains(file) { return try respond(200) }
        } catch { return try respond(error) }
        try respond(404, saying: "there is no file \(oid) of that size")
    }

    /// Makes durable what has come, and answers what waited for it.
    func settle() throws(NetworkError) {
        guard !pending.isEmpty else { return }
        let waiting = pending
        pending = []
        do { try shelf.commit() } catch {
            for _ in waiting { try respond(error) }
            return
        }
        for _ in waiting { try respond(200) }
    }
}
