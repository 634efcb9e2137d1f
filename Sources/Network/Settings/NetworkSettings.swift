public import Files
public import Git

/// What git's configuration says about the network: the machine's files, the person's, the store's, and the environment.
public struct NetworkSettings: Sendable {
    /// All lines, the weakest first: of several the last counts.
    let lines: [Setting]
    /// The variables that git and the programs it starts see.
    let environment: [String: String]
    /// The folder whose configuration is in it too, where `git` is to be run for it.
    let repository: FilePath?

    /// Takes the lines of a configuration in git's order: the machine's, the person's, the store's.
    ///
    /// - Parameters:
    ///   - environment: the variables that git would see. Those that git and curl know weigh more than a line, as with git;
    ///     without any, programs such as `git credential` are run without one.
    ///   - repository: the repository for which `git credential` is asked.
    public init(_ lines: [Setting], environment: [String: String] = [:], repository: FilePath? = nil) {
        self.lines = lines
        self.environment = environment
        self.repository = repository
    }

    /// Reads git's configuration of all levels, for a store's repository or for none yet.
    public init(reading environment: [String: String], repository: FilePath?) throws(NetworkError) {
        do throws(GitError) {
            self.init(
                try Configuration.lines(of: repository, environment: environment), environment: environment,
                repository: repository)
        } catch {
            throw NetworkError(.local, "git's configuration cannot be read: \(error.description)")
        }
    }

    /// The same with an address that stands in no file yet, as where a store is cloned from: a name and a password in it count
    /// as they do in the address of a remote.
    public func including(address: String) -> NetworkSettings {
        // No remote that git lets anybody make has such a name.
        NetworkSettings(
            lines + [Setting(name: "remote..url", value: address)], environment: environment, repository: repository
        )
    }

    /// The value of a setting, the last where it is written several times; section and variable are in small letters.
    public subscript(_ name: String) -> String? { lines.last { $0.name == name }?.value }

    /// What a setting says where it is read as yes or no; nil where it is not set, or says neither.
    public func flag(_ name: String) -> Bool? { self[name].flatMap(Setting.flag) }

    /// What a setting says where it is read as a number; nil where it is not set, or is none.
    public func number(_ name: String) -> Int? { self[name].flatMap(Setting.number) }

    /// How many files travel at once, as git-lfs is told: `lfs.concurrenttransfers`. At most 16, each of which may have a
    /// connection of its own; nil where nothing is said.
    var concurrentTransfers: Int? {
        number("lfs.concurrenttransfers").flatMap { $0 < 1 ? nil : min($0, 16) }
    }

    // MARK: For a URL

    /// What `<section>.<url>.<key>` and `<section>.<key>` say for a URL, in git's order: the last counts, unless the key is
    /// for a list. A line for a URL that fits less closely than one before it is left out.
    public func values(_ section: String, _ key: String, for url: String) -> [String] {
        scoped(section, key, for: url).map(\.value)
    }

    /// The one of those that counts.
    public func value(_ section: String, _ key: String, for url: String) -> String? {
        values(section, key, for: url).last
    }

    /// The same, each with whether it was given for a URL or for all.
    func scoped(_ section: String, _ key: String, for url: String) -> [(value: String, isForURL: Bool)] {
        guard let target = MatchedURL(url) else { return [] }
        let (start, end) = ("\(section).", ".\(key)")
        var best = MatchedURL.Closeness.none
        var values: [(value: String, isForURL: Bool)] = []
        for line in lines where line.name.hasPrefix(start) && line.name.hasSuffix(end) {
            let isForURL = line.name.utf8.count > start.utf8.count + key.utf8.count
            if !isForURL, line.name != "\(section).\(key)" { continue }
            let pattern = line.name.dropFirst(start.count).dropLast(end.count)
            let closeness =
                isForURL
                ? MatchedURL(String(pattern), isPattern: true).flatMap { target.closeness(of: $0) }
                : MatchedURL.Closeness.none
            guard let closeness, closeness >= best else { continue }
            best = closeness
            values.append((line.value, isForURL))
        }
        return values
    }

    /// Whether a line counts for some paths of a server and not for others.
    var dependsOnPath: Bool {
        lines.contains { line in
            guard let start = ["http.", "credential."].first(where: { line.name.hasPrefix($0) }),
                let end = line.name.lastIndex(of: ".")
            else { return false }
            let pattern = line.name.dropFirst(start.count)
            guard end > pattern.startIndex else { return false }
            return MatchedURL(String(line.name[pattern.startIndex..<end]), isPattern: true)?.hasPath == true
        }
    }

    // MARK: Rewriting

    /// An address as git rewrites it by `url.<base>.insteadOf`, and by `pushInsteadOf` where something is sent: the longest
    /// beginning that fits is replaced.
    public func rewritten(_ address: String, forPush: Bool = false) -> String {
        if forPush, let rewritten = rewritten(address, by: "pushinsteadof") { return rewritten }
        return rewritten(address, by: "insteadof") ?? address
    }

    private func rewritten(_ address: String, by key: String) -> String? {
        var best: (base: Substring, length: Int)?
        for line in lines where line.name.hasPrefix("url.") && line.name.hasSuffix(".\(key)") {
            let base = line.name.dropFirst("url.".count).dropLast(key.count + 1)
            let length = line.value.utf8.count
            guard address.utf8.starts(with: line.value.utf8), length > best?.length ?? -1 else { continue }
            best = (base, length)
        }
        guard let best else { return nil }
        return best.base + String(decoding: address.utf8.dropFirst(best.length), as: UTF8.self)
    }
}
