import CGit2
import Files

/// One line of a repository's configuration.
public struct Setting: Hashable, Sendable {
    /// The whole name, section and variable in lower case: `core.bare`, `remote.origin.url`.
    public let name: String
    /// The value as written.
    public let value: String

    /// Creates a setting.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The repository's own configuration file. What it includes from elsewhere does not count: a repository that came
/// from somebody else must not be able to pull in other files.
extension Repository {
    /// The value of a setting, the last where it is written several times; nil when it is not set.
    public func setting(_ name: String) throws(GitError) -> String? {
        let wanted = Self.normalized(name)
        return try collect { entry in
            // libgit2 tells them with section and variable in lower case, and without a zero before the end.
            let name = UnsafePointer<CChar>(entry.name)
            let begins = wanted.indices.allSatisfy { UInt8(bitPattern: name?[$0] ?? 0) == wanted[$0] }
            return begins && name?[wanted.count] == 0 ? Self.value(of: entry) : nil
        }.last
    }

    /// All settings, in the order of the file.
    public func settings() throws(GitError) -> [Setting] {
        try collect { Setting(name: String(cString: $0.name), value: Self.value(of: $0)) }
    }

    /// `[core] bare` without a value stands for true.
    private static func value(of entry: git_config_entry) -> String {
        entry.value.map { String(cString: $0) } ?? "true"
    }

    private func collect<Value: Sendable>(_ take: (git_config_entry) -> Value?) throws(GitError) -> [Value] {
        try withConfiguration { (configuration) throws(GitError) in
            var iterator: OpaquePointer?
            try Libgit2.check(
                "git_config_iterator_new", about: path.string,
                git_config_iterator_new(&iterator, configuration.raw))
            defer { git_config_iterator_free(iterator) }
            var values: [Value] = []
            while true {
                var entry: UnsafeMutablePointer<git_config_entry>?
                let status = git_config_next(&entry, iterator)
                if status == GIT_ITEROVER.rawValue { return values }
                try Libgit2.check("git_config_next", about: path.string, status)
                guard let entry, entry.pointee.include_depth == 0, entry.pointee.name != nil else { continue }
                if let value = take(entry.pointee) { values.append(value) }
            }
        }
    }

    private func withConfiguration<R: Sendable>(
        _ body: (borrowing Handle<ConfigurationHandle>) throws(GitError) -> R
    ) throws(GitError) -> R {
        try withHandles { (handles) throws(GitError) in
            let all = try Handle<ConfigurationHandle>("git_repository_config", about: path.string) {
                git_repository_config(&$0, handles.repository.raw)
            }
            let local = try Handle<ConfigurationHandle>("git_config_open_level", about: path.string) {
                git_config_open_level(&$0, all.raw, GIT_CONFIG_LEVEL_LOCAL)
            }
            return try body(local)
        }
    }

    /// A name with its section and variable in lower case; what stands between them (a remote's name) is kept.
    private static func normalized(_ name: String) -> [UInt8] {
        let bytes = Array(name.utf8)
        let first = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
        let last = bytes.lastIndex(of: UInt8(ascii: ".")) ?? 0
        let lower = { (byte: UInt8) in UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte }
        return bytes[..<first].map(lower) + bytes[first..<max(first, last)] + bytes[last...].map(lower)
    }
}

extension Repository {
    /// The addresses of all remotes, as the settings say them.
    public func remoteAddresses() throws(GitError) -> [String] {
        try settings().filter { $0.name.hasPrefix("remote.") && $0.name.hasSuffix(".url") }.map(\.value)
    }
}
