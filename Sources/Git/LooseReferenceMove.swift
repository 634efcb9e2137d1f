import Files

/// Moves a reference that lies in a file of its own and has a reflog, as a branch that is moved often does.
///
/// It does what libgit2 does, under the same lock, but for one thing: libgit2 flushes each reflog and its folder, which takes
/// longer than all the rest. The reference itself is flushed, file and folder; a power cut may take the last lines of a reflog,
/// and what they would have told is what the reference stands at.
struct LooseReferenceMove {
    let name: String
    let from: ObjectID
    let to: ObjectID
    let message: String
    let person: Signature

    private static let sizeLimit = 4096

    /// Carries it out; false, and nothing done, where the reference does not lie like that.
    ///
    /// - Throws: `moved` when it stands elsewhere, `locked` when somebody else is moving it, `notFound` when the new object
    ///   does not exist.
    func attempt(in repository: Repository) throws(GitError) -> Bool {
        let file = repository.path.appending(name)
        guard let logs = try translating({ () throws(FileError) in try logs(in: repository) }),
            try translating({ () throws(FileError) in try Self.id(in: file) }) != nil
        else { return false }
        guard repository.contains(to) else {
            throw GitError(.notFound, "there is no object \(to)", call: "move reference", subject: name)
        }
        let lock = repository.lockPath(of: name)
        try take(lock)
        do throws(GitError) {
            let now = try translating { () throws(FileError) in try Self.id(in: file) }
            guard now == from else {
                throw GitError(.moved, "no longer at \(from)", call: "move reference", subject: name)
            }
            try translating { () throws(FileError) in
                for log in logs { try append(to: log) }
                try FileSystem.rename(lock, to: file)
            }
        } catch {
            _ = try? FileSystem.remove(lock)
            throw error
        }
        try translating { () throws(FileError) in try FileSystem.syncDirectory(file.parent) }
        return true
    }

    private func translating<R: ~Copyable>(_ body: () throws(FileError) -> R) throws(GitError) -> R {
        try GitError.translating("move reference", about: name, body)
    }

    /// The reflogs that the move belongs in; nil where one of them is still to be made.
    private func logs(in repository: Repository) throws(FileError) -> [FilePath]? {
        let folder = repository.path.appending("logs")
        var names = [name]
        let head = try FileSystem.readIfExists(repository.path.appending("HEAD"), limit: Self.sizeLimit) ?? []
        if head == Array("ref: \(name)\n".utf8) { names.append("HEAD") }
        let logs = names.map { folder.appending($0) }
        for log in logs {
            guard try FileSystem.statusIfExists(of: log, followingLinks: false)?.kind == .regular else {
                return nil
            }
        }
        return logs
    }

    /// What a reference's own file holds; nil where that is no id.
    private static func id(in file: FilePath) throws(FileError) -> ObjectID? {
        guard try FileSystem.statusIfExists(of: file, followingLinks: false)?.kind == .regular,
            let bytes = try FileSystem.readIfExists(file, limit: sizeLimit), bytes.last == UInt8(ascii: "\n")
        else { return nil }
        return ObjectID(hexBytes: bytes.dropLast())
    }

    /// Makes the lock, with what the reference's file is to hold.
    private func take(_ lock: FilePath) throws(GitError) {
        do throws(FileError) {
            let file = try FileDescriptor.open(lock, .write, create: .exclusive, mode: 0o666)
            do throws(FileError) {
                try file.write(all: Array("\(to.hex)\n".utf8))
                try file.sync()
            } catch {
                _ = try? FileSystem.remove(lock)
                throw error
            }
        } catch {
            guard error.code == .exists else { throw GitError(error, call: "move reference", subject: name) }
            throw GitError(
                .locked, "another program is changing this reference: \(lock) exists", call: "move reference",
                subject: name, path: lock.string)
        }
    }

    private func append(to log: FilePath) throws(FileError) {
        let file = try FileDescriptor.open(log, .write, append: true)
        let words = String(message.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) })
        try file.write(all: Array("\(from.hex) \(to.hex) \(person.line)\t\(words)\n".utf8))
    }
}
