public import Files
import Glibc

/// A real sshd on a port of this computer's own loopback, with host keys, people and settings of its own.
///
/// Whoever starts one stops it. It lets in the user who runs the tests, by the keys that are authorised.
public final class SSHServer {
    /// Where it listens, at 127.0.0.1.
    public let port: UInt16
    /// Where its keys, its settings and its log are.
    public let folder: FilePath
    private let hostKeys: [String]
    private let process: pid_t
    private var hasStopped = false

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
        port = try Self.freePort()
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
        process = try spawn(
            ["/usr/sbin/sshd", "-D", "-e", "-f", folder.appending("config").string], environment: nil,
            streams: ["/dev/null", folder.appending("out"), folder.appending("log")])
        let watch = Stopwatch()
        while !Self.isReachable(port) {
            var status: Int32 = 0
            let hasEnded = waitpid(process, &status, WNOHANG) != 0
            if hasEnded || watch.seconds > 20 {
                if !hasEnded { stop() }
                throw RunError(description: "sshd does not start: \(log)")
            }
            SystemClock.sleep(seconds: 0.005)
        }
    }

    deinit { stop() }

    /// Whether there are the programs for it on this computer.
    public static var isAvailable: Bool { access("/usr/sbin/sshd", X_OK) == 0 && isInstalled("ssh") }

    /// Ends it. Connections that are open stay until their clients go.
    public func stop() {
        if hasStopped { return }
        hasStopped = true
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// What it has to say of those who came.
    public var log: String {
        (try? FileSystem.read(folder.appending("log"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

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

    /// A port that nobody listens at just now.
    public static func freePort() throws -> UInt16 {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    /// A socket, which the caller closes, at whose port connections are taken by the system, and by nobody else.
    public static func listen() throws -> (socket: Int32, port: UInt16) {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = place(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && Glibc.listen(socket, 8) == 0
                    ? getsockname(socket, $0, &length) : -1
            }
        }
        guard status == 0 else { throw RunError(description: "there is no free port") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    private static func isReachable(_ port: UInt16) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var address = place(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func place(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
