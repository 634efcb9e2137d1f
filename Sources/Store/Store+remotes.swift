import Git

/// A shared repository that this store is synced with, as git's configuration names it.
public struct Remote: Sendable, Hashable {
    /// What it is called here.
    public let name: String
    /// Where it is.
    public let url: String

    /// Names a remote.
    public init(name: String, url: String) {
        self.name = name
        self.url = url
    }

    /// Where it is, for a person: without a password that somebody has written into the URL with git.
    public var place: String {
        guard let scheme = url.firstRange(of: "://" as String) else { return url }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return url
        }
        return String(url[..<colon] + url[at...])
    }

    /// Whether a remote can have this name: its branches must have names that git takes.
    public static func isName(_ name: String) -> Bool {
        Repository.isReferenceName("refs/remotes/\(name)/main") && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.hasPrefix("-")
    }
}

extension Store {
    /// The remotes, in the order in which the configuration names them.
    public func remotes() throws(StoreError) -> [Remote] {
        let settings = try StoreError.wrapping("read", "the remotes") { () throws(GitError) in
            try repository.settings()
        }
        var found: [Remote] = []
        for setting in settings where setting.name.hasPrefix("remote.") && setting.name.hasSuffix(".url") {
            let name = String(setting.name.dropFirst("remote.".count).dropLast(".url".count))
            // Of several addresses git fetches from the first.
            if !found.contains(where: { $0.name == name }) { found.append(Remote(name: name, url: setting.value)) }
        }
        return found
    }

    /// Writes down a remote as `git remote add` does, or where it is now.
    ///
    /// - Parameters:
    ///   - endpoint: where git-lfs's server is, if git-lfs would not find it by itself.
    public func put(_ remote: Remote, endpoint: String? = nil) throws {
        try exclusively { writer in
            try changeConfiguration(writer) { () throws(GitError) in
                let section = "remote.\(remote.name)"
                try repository.set("\(section).fetch", to: "+refs/heads/*:refs/remotes/\(remote.name)/*")
                if let endpoint { try repository.set("\(section).lfsurl", to: endpoint) }
                try repository.set("\(section).url", to: remote.url)
            }
        }
    }

    /// Forgets a remote, and what it was last seen at: from now on it confirms nothing.
    public func forget(_ remote: Remote) throws {
        try exclusively { writer in
            let seen = "refs/remotes/\(remote.name)/"
            let references = try StoreError.wrapping("forget", "the remote \(remote.name)") { () throws(GitError) in
                try repository.references(prefix: seen)
            }
            defer { writer.announceDone() }
            for reference in references.map(\.name) {
                try writer.announce(.removal(reference))
                try StoreError.wrapping("forget", reference) { () throws(GitError) in
                    _ = try repository.deleteReference(reference)
                    // libgit2 does not look whether it could remove its lock.
                    _ = try repository.clearDeadLock(of: reference, intended: .zero, bootTime: context.bootTime)
                }
            }
            try changeConfiguration(writer) { () throws(GitError) in
                let own = try repository.settings().map(\.name).filter { $0.hasPrefix("remote.\(remote.name).") }
                for name in Set(own).sorted() { try repository.unset(name) }
            }
        }
    }
}
