public import Files
import Glibc

/// A real sshd on a port of this computer's own loopback, with host keys, people and settings of its own.
///
/// It lets in the user who runs the tests, by the keys that are authorised.
public final class SSHServer: Sendable {
    /// Where it listens, at 127.0.0.1.
    public let port: UInt16
    /// Where its keys, its settings and its log are.
    public let folder: FilePath
    private let hostKeys: [String]
    private let process: ServerProcess

    /// Starts one that takes these kinds of host keys and settings, and answers when it can be reached.
    ///
    /// - Parameters:
    ///   - folder: an empty folder for what is its own.
    ///   - hostKeys: `ed25519`, `rsa`, `ecdsa`.
    ///   - authorized: the public keys of those who are let in.
    ///   - settings: more lines for its configuration.
    public init(
        in folder: FilePath, hostKeys: [String] = ["ed25519"], authorized: [FilePath] = [], settings: [String] = []
    ) throws {
        (self.folder, self.hostKeys) = (folder, hostKeys)
        for key in hostKeys { try Self.makeKey(at: folder.appending("host_\(key)"), type: key) }
        let people = try authorized.flatMap { try FileSystem.read($0) }
        try FileSystem.write(people, to: folder.appending("authorized"), mode: 0o600)
        port = try LoopbackPort.free()
        var lines =
            [
                "Port \(port)", "ListenAddress 127.0.0.1", "PidFile none", "UsePAM no", "StrictModes no",
                "AuthorizedKeysFile \(folder.appending("authorized"))", "PasswordAuthentication no",
                "KbdInteractiveAuthentication no", "PermitRootLogin yes", "MaxStartups 100", "UseDNS no",
                "PrintMotd no",
            ]
        lines += hostKeys.map { "HostKey \(folder.appending("host_\($0)"))" } + settings
        try FileSystem.write(lines.joined(separator: "\n") + "\n", to: folder.appending("config"))
        // What it needs where root runs it; a system with a running sshd has it.
        if getuid() == 0 { _ = try? FileSystem.makeDirectory("/run/sshd", mode: 0o755) }
        process = try ServerProcess(
            ["/usr/sbin/sshd", "-D", "-e", "-f", folder.appending("config").string], log: folder.appending("log"))
        let port = port
        try process.wait { LoopbackPort.answers(port) }
    }

    /// Whether there are the programs for it on this computer.
    public static var isAvailable: Bool { access("/usr/sbin/sshd", X_OK) == 0 && isInstalled("ssh") }

    /// Ends it, and those who are connected with it.
    public func stop() { process.stop() }

    /// What it has to say of those who came.
    public var log: String { process.words }

    /// The lines by which others know its host keys.
    public func knownHosts() throws -> String {
        try hostKeys.map { key in
            let line = try FileSystem.read(folder.appending("host_\(key).pub"))
            return "[127.0.0.1]:\(port) " + String(decoding: line, as: UTF8.self)
        }.joined()
    }

    /// A command for `GIT_SSH_COMMAND` that knows nothing but what it is told: no configuration, agent or keys of whoever
    /// runs the tests.
    ///
    /// - Parameters:
    ///   - key: the private key to come with.
    ///   - known: a file of known hosts.
    ///   - options: more options, which count rather than what the program adds.
    public static func command(key: FilePath?, known: FilePath, options: [String] = []) -> String {
        let own = ["UserKnownHostsFile=\(known)", "GlobalKnownHostsFile=/dev/null", "IdentitiesOnly=yes"]
        let agent = options.contains { $0.hasPrefix("IdentityAgent=") } ? [] : ["IdentityAgent=none"]
        var words = ["ssh", "-F", "none"]
        for option in own + agent + options { words += ["-o", option] }
        words += ["-i", key?.string ?? "/dev/null"]
        return words.joined(separator: " ")
    }

    /// Makes a pair of keys; the public one has `.pub` at its end.
    public static func makeKey(at path: FilePath, type: String, passphrase: String = "") throws {
        let size = type == "rsa" ? ["-b", "2048"] : []
        let result = try run(
            command: "ssh-keygen",
            arguments: ["-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path.string] + size)
        if result.status != 0 { throw RunError(description: "ssh-keygen: \(result.stderr)") }
    }
}
