import Files
import Glibc
import Network
import TestSupport

/// A computer with sshd, for tests: an empty folder on it, and one key that it knows.
struct SSHHost {
    let server: SSHServer
    let folder: FilePath
    let known: FilePath
    let key: FilePath
    /// Where it finds programs before others.
    let programs: FilePath

    static func with(
        hostKeys: [String] = ["ed25519"], keyType: String = "ed25519", passphrase: String = "",
        settings: [String] = [],
        _ body: (SSHHost) throws -> Void
    ) throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let place = folder.appending("sshd")
            try FileSystem.makeDirectory(place, mode: 0o700)
            let key = folder.appending("key")
            try SSHServer.makeKey(at: key, type: keyType, passphrase: passphrase)
            let programs = folder.appending("programs")
            try FileSystem.makeDirectory(programs)
            let server = try SSHServer(
                in: place, hostKeys: hostKeys, authorized: [folder.appending("key.pub")],
                settings: settings + ["SetEnv PATH=\(programs):/usr/bin:/bin"])
            defer { server.stop() }
            let known = folder.appending("known")
            try FileSystem.write(try server.knownHosts(), to: known)
            try body(SSHHost(server: server, folder: folder, known: known, key: key, programs: programs))
        }
    }

    /// Puts a program there, a script of the shell.
    func install(_ name: String, _ script: String) throws {
        try FileSystem.write("#!/bin/sh\n\(script)\n", to: programs.appending(name), mode: 0o755)
    }

    func address(_ path: FilePath) -> SSHAddress { address(path.string) }

    func address(_ path: String) -> SSHAddress {
        SSHAddress(user: nil, host: "127.0.0.1", port: server.port, path: path)
    }

    /// What reaches it, unless it is told otherwise.
    func client(
        key: FilePath? = nil, options: [String] = [], environment: [String: String] = [:],
        patience: Duration = .seconds(60), isStopped: @escaping @Sendable () -> Bool = { false }
    ) -> SSHClient {
        let command = SSHServer.command(key: key ?? self.key, known: known, options: options)
        return SSHClient(
            settings: NetworkSettings([]), environment: ["GIT_SSH_COMMAND": command].merging(environment) { $1 },
            patience: patience, isStopped: isStopped)
    }
}

/// What a body throws.
func networkError(_ body: () throws -> Void) -> NetworkError? {
    do { try body() } catch { return error as? NetworkError }
    return nil
}
