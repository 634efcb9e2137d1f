import Files

/// Reads files of git's configuration with what they include.
struct ConfigurationWalk {
    /// As deep as git goes.
    private static let depthLimit = 10

    let repository: FilePath?
    let home: FilePath?
    /// What was read so far.
    var lines: [Setting] = []

    init(repository: FilePath?, home: FilePath?) {
        self.repository = repository
        self.home = home
    }

    /// Reads a file where there is one, and at each include what that names.
    mutating func read(_ file: FilePath, depth: Int = 0) throws(GitError) {
        guard depth <= Self.depthLimit else {
            throw GitError(
                .invalid, "the configuration includes itself, or is included too deeply", call: "include",
                subject: file.string)
        }
        for line in try Self.lines(of: file) {
            lines.append(line)
            guard let path = included(by: line, in: file) else { continue }
            try read(path, depth: depth + 1)
        }
    }

    // MARK: Including

    private func included(by line: Setting, in file: FilePath) -> FilePath? {
        let isPlain = line.name == "include.path"
        if !isPlain {
            guard line.name.hasPrefix("includeif."), line.name.hasSuffix(".path") else { return nil }
            let condition = String(line.name.dropFirst("includeif.".count).dropLast(".path".count))
            guard holds(condition, in: file) else { return nil }
        }
        guard !line.value.isEmpty, let path = expanded(line.value) else { return nil }
        return path.isAbsolute ? path : file.parent.appending(path)
    }

    /// A path with `~/` as the home. That of others (`~name/`) is left out.
    private func expanded(_ path: String) -> FilePath? {
        if path.hasPrefix("~/") { return home.map { $0.appending(FilePath(String(path.dropFirst(2)))) } }
        return path.hasPrefix("~") ? nil : FilePath(path)
    }

    private func holds(_ condition: String, in file: FilePath) -> Bool {
        guard let colon = condition.firstIndex(of: ":") else { return false }
        let pattern = String(condition[condition.index(after: colon)...])
        switch condition[..<colon] {
        case "gitdir": return isRepository(below: pattern, in: file, ignoringCase: false)
        case "gitdir/i": return isRepository(below: pattern, in: file, ignoringCase: true)
        case "onbranch":
            guard let branch else { return false }
            return Wildcard(pattern.hasSuffix("/") ? pattern + "**" : pattern).matches(branch)
        case "hasconfig": return hasRemote(pattern)
        default: return false
        }
    }

    private func isRepository(below pattern: String, in file: FilePath, ignoringCase: Bool) -> Bool {
        guard let repository else { return false }
        var pattern = pattern
        if pattern.hasPrefix("~/") {
            guard let home else { return false }
            pattern = home.string + pattern.dropFirst(1)
        } else if pattern.hasPrefix("./") {
            pattern = file.parent.string + pattern.dropFirst(1)
        } else if !pattern.hasPrefix("/") {
            pattern = "**/" + pattern
        }
        if pattern.hasSuffix("/") { pattern += "**" }
        let wildcard = Wildcard(pattern, ignoringCase: ignoringCase)
        let places = [repository, (try? FileSystem.realPath(repository)) ?? repository]
        return places.contains { wildcard.matches($0.string) }
    }

    /// The branch that the repository is on, by its `HEAD`.
    private var branch: String? {
        guard let head = repository?.appending("HEAD"), let bytes = try? FileSystem.read(head, limit: 4_096) else {
            return nil
        }
        let text = String(decoding: bytes.prefix { $0 >= 0x20 }, as: UTF8.self)
        let start = "ref: refs/heads/"
        return text.hasPrefix(start) ? String(text.dropFirst(start.count)) : nil
    }

    /// Whether the repository has a remote of such an address; files that are only included this way count for nothing in it.
    private func hasRemote(_ pattern: String) -> Bool {
        let start = "remote.*.url:"
        guard pattern.hasPrefix(start), let repository else { return false }
        let wildcard = Wildcard(String(pattern.dropFirst(start.count)))
        let own = (try? Self.lines(of: repository.appending("config"))) ?? []
        return (lines + own).contains {
            $0.name.hasPrefix("remote.") && $0.name.hasSuffix(".url") && wildcard.matches($0.value)
        }
    }

    // MARK: Files

    /// More than anybody has.
    private static let sizeLimit = 1 << 24

    /// The lines that stand in the file itself.
    static func lines(of file: FilePath) throws(GitError) -> [Setting] {
        // What is no file, such as `/dev/null`, is there to say that there is none.
        guard let kind = try? FileSystem.status(of: file).kind, kind == .regular else { return [] }
        let bytes = try GitError.translating("read", about: file.string) { () throws(FileError) in
            try FileSystem.readIfExists(file, limit: sizeLimit)
        }
        var text = ConfigurationText(bytes ?? [])
        do { return try text.lines() } catch {
            throw GitError(.invalid, "line \(error.line) is not what git takes", call: "read", subject: file.string)
        }
    }
}
