/// Which of the programs it is that are used as ssh: what options it has. As git tells them apart.
enum SSHVariant: Sendable, Hashable {
    /// OpenSSH, or what takes its options.
    case openSSH
    /// PuTTY's programs for a terminal, and what takes their options.
    case plink
    /// PuTTY's program that has a window.
    case putty
    /// The one of TortoiseGit.
    case tortoisePlink
    /// Takes a host and a command, and no options.
    case simple

    /// Reads `ssh.variant` or `GIT_SSH_VARIANT`; nil for `auto`. A word that git does not know means OpenSSH.
    init?(setting: String) {
        switch setting {
        case "auto": return nil
        case "plink": self = .plink
        case "putty": self = .putty
        case "tortoiseplink": self = .tortoisePlink
        case "simple": self = .simple
        default: self = .openSSH
        }
    }

    /// Guesses by the name of a program; nil where only the program itself can tell.
    init?(program: String) {
        let name = program.split(separator: "/").last.map { $0.lowercased() } ?? ""
        switch name.hasSuffix(".exe") ? String(name.dropLast(4)) : name {
        case "ssh": self = .openSSH
        case "plink": self = .plink
        case "putty": self = .putty
        case "tortoiseplink": self = .tortoisePlink
        default: return nil
        }
    }

    /// The options that go before the host.
    ///
    /// What a command says earlier counts for OpenSSH, so that who has other wishes for the times says so in
    /// `core.sshCommand`.
    func options(port: UInt16?, mayAsk: Bool) throws(NetworkError) -> [String] {
        let number = port.map(String.init)
        switch self {
        case .openSSH:
            return (mayAsk ? [] : ["-o", "BatchMode=yes"])
                + ["-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=2"]
                + (number.map { ["-p", $0] } ?? [])
        case .plink: return (mayAsk ? [] : ["-batch"]) + (number.map { ["-P", $0] } ?? [])
        case .putty: return number.map { ["-P", $0] } ?? []
        case .tortoisePlink: return ["-batch"] + (number.map { ["-P", $0] } ?? [])
        case .simple:
            guard number == nil else {
                throw NetworkError(
                    .local, "the configured ssh command cannot be told a port",
                    hint: "if it takes ssh's options, say so: git config ssh.variant ssh")
            }
            return []
        }
    }
}
