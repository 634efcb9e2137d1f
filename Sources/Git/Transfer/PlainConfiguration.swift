import Files

/// What a repository's own configuration says, and nothing that it includes.
///
/// For repositories that belong to others: git and libgit2 would follow `include.path` to any file of this computer.
struct PlainConfiguration {
    /// Values by lower-case `section.key`; the last one counts. Subsections are left out.
    private var values: [String: String] = [:]

    /// Reads `config` of the repository at a path; without one nothing is set.
    init(of repository: FilePath) throws(FileError) {
        let bytes = try FileSystem.readIfExists(repository.appending("config"), limit: 1 << 20) ?? []
        self.init(text: String(decoding: bytes, as: UTF8.self))
    }

    init(text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = Self.trimmed(line)
            if line.first == "[" {
                section = Self.section(in: line)
            } else if let section, let first = line.first, first.isLetter {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let key = Self.trimmed(parts[0]).lowercased()
                // A key without a value means that it is so.
                values["\(section).\(key)"] = parts.count == 2 ? Self.value(parts[1]) : "true"
            }
        }
    }

    subscript(_ key: String) -> String? { values[key] }

    /// Whether it is switched on, in any of git's words for that.
    func isOn(_ key: String) -> Bool { isSwitched(key) ?? false }

    /// Whether it is switched on or off; nil where nothing is said.
    func isSwitched(_ key: String) -> Bool? {
        values[key].map { ["true", "yes", "on", "1"].contains($0.lowercased()) }
    }

    /// The name in `[core]`; nil for `[remote "origin"]`, of which nothing is asked here.
    private static func section(in line: Substring) -> String? {
        guard let end = line.firstIndex(of: "]") else { return nil }
        let name = line[line.index(after: line.startIndex)..<end]
        return name.contains("\"") ? nil : trimmed(name).lowercased()
    }

    private static func value(_ text: Substring) -> String {
        let plain = text.prefix { $0 != "#" && $0 != ";" }
        return trimmed(plain).filter { $0 != "\"" }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
