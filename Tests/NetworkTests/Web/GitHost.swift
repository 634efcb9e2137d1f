import Files
import Git
import HTTP
import Network
import Synchronization
import TestSupport
import Testing

/// Git's own server over HTTP, with a repository at `/team/x.git` that has one version.
struct GitHost {
    let folder: FilePath
    let environment: [String: String]
    var repository: FilePath { folder.appending("root/team/x.git") }

    static func with<R>(_ body: (GitHost) throws -> R) throws -> R {
        try withTemporaryDirectory { folder throws in
            let host = GitHost(folder: folder, environment: hermeticEnvironment(home: folder))
            try host.git("init", "--quiet", "--bare", "--initial-branch=main", host.repository.string)
            try host.git("-C", host.repository.string, "config", "http.receivepack", "true")
            try host.commit("one", onto: nil)
            return try body(host)
        }
    }

    @discardableResult
    func git(_ words: String..., input: [UInt8] = []) throws -> [UInt8] {
        let said = try run(command: "git", arguments: words, environment: environment, input: input)
        try #require(said.status == 0, "git \(words): \(said.stderr)")
        return said.stdoutBytes
    }

    /// Makes a version in the repository, of which `main` knows only where `moves`; its id.
    @discardableResult
    func commit(_ text: String, onto parent: String?, moves: Bool = true, bytes: [UInt8] = []) throws -> String {
        func line(_ bytes: [UInt8]) -> String { String(String(decoding: bytes, as: UTF8.self).prefix(40)) }
        let place = "--git-dir=\(repository)"
        let blob = line(try git(place, "hash-object", "-w", "--stdin", input: Array(text.utf8) + bytes))
        let tree = line(try git(place, "mktree", input: Array("100644 blob \(blob)\ta\n".utf8)))
        let who = ["-c", "user.name=N", "-c", "user.email=e@e", place, "commit-tree", "-m", text, tree]
        let said = try run(
            command: "git", arguments: who + (parent.map { ["-p", $0] } ?? []), environment: environment)
        let id = line(said.stdoutBytes)
        if moves { try git(place, "update-ref", "refs/heads/main", id) }
        return id
    }

    /// A pack with what leads to a version, at `name` in the folder.
    func pack(_ id: String, without known: String?, named name: String) throws -> FilePath {
        let wanted = ([id] + (known.map { ["^\($0)"] } ?? [])).map { $0 + "\n" }.joined()
        let bytes = try git(
            "--git-dir=\(repository)", "pack-objects", "--revs", "--stdout", "--quiet", input: Array(wanted.utf8))
        let path = folder.appending(name)
        try FileSystem.write(bytes, to: path)
        return path
    }

    /// Answers as a web server does that has git's own program do it.
    func answer(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        let parts = request.target.split(separator: "?", maxSplits: 1).map(String.init)
        var variables = environment
        variables["GIT_PROJECT_ROOT"] = folder.appending("root").string
        variables["GIT_HTTP_EXPORT_ALL"] = "1"
        variables["REQUEST_METHOD"] = request.method
        variables["PATH_INFO"] = parts[0]
        variables["QUERY_STRING"] = parts.count > 1 ? parts[1] : ""
        variables["REMOTE_ADDR"] = "127.0.0.1"
        variables["CONTENT_TYPE"] = request.header("Content-Type")
        variables["CONTENT_LENGTH"] = request.header("Content-Length")
        variables["HTTP_CONTENT_ENCODING"] = request.header("Content-Encoding")
        guard
            let said = try? run(
                command: "git", arguments: ["http-backend"], environment: variables, input: request.body
            ).stdoutBytes,
            let end = said.firstRange(of: Array("\r\n\r\n".utf8))
        else { return .reply(500) }
        var (status, headers) = (200, [(String, String)]())
        for line in String(decoding: said[..<end.lowerBound], as: UTF8.self).split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
            if pair[0] == "Status" {
                status = Int(pair[1].prefix(3)) ?? 500
            } else {
                headers.append((String(pair[0]), String(pair[1])))
            }
        }
        return .reply(status, headers, body: Array(said[end.upperBound...]))
    }
}

extension WireChannel {
    /// All that is said until the end.
    func readAll(by size: Int = 1 << 14) throws -> [UInt8] {
        var (all, piece) = ([UInt8](), [UInt8](repeating: 0, count: size))
        while true {
            let count = try piece.withUnsafeMutableBytes { try read(into: $0) }
            if count == 0 { return all }
            all += piece[..<count]
        }
    }
}

/// A line as git writes it, with its length before it.
func packetLine(_ text: String) -> [UInt8] {
    let length = String(text.utf8.count + 4, radix: 16)
    return Array((String(repeating: "0", count: 4 - length.count) + length + text).utf8)
}
