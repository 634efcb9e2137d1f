import Catalog
import Files
import Glibc
import TestSupport
import TestTraits
import Testing

/// Two users of one computer share a remote: `core.sharedRepository` says that they may, whatever their masks for new files.
@Suite(.waiting, .enabled(if: TwoUsers.arePossible, "only root can act for other users")) struct TwoUsersTests {
    @Test func eachWritesWhereTheOtherHasMadeTheFolders() throws {
        try TwoUsers.with { users in
            try users.first("offbeat init --user ana --name Band && offbeat add a.wav").done()
            try users.first("git init -q --bare --shared=group -b main \(users.remote)").done()
            try users.first("offbeat remote add origin \(users.remote) && offbeat sync").done()
            try users.second("offbeat clone \(users.remote) .offbeat --user ben").done()
            try users.second("offbeat add b && offbeat sync").done()
            try users.first("offbeat edit a title=Again && offbeat sync && offbeat add a2.wav && offbeat sync")
                .done()
            try users.second("offbeat sync && offbeat fsck --deep").done()
            for item in DirectoryWalk(users.remote.appending("lfs")) {
                let status = try FileSystem.status(of: item.path.parent)
                #expect(status.mode & 0o2070 == 0o2070, "\(item.path.parent): \(String(status.mode, radix: 8))")
            }
        }
    }

    /// What the other has brought is held there as well, also for who cannot write to his files.
    @Test func eachMayDropWhatTheOtherHasBrought() throws {
        try TwoUsers.with { users in
            try users.first("offbeat init --user ana --name Band && offbeat add a.wav").done()
            try users.first("git init -q --bare --shared=group -b main \(users.remote)").done()
            try users.first("offbeat remote add origin \(users.remote) && offbeat sync").done()
            try users.second("offbeat clone \(users.remote) .offbeat --user ben").done()
            let dropped = try users.second("offbeat --json drop a").done().json()
            #expect(dropped["changed"]?.asArray?.count == 1)
            try users.second("offbeat fetch a && offbeat fsck --deep").done()
            #expect(try FileSystem.list(users.remote.appending("lfs/leases")).isEmpty)
        }
    }
}

/// Two users who are in one group, and a folder that is the group's.
private struct TwoUsers {
    let studio: Studio
    let remote: FilePath

    private static let (ids, group) = ([61_001, 61_002], 61_000)

    static let arePossible: Bool = {
        guard geteuid() == 0, isInstalled("setpriv"), let program = try? Scenarios.program() else { return false }
        let call = ["--reuid", "\(ids[0])", "--regid", "\(group)", "--clear-groups", program.string, "--version"]
        return (try? run(command: "setpriv", arguments: call).status) == 0
    }()

    static func with(_ body: (TwoUsers) throws -> Void) throws {
        try Studio.with { studio in
            let shared = studio.work.appending("shared")
            for folder in [studio.root, studio.root.appending("runs")] {
                try FileSystem.setMode(of: folder, to: 0o755)
            }
            try make(shared, "root:\(group)", 0o2775)
            for (id, name) in zip(ids, ["a", "b"]) {
                let home = studio.work.appending("\(id)")
                for number in 0..<10 {
                    try studio.sound(home.appending("\(name)/\(number).wav"), seed: UInt64(id + number))
                }
                try studio.sound(home.appending("\(name).wav"), seed: UInt64(id + 20))
                try studio.sound(home.appending("\(name)2.wav"), seed: UInt64(id + 21))
                try studio.run(["chown", "-R", "\(id):\(group)", Word(home)]).done()
            }
            try body(TwoUsers(studio: studio, remote: shared.appending("band.git")))
        }
    }

    private static func make(_ folder: FilePath, _ owner: String, _ mode: UInt32) throws {
        try FileSystem.makeDirectory(folder)
        _ = try run(command: "chown", arguments: [owner, folder.string])
        try FileSystem.setMode(of: folder, to: mode)
    }

    func first(_ script: String) throws -> Outcome { try act(Self.ids[0], script) }
    func second(_ script: String) throws -> Outcome { try act(Self.ids[1], script) }

    /// Runs commands of the shell as one of them, with a mask that shuts out everybody else.
    private func act(_ id: Int, _ script: String) throws -> Outcome {
        let home = studio.work.appending("\(id)")
        let program = try Scenarios.program().string
        let whole = "umask 077; offbeat() { \(program) \"$@\"; }; \(script)"
        return try studio.run(
            [
                "setpriv", "--reuid", "\(id)", "--regid", "\(Self.group)", "--clear-groups", "env", "HOME=\(home)",
                "XDG_CONFIG_HOME=\(home)/.config", "sh", "-c", Word(whole),
            ], in: home)
    }
}
