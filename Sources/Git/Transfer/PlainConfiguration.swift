import Files

/// What a repository's own configuration says, and nothing that it includes.
///
/// For repositories that belong to others: git and libgit2 would follow `include.path` to any file of this computer.
struct PlainConfiguration {
    private let lines: [Setting]

    /// Reads `config` of the repository at a path; without one nothing is set.
    ///
    /// - Throws: `invalid` where git would not take it either.
    init(of repository: FilePath) throws(GitError) {
        lines = try ConfigurationWalk.lines(of: repository.appending("config"))
    }

    /// The value of `section.key` in small letters; the last one counts.
    subscript(_ key: String) -> String? { lines.last { $0.name == key }?.value }

    /// Whether it is switched on or off; nil where neither is said.
    func flag(_ key: String) -> Bool? { self[key].flatMap(Setting.flag) }
}
