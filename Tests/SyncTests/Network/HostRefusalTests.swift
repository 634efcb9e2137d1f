import Files
import Git
import Network
import Store
import TestSupport
import Testing

@testable import Sync

/// What hosts refuse, in their own words, and what is made of it.
@Suite struct HostRefusalTests {
    /// A git server that is reached by a program in place of ssh.
    private static func remote(_ rehearsal: Rehearsal) throws -> NetworkRemote {
        let script = rehearsal.folder.appending("ssh")
        try FileSystem.write("#!/bin/sh\nshift\nexec sh -c \"$*\"\n", to: script, mode: 0o755)
        let lines = [("core.sshcommand", script.string), ("ssh.variant", "simple")]
        return try NetworkRemote(
            at: "ssh://host\(rehearsal.remote)", called: "origin",
            settings: NetworkSettings(lines.map { .init(name: $0.0, value: $0.1) }), agent: "t", mayAsk: false,
            isStopped: { false })
    }

    private func hook(_ lines: [String], _ rehearsal: Rehearsal) throws {
        let text = lines.map { "echo '\($0)' >&2\n" }.joined()
        let folder = rehearsal.remote.appending("hooks")
        try FileSystem.makeDirectories(folder)
        try FileSystem.write("#!/bin/sh\n\(text)exit 1\n", to: folder.appending("pre-receive"), mode: 0o755)
    }

    /// What a sync says after somebody added something, and how often it was tried.
    private func sync(_ prepare: (Rehearsal) throws -> Void) throws -> SyncError? {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let rehearsal = try Rehearsal(in: folder, laptops: 1)
            try rehearsal.laptops[0].add("Song")
            try prepare(rehearsal)
            let versions = NetworkVersions(at: try Self.remote(rehearsal))
            let watch = Stopwatch()
            defer { #expect(watch.seconds < 15, "a refusal is no race that goes on") }
            do {
                var terms = Round.Terms()
                terms.timeout = 20
                _ = try rehearsal.laptops[0].round(terms, through: { _ in versions }).run()
            } catch { return error as? SyncError }
            return nil
        }
    }

    @Test func withoutARefusalItGoes() throws { #expect(try sync { _ in } == nil) }

    static let ruler = String(repeating: "=", count: 72)

    @Test(arguments: [
        (
            ["", ruler, "", "GitLab: You are not allowed to push code to protected branches on this project."],
            "let Developers push to main"
        ),
        (
            [
                "error: GH006: Protected branch update failed for refs/heads/main.",
                "error: Changes must be made through a pull request.",
            ], "pull requests to main"
        ),
        (
            [
                "error: GH013: Repository rule violations found for refs/heads/main.",
                "- Commits must have verified signatures.",
            ],
            "signed commits"
        ),
        (["This branch must not contain merge commits."], "linear history of main"),
        (["Gitea: Not allowed to push to protected branch main"], "protects main"),
        (["something of their own"], "nothing here was changed"),
    ]) func aHookIsToldWithWhatToDo(lines: [String], hint: String) throws {
        let error = try #require(try sync { try hook(lines, $0) })
        #expect(error.code == .denied && error.hint?.contains(hint) == true, "\(error)")
        #expect(error.message.contains("does not let you change main: pre-receive hook declined: "))
        #expect(!error.message.contains("==") && !error.message.contains("GitLab:"))
        #expect(!error.message.contains("error: "))
    }

    @Test(arguments: [
        ("GitLab: This endpoint has been requested too many times. Try again later.", SyncError.Code.offline),
        ("error: GH009: Git LFS object integrity could not be checked.", .offline),
        ("Repository is over the size limit (4 GB) and will not accept further additions.", .noSpace),
        ("error: GH008: Your push referenced unknown Git LFS objects:", .refused),
    ]) func otherRefusalsAreOfAnotherKind(line: String, code: SyncError.Code) throws {
        #expect(try sync { try hook([line], $0) }?.code == code)
    }

    @Test func aBranchThatCannotMoveIsNoLostRace() throws {
        let error = try sync { rehearsal in
            try FileSystem.write("", to: rehearsal.remote.appending("refs/heads/main.lock"))
        }
        #expect(error?.code == .denied, "\(String(describing: error))")
    }

    @Test func aServerThatForbidsForceIsBelievedOnce() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let rehearsal = try Rehearsal(in: folder, laptops: 1)
            try rehearsal.laptops[0].add("Song")
            try hook(["GitLab: You are not allowed to force push code to a protected branch."], rehearsal)
            let versions = NetworkVersions(at: try Self.remote(rehearsal))
            let error = #expect(throws: SyncError.self) { () throws in
                _ = try rehearsal.laptops[0].round(through: { _ in versions }).run()
            }
            #expect(versions.deniesNonFastForwards && error?.code == .denied)
            #expect(error?.hint?.contains("rewritten") == true)
        }
    }

    // MARK: References

    @Test func aReferenceThatIsRefusedSaysWhy() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let rehearsal = try Rehearsal(in: folder, laptops: 1)
            let references = NetworkReferences(at: try Self.remote(rehearsal), for: rehearsal.laptops[0].store)
            #expect(try references.create("refs/offbeat/claims/a", standingFor: [1]))
            #expect(try !references.create("refs/offbeat/claims/a", standingFor: [2]))
            // A folder of another's name.
            let inTheWay = #expect(throws: SyncError.self) {
                try references.create("refs/offbeat/claims/a/b", standingFor: [1])
            }
            #expect(inTheWay?.code == .denied, "\(String(describing: inTheWay))")
            try rehearsal.git("config", "receive.hideRefs", "refs/offbeat")
            let hidden = #expect(throws: SyncError.self) {
                try references.create("refs/offbeat/claims/c", standingFor: [1])
            }
            #expect(hidden?.code == .denied && hidden?.hint?.contains("keeps such references to itself") == true)
        }
    }

    @Test func wordsOfAHostAreCutAndPlain() {
        let words = ServerWords()
        for line in ["remote: GitLab: ", "====", "  error: a", "a", "Forgejo: b"] { words.add(line) }
        #expect(words.all == ["a", "b"])
        let refusal = HostRefusal("no", [String(repeating: "x", count: 999)], of: "refs/x", at: "h")
        #expect(refusal.error.message.count < 460 && refusal.error.hint?.contains("refs/offbeat/") == true)
        #expect(!refusal.isOfForce)
    }
}
