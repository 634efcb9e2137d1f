/// Locks, as `git lfs lock` takes them.
extension TransferServer {
    private static let unknown = "locks are not kept here"

    func lock(_ request: TransferRequest) throws(NetworkError) {
        try drain(request)
        guard let locks else { return try respond(404, saying: Self.unknown) }
        guard direction == .upload else { return try respond(403, saying: "this connection is for downloads") }
        guard let path = request["path"], TransferLocks.isProper(path) else {
            return try respond(400, saying: "a lock needs a path")
        }
        do {
            switch try locks.take(path) {
            case .done(let lock): try respond(201, lock.arguments)
            case .taken(let lock): try respond(409, lock.arguments, saying: "\(lock.owner) has locked it")
            case .missing: try respond(404, saying: Self.unknown)
            }
        } catch let error as NetworkError { throw error } catch { try respond(error) }
    }

    func unlock(_ request: TransferRequest) throws(NetworkError) {
        try drain(request)
        guard let locks else { return try respond(404, saying: Self.unknown) }
        guard direction == .upload else { return try respond(403, saying: "this connection is for downloads") }
        guard request.words.count == 1 else { return try respond(400, saying: "which lock is to end?") }
        do {
            switch try locks.end(request.words[0], byForce: request["force"] == "true") {
            case .done(let lock): try respond(200, lock.arguments)
            case .taken(let lock): try respond(403, saying: "\(lock.owner) has locked it")
            case .missing: try respond(404, saying: "there is no such lock")
            }
        } catch let error as NetworkError { throw error } catch { try respond(error) }
    }

    func listLocks(_ request: TransferRequest) throws(NetworkError) {
        try drain(request)
        guard let locks else { return try respond(404, saying: Self.unknown) }
        let limit = request["limit"].flatMap { Int($0) } ?? 100
        do {
            let found = try locks.list(from: request["cursor"], limit: min(max(limit, 1), 100)) { lock in
                (request["path"] ?? lock.path) == lock.path && (request["id"] ?? lock.id) == lock.id
            }
            try writer.line("status 200")
            if let next = found.next { try writer.line("next-cursor=\(next)") }
            writer.delimiter()
            for lock in found.locks {
                try writer.line("lock \(lock.id)")
                try writer.line("path \(lock.id) \(lock.path)")
                try writer.line("locked-at \(lock.id) \(lock.time)")
                try writer.line("ownername \(lock.id) \(lock.owner)")
                try writer.line("owner \(lock.id) \(locks.isOwn(lock) ? "ours" : "theirs")")
            }
            writer.flush()
        } catch let error as NetworkError { throw error } catch { try respond(error) }
    }
}

extension TransferLocks.Lock {
    /// How an answer says what it is.
    fileprivate var arguments: [String] { ["id=\(id)", "path=\(path)", "locked-at=\(time)", "ownername=\(owner)"] }
}
