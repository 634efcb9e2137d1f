import Processes

/// What is run where git would run ssh.
struct SSHCommand: Sendable, Hashable {
    /// The line that a shell reads, or the name of a program.
    private let text: String
    private let isForShell: Bool
    /// What the settings say it is; nil where it is guessed.
    let variant: SSHVariant?

    /// Chooses as git does: `GIT_SSH_COMMAND`, `core.sshCommand`, `GIT_SSH`, and `ssh` where nobody has said anything.
    init(settings: NetworkSettings, environment: [String: String]) {
        if let line = environment["GIT_SSH_COMMAND"] ?? settings["core.sshcommand"], !line.isEmpty {
            (text, isForShell) = (line, true)
        } else {
            (text, isForShell) = (environment["GIT_SSH"].flatMap { $0.isEmpty ? nil : $0 } ?? "ssh", false)
        }
        if let word = environment["GIT_SSH_VARIANT"] ?? settings["ssh.variant"] {
            variant = SSHVariant(setting: word) ?? SSHVariant(program: Self.program(text, isForShell))
        } else {
            variant = SSHVariant(program: Self.program(text, isForShell))
        }
    }

    /// The program and its arguments.
    func words(_ arguments: [String]) -> [[UInt8]] {
        let command = isForShell ? ["sh", "-c", "\(text) \"$@\"", "sh"] : [text]
        return (command + arguments).map { Array($0.utf8) }
    }

    /// What a person knows the program by.
    var name: String { Self.program(text, isForShell) }

    private static func program(_ text: String, _ isForShell: Bool) -> String {
        guard isForShell else { return text }
        guard let words = try? CommandTemplate(parsing: text).words, let first = words.first else { return text }
        return String(decoding: first, as: UTF8.self)
    }
}

/// How words are written for the shell at the other end.
enum RemoteQuoting {
    /// As git quotes a path: between single quotes, those and exclamation marks aside.
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''").replacing("!", with: "'\\!'") + "'"
    }

    /// As git-lfs writes a path: plainly. Quoted is only what the shell would read as something else; a home at the
    /// beginning stays for it to find.
    static func plain(_ text: String) -> String {
        if isPlain(text[...]) { return text }
        let home = text.prefix { $0 != "/" }
        let rest = text.dropFirst(home.count + 1)
        guard home.hasPrefix("~"), isPlain(home.dropFirst()) else { return quoted(text) }
        return isPlain(rest) ? text : "\(home)/\(quoted(String(rest)))"
    }

    private static func isPlain(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: ","):
                true
            default: false
            }
        }
    }
}

extension String {
    /// The text with each of a character's places taken by another text.
    fileprivate func replacing(_ character: Character, with other: String) -> String {
        reduce(into: "") { $0 += $1 == character ? other : String($1) }
    }
}
