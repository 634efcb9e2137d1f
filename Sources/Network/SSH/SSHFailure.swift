import Processes

/// Why a command on another computer did not end in order, as ssh's status and its words on standard error tell.
struct SSHFailure {
    private let ending: Program.Ending
    private let complaints: [String]
    private let call: SSHCall

    init(_ outcome: Program.Outcome, _ call: SSHCall) {
        ending = outcome.ending
        complaints = outcome.complaints
        self.call = call
    }

    /// The statuses by which a shell says that it knows no such program, or cannot run it.
    private static let noCommand: Set<Int32> = [126, 127]
    /// The status by which ssh says that it is the one that complains.
    private static let ofItself: Int32 = 255

    /// Whether the server let us in, and has no such program or allows none but git's.
    var isNoCommand: Bool {
        guard case .exited(let status) = ending, status != 0, !isOfShellHere else { return false }
        return Self.noCommand.contains(status)
            || line(with: ["\(call.program): not found", "command not found"]) != nil
            || line(with: Self.otherCommands) != nil
    }

    /// What `git-shell` and the shells of git's hosts say about programs that they do not know.
    private static let otherCommands = [
        "unrecognized command", "unknown command", "unknown git command", "invalid command", "disallowed command",
        "could not find a command extension",
    ]

    /// Whether it is the shell on this computer that does not find what is configured: it does not name the program there.
    private var isOfShellHere: Bool {
        guard case .exited(let status) = ending, Self.noCommand.contains(status) else { return false }
        let named = complaints.contains { $0.contains(call.program) }
        return !named && complaints.contains { $0.hasPrefix("sh: ") || $0.contains("/sh: ") }
    }

    /// The first line that has one of these in it, in small letters.
    private func line(with words: [String]) -> String? {
        complaints.first { line in
            let lowered = line.lowercased()
            return words.contains { lowered.contains($0) }
        }
    }

    // MARK: What it means

    var error: NetworkError {
        switch ending {
        case .signalled(let signal):
            return NetworkError(.stopped, "ssh was ended by signal \(signal)")
        case .exited(Self.ofItself): return ofSSH ?? cutOff
        case .exited(let status):
            if isOfShellHere {
                return NetworkError(
                    .local, "ssh cannot be started: \(complaints.last ?? "")", hint: "look at core.sshCommand")
            }
            // plink and others have no status of their own for what ssh says by 255.
            return line(with: ["fatal error: "]) == nil ? ofCommand(status) : ofSSH ?? cutOff
        }
    }

    /// What ssh itself complains about; nil where it is none of what is known.
    private var ofSSH: NetworkError? { ofHostKey ?? ofLogin ?? ofNetwork ?? ofSetup }

    private var ofHostKey: NetworkError? {
        if line(with: ["remote host identification has changed", "host key does not match"]) != nil {
            return NetworkError(
                .denied, "\(host) has another host key than before: it may be another computer that answers",
                hint:
                    "ask whoever runs it; if its key was changed, forget the old one: ssh-keygen -R '\(knownName)'")
        }
        guard
            line(with: ["host key verification failed", "host key is not cached", "host key is known for"]) != nil
        else { return nil }
        return NetworkError(
            .denied, "the host key of \(host) is not known here",
            hint: "connect once by hand, and compare the key that is shown: \(byHand)")
    }

    private var ofLogin: NetworkError? {
        if let line = line(with: ["too many authentication failures"]) {
            return NetworkError(
                .denied, "\(host) does not let us in: \(Self.plain(line))",
                hint: "name the one key for it in ~/.ssh/config, with IdentitiesOnly yes")
        }
        guard
            let line = line(with: [
                "permission denied (", "no supported authentication methods", "access denied",
                "sign_and_send_pubkey",
            ])
        else { return nil }
        return NetworkError(
            .denied, "\(host) does not let us in: \(Self.plain(line))",
            hint: "its owner has to know your public key; a key with a passphrase is lent by the agent: ssh-add; "
                + "what it says to you: \(byHand)")
    }

    private static let ofPath = [
        "could not resolve", "connection refused", "connection timed out", "operation timed out",
        "no route to host",
        "network is unreachable", "host is down", "connection closed", "connection reset", "closed by remote host",
        "not responding", "broken pipe", "kex_exchange_identification", "banner exchange", "connection abandoned",
        "proxycommand", "host does not exist", "network error", "stdio forwarding failed",
    ]

    private var ofNetwork: NetworkError? {
        guard let line = line(with: Self.ofPath) else { return nil }
        return NetworkError(
            .offline, "\(host) cannot be reached: \(Self.plain(line))",
            hint: "try again later; what was done so far stays")
    }

    private var ofSetup: NetworkError? {
        if let line = line(with: ["unable to negotiate", "no matching"]) {
            return NetworkError(.refused, "\(host) and ssh agree on no way to speak: \(Self.plain(line))")
        }
        guard
            let line = line(with: [
                "bad configuration option", "bad owner or permissions", "unprotected private key",
            ])
        else { return nil }
        return NetworkError(
            .local, "ssh does not work here: \(Self.plain(line))", hint: "try it by hand: \(byHand)")
    }

    private var cutOff: NetworkError {
        NetworkError(
            .offline,
            "the connection to \(host) ended: \(complaints.last.map(Self.plain) ?? "ssh does not say why")",
            hint: "try again later; what was done so far stays")
    }

    /// Whether the server let us in, and ran the command or something in its place.
    var isOfCommand: Bool {
        guard case .exited(let status) = ending else { return false }
        return status != Self.ofItself && !isOfShellHere && line(with: ["fatal error: "]) == nil
    }

    /// What the command itself says.
    private func ofCommand(_ status: Int32) -> NetworkError {
        if status == 0 { return cutOff }
        if isNoCommand {
            return NetworkError(
                .refused, "\(host) has no \(call.program)", hint: "install it there, where ssh's sessions find it")
        }
        // Hosts frame what they say with lines and rulers.
        let said = complaints.map(Self.plain).last { !$0.hasPrefix("hint:") && $0.contains(where: \.isLetter) }
        let words = said ?? "it ended with status \(status)"
        let isDenial = line(with: [
            "permission denied", "permission to", "access denied", "not authorized", "read-only",
        ])
        if let busy = line(with: ["too many times", "rate limit", "due to load"]) {
            return NetworkError(
                .offline, "\(host) has too much to do: \(Self.plain(busy))",
                hint: "try again later; what was done so far stays")
        }
        return NetworkError(
            isDenial == nil ? .refused : .denied, "\(host) does not do it: \(isDenial.map(Self.plain) ?? words)")
    }

    // MARK: Names

    private var host: String { call.address.host }

    /// The name by which the host's key is known.
    private var knownName: String { call.address.port.map { $0 == 22 ? host : "[\(host)]:\($0)" } ?? host }

    private var byHand: String { "ssh \(call.address.port.map { "-p \($0) " } ?? "")\(call.address.destination)" }

    /// Without who says so.
    private static func plain(_ line: String) -> String {
        var line = line[...]
        for mark in [
            "remote: ", "ssh: ", "fatal: ", "FATAL ERROR: ", "ERROR: ", "GitLab: ", "Gitea: ", "Forgejo: ",
        ]
        where line.hasPrefix(mark) { line = line.dropFirst(mark.count) }
        return String(line)
    }
}
