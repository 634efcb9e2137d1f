@testable import Network
@testable import Processes
import TestTraits
import Testing

/// What programs used as ssh say, and what is made of it. The words are theirs.
@Suite(.waiting) struct SSHFailureTests {
    private func failure(
        _ status: Int32, _ complaint: String, program: String = "git-upload-pack", port: UInt16? = nil
    ) -> NetworkError {
        let address = SSHAddress(user: "git", host: "example.org", port: port, path: "/a")
        let call = SSHCall(address: address, program: program, command: "\(program) '/a'")
        return call.failure(Program.Outcome(ending: .exited(status), output: [], complaint: Array(complaint.utf8)))
    }

    @Test(
        arguments: [
            (
                255, "ssh: Could not resolve hostname example.org: Name or service not known",
                NetworkError.Code.offline
            ),
            (255, "ssh: connect to host example.org port 22: Connection timed out", .offline),
            (255, "ssh: connect to host example.org port 22: No route to host", .offline),
            (255, "kex_exchange_identification: Connection closed by remote host", .offline),
            (255, "Timeout, server example.org not responding.", .offline),
            (255, "client_loop: send disconnect: Broken pipe", .offline),
            (255, "Connection to 10.0.0.1 closed by remote host.", .offline),
            (255, "Something new", .offline),
            (255, "", .offline),
            (0, "", .offline),
            (255, "git@example.org: Permission denied (publickey).", .denied),
            (255, "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures", .denied),
            (
                255, "No ED25519 host key is known for example.org and you have requested strict checking.\r\nx",
                .denied
            ),
            (255, "Host key verification failed.", .denied),
            (
                255,
                "Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-dss",
                .refused
            ),
            (255, "/home/a/.ssh/config: line 1: Bad configuration option: x", .local),
            (255, "Bad owner or permissions on /home/a/.ssh/config", .local),
            (1, "FATAL ERROR: Network error: Connection refused", .offline),
            (1, "FATAL ERROR: No supported authentication methods available (server sent: publickey)", .denied),
            (
                1,
                "The host key is not cached for this server:\nFATAL ERROR: Cannot confirm a host key in batch mode",
                .denied
            ),
            (1, "FATAL ERROR: Something new", .offline),
            (1, "ERROR: Repository not found.", .refused),
            (128, "fatal: '/a' does not appear to be a git repository", .refused),
            (1, "ERROR: Permission to a/b.git denied to ada.", .denied),
            (128, "fatal: protocol error", .refused),
            (3, "", .refused),
            (127, "bash: line 1: git-upload-pack: command not found", .refused),
            (127, "sh: 1: git-upload-pack: not found", .refused),
            (127, "sh: 1: my-ssh: not found", .local),
            (128, "fatal: unrecognized command 'git-upload-pack '/a''", .refused),
        ] as [(Int32, String, NetworkError.Code)]) func understands(
            _ status: Int32, _ words: String, _ code: NetworkError.Code
        )
    {
        let error = failure(status, words)
        #expect(error.code == code, "\(error)")
        #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
    }

    @Test func saysWhatToDo() {
        let changed = failure(
            255, "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.",
            port: 2222)
        #expect(changed.code == .denied && changed.hint?.hasSuffix("ssh-keygen -R '[example.org]:2222'") == true)
        let unknown = failure(255, "Host key verification failed.", port: 22)
        #expect(unknown.hint?.hasSuffix("ssh -p 22 git@example.org") == true)
        let bare = failure(255, "@ REMOTE HOST IDENTIFICATION HAS CHANGED! @")
        #expect(bare.hint?.hasSuffix("ssh-keygen -R 'example.org'") == true)
        let framed =
            "remote: \nremote: \(String(repeating: "=", count: 72))\nremote: ERROR: No such project.\nremote: \nremote: ===="
        #expect(failure(1, framed).message == "example.org does not do it: No such project.")
        let busy = failure(1, "remote: ERROR: This endpoint has been requested too many times. Try again later.")
        #expect(busy.code == .offline && busy.message.hasSuffix("too many times. Try again later."))
        #expect(failure(1, "hint: x\nERROR: no\u{1b}[31m").message == "example.org does not do it: no [31m")
    }

    @Test func tellsAProgramThatIsNotThereFromOneThatFails() {
        func isNone(_ status: Int32, _ words: String) -> Bool {
            let address = SSHAddress(user: nil, host: "h", port: nil, path: "/a")
            let call = SSHCall(address: address, program: "git-lfs-transfer", command: "git-lfs-transfer /a upload")
            let outcome = Program.Outcome(ending: .exited(status), output: [], complaint: Array(words.utf8))
            return SSHFailure(outcome, call).isNoCommand
        }
        #expect(isNone(127, "bash: git-lfs-transfer: command not found") && isNone(127, "") && isNone(126, "x"))
        #expect(isNone(1, "Invalid command: 'git-lfs-transfer'") && isNone(128, "fatal: unrecognized command 'x'"))
        #expect(
            isNone(1, "Gitea: Unknown git command") && isNone(2, "Could not find a Command Extension for Command:x")
        )
        #expect(!isNone(0, "command not found") && !isNone(1, "no access") && !isNone(127, "sh: 1: ssh: not found"))
    }

    @Test func saysThatItWasEnded() {
        let address = SSHAddress(user: nil, host: "h", port: nil, path: "/a")
        let call = SSHCall(address: address, program: "x", command: "x")
        let outcome = Program.Outcome(ending: .signalled(15), output: [], complaint: [])
        #expect(call.failure(outcome).code == .stopped)
        #expect(call.failure(ProcessError(.tooMuchOutput, "x")).code == .refused)
        #expect(call.failure(ProcessError(.io, "x")).code == .local)
    }
}
