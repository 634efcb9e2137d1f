/// What the environment adds to git's configuration: what `git -c` hands to the programs that it starts, and the numbered
/// variables of `GIT_CONFIG_COUNT`.
struct ConfigurationVariables {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    func lines() throws(GitError) -> [Setting] { try counted() + quoted() }

    private func counted() throws(GitError) -> [Setting] {
        guard let text = environment["GIT_CONFIG_COUNT"], !text.isEmpty else { return [] }
        guard let count = Int(text), 0...10_000 ~= count else { throw Self.bogus("GIT_CONFIG_COUNT") }
        var lines: [Setting] = []
        for number in 0..<count {
            guard let name = environment["GIT_CONFIG_KEY_\(number)"].flatMap(Setting.normalized),
                let value = environment["GIT_CONFIG_VALUE_\(number)"]
            else { throw Self.bogus("GIT_CONFIG_KEY_\(number) or GIT_CONFIG_VALUE_\(number)") }
            lines.append(Setting(name: name, value: value))
        }
        return lines
    }

    /// `'name=value' 'name'='value' 'name'`, as a shell quotes.
    private func quoted() throws(GitError) -> [Setting] {
        let variable = "GIT_CONFIG_PARAMETERS"
        var rest = Substring(environment[variable] ?? "")
        var lines: [Setting] = []
        while true {
            rest = rest.drop { $0 == " " }
            if rest.isEmpty { return lines }
            guard let word = Self.word(from: &rest) else { throw Self.bogus(variable) }
            var (name, value) = (word, "true")
            if rest.first == "=" {
                rest.removeFirst()
                value = rest.first == "'" ? Self.word(from: &rest) ?? "" : ""
            } else if let sign = word.firstIndex(of: "=") {
                name = String(word[..<sign])
                value = String(word[word.index(after: sign)...])
            }
            guard let name = Setting.normalized(name) else { throw Self.bogus(variable) }
            lines.append(Setting(name: name, value: value))
        }
    }

    private static func word(from rest: inout Substring) -> String? {
        var word = ""
        guard rest.first == "'" else { return nil }
        while rest.first == "'" {
            rest.removeFirst()
            let piece = rest.prefix { $0 != "'" }
            word += piece
            rest = rest[piece.endIndex...]
            guard rest.first == "'" else { return nil }
            rest.removeFirst()
            // A quotation mark or an exclamation mark of the word stands outside of the quotation, behind a backslash.
            if rest.first == "\\", let mark = rest.dropFirst().first, rest.dropFirst(2).first == "'" {
                word.append(mark)
                rest.removeFirst(2)
            }
        }
        return word
    }

    private static func bogus(_ variable: String) -> GitError {
        GitError(
            .invalid, "git's configuration in the environment is wrong", call: "environment", subject: variable)
    }
}

extension Setting {
    /// A name with its section and variable in lower case; what stands between them (a remote's name) is kept. nil where it
    /// has no section.
    static func normalized(_ name: String) -> String? {
        guard let first = name.utf8.firstIndex(of: UInt8(ascii: ".")),
            let last = name.utf8.lastIndex(of: UInt8(ascii: "."))
        else { return nil }
        let lower = { (byte: UInt8) in UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte }
        let bytes = name.utf8[..<first].map(lower) + name.utf8[first..<last] + name.utf8[last...].map(lower)
        return String(decoding: bytes, as: UTF8.self)
    }
}
