import Files
import Git
import Processes
import TestSupport
import TestTraits
import Testing

@testable import Network

@Suite(.waiting) struct SSHCommandTests {
    private func command(_ environment: [String: String], _ settings: [String: String] = [:]) -> SSHCommand {
        let lines = settings.map { Setting(name: $0.key, value: $0.value) }
        return SSHCommand(settings: NetworkSettings(lines), environment: environment)
    }

    private func words(_ command: SSHCommand) -> [String] {
        command.words(["x"]).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func choosesTheCommandAsGitDoes() {
        #expect(words(command([:])) == ["ssh", "x"])
        #expect(words(command(["GIT_SSH": "/opt/my ssh"])) == ["/opt/my ssh", "x"])
        let configured = command(["GIT_SSH": "a"], ["core.sshcommand": "ssh -i 'k k'"])
        #expect(words(configured) == ["sh", "-c", "ssh -i 'k k' \"$@\"", "sh", "x"])
        #expect(configured.name == "ssh")
        let first = command(["GIT_SSH_COMMAND": "one -v", "GIT_SSH": "a"], ["core.sshcommand": "two"])
        #expect(words(first) == ["sh", "-c", "one -v \"$@\"", "sh", "x"])
        #expect(command(["GIT_SSH_COMMAND": "'"]).name == "'")
    }

    @Test func guessesTheVariantAsGitDoes() {
        #expect(command([:]).variant == .openSSH)
        #expect(command(["GIT_SSH": "/usr/bin/ssh"]).variant == .openSSH)
        #expect(command(["GIT_SSH": "/opt/Plink.exe"]).variant == .plink)
        #expect(command(["GIT_SSH": "putty"]).variant == .putty)
        #expect(command(["GIT_SSH_COMMAND": "TortoisePlink -v"]).variant == .tortoisePlink)
        #expect(command(["GIT_SSH_COMMAND": "sshpass -e ssh"]).variant == nil)
        #expect(command(["GIT_SSH": "x", "GIT_SSH_VARIANT": "simple"], ["ssh.variant": "ssh"]).variant == .simple)
        #expect(command(["GIT_SSH": "x"], ["ssh.variant": "putty"]).variant == .putty)
        #expect(command(["GIT_SSH": "x"], ["ssh.variant": "whatever"]).variant == .openSSH)
        #expect(command(["GIT_SSH": "plink"], ["ssh.variant": "auto"]).variant == .plink)
        #expect(command(["GIT_SSH": "plink"], ["ssh.variant": "tortoiseplink"]).variant == .tortoisePlink)
        #expect(command(["GIT_SSH": "ssh"], ["ssh.variant": "plink"]).variant == .plink)
    }

    @Test func givesEachVariantItsOptions() throws {
        let times = ["-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=2"]
        #expect(try SSHVariant.openSSH.options(port: nil, mayAsk: true) == times)
        #expect(
            try SSHVariant.openSSH.options(port: 22, mayAsk: false) == ["-o", "BatchMode=yes"] + times + [
                "-p", "22",
            ])
        #expect(try SSHVariant.plink.options(port: 22, mayAsk: false) == ["-batch", "-P", "22"])
        #expect(try SSHVariant.plink.options(port: nil, mayAsk: true) == [])
        #expect(try SSHVariant.putty.options(port: 22, mayAsk: false) == ["-P", "22"])
        #expect(try SSHVariant.tortoisePlink.options(port: 22, mayAsk: true) == ["-batch", "-P", "22"])
        #expect(try SSHVariant.simple.options(port: nil, mayAsk: false) == [])
        #expect(networkError { _ = try SSHVariant.simple.options(port: 22, mayAsk: false) }?.code == .local)
    }

    @Test func quotesForTheShellAtTheOtherEnd() throws {
        for path in ["/a", "/a b", "it's", "a!b", "$(x)`y`\\", "~/a", "\"", "*?[a]", "Ö"] {
            let line = "printf %s \(RemoteQuoting.quoted(path))"
            #expect(try run(command: "sh", arguments: ["-c", line]).stdout == path)
            let plain = "HOME=/home/x; printf %s \(RemoteQuoting.plain(path))"
            let expected = path == "~/a" ? "/home/x/a" : path
            #expect(try run(command: "sh", arguments: ["-c", plain]).stdout == expected)
        }
        #expect(RemoteQuoting.plain("/srv/a-b_c.git") == "/srv/a-b_c.git")
        #expect(RemoteQuoting.plain("~ada/a b") == "~ada/'a b'")
        #expect(RemoteQuoting.plain("~") == "~" && RemoteQuoting.plain("~/a") == "~/a")
        #expect(RemoteQuoting.plain("/srv/a b.git") == "'/srv/a b.git'")
        #expect(RemoteQuoting.plain("~$(x)/a") == "'~$(x)/a'")
    }

    /// What is not known by its name is asked whether it is OpenSSH, once.
    @Test func asksAProgramWhatItIs() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let (program, log) = (folder.appending("wrap"), folder.appending("log"))
            let address = SSHAddress(user: "ada", host: "host", port: 2222, path: "/a")
            for (status, count) in [(0, 3), (1, 1)] {
                let script = "#!/bin/sh\necho \"$*\" >> \(log)\ntest \"$1\" != -G || exit \(status)\nexit 0\n"
                try FileSystem.write(script, to: program, mode: 0o755)
                try FileSystem.write("", to: log)
                let client = SSHClient(
                    settings: NetworkSettings([]), environment: ["GIT_SSH": program.string], mayAsk: false)
                for _ in 0..<2 { _ = networkError { _ = try client.authenticate(address, .upload) } }
                let lines = String(decoding: try FileSystem.read(log), as: UTF8.self).split(separator: "\n")
                #expect(lines.count == count && lines[0] == "-G ada@host", "\(lines)")
                #expect(count == 1 || lines[1].hasSuffix("-p 2222 ada@host git-lfs-authenticate /a upload"))
            }
        }
    }

    @Test func saysThatThereIsNoSSHHere() {
        let address = SSHAddress(user: nil, host: "host", port: nil, path: "/a")
        for (name, value) in [("GIT_SSH", "/no/such/ssh"), ("GIT_SSH_COMMAND", "/no/such/ssh -x")] {
            let client = SSHClient(
                settings: NetworkSettings([]), environment: [name: value, "GIT_SSH_VARIANT": "ssh"], mayAsk: false)
            let error = networkError {
                let channel = try client.channel(to: "git-upload-pack", at: address)
                var buffer = [UInt8](repeating: 0, count: 1)
                _ = try buffer.withUnsafeMutableBytes { try channel.read(into: $0) }
            }
            #expect(error?.code == .local, "\(error?.description ?? "")")
        }
    }
}
