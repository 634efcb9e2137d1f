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
        let (section, variable) = Self.normalized(name)
        return try settings().last {
            let own = Self.normalized($0.name)
            return own.section == section && own.variable == variable
        }?.value
    }

    /// All settings, in the order of the file.
    public func settings() throws(GitError) -> [Setting] {
        try withConfiguration { (configuration) throws(GitError) in
            var iterator: OpaquePointer?
            try Libgit2.check(
                "git_config_iterator_new", about: path.string,
                git_config_iterator_new(&iterator, configuration.raw))
            defer { git_config_iterator_free(iterator) }
            var settings: [Setting] = []
            while true {
                var entry: UnsafeMutablePointer<git_config_entry>?
                let status = git_config_next(&entry, iterator)
                if status == GIT_ITEROVER.rawValue { return settings }
                try Libgit2.check("git_config_next", about: path.string, status)
                guard let entry, entry.pointee.include_depth == 0, let name = entry.pointee.name else { continue }
                // `[core] bare` without a value stands for true.
                let value = entry.pointee.value.map { String(cString: $0) } ?? "true"
                settings.append(Setting(name: String(cString: name), value: value))
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
    private static func normalized(_ name: String) -> (section: [UInt8], variable: [UInt8]) {
        let bytes = Array(name.utf8)
        let first = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.count
        let last = bytes.lastIndex(of: UInt8(ascii: ".")) ?? 0
        let lower = { (byte: UInt8) in UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte }
        return (bytes[..<first].map(lower) + bytes[first..<max(first, last)], bytes[last...].map(lower))
    }
}

extension Repository {
    /// The addresses of all remotes, as the settings say them.
    public func remoteAddresses() throws(GitError) -> [String] {
        try settings().filter { $0.name.hasPrefix("remote.") && $0.name.hasSuffix(".url") }.map(\.value)
    }
}
