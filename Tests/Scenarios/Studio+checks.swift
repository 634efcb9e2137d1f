import Files
import Testing

extension Studio {
    /// What `ls` answers, but for how it came about.
    func listing() throws -> String {
        ["hit", "refreshed"].reduce(try json("ls").text) { text, word in
            text.replacing("\"cache\":\"\(word)\"", with: "\"cache\":\"built\"")
        }
    }

    /// The commit that the store is at.
    func head() throws -> String { try git("rev-parse", "--verify", "refs/heads/main").done().line }

    /// What git and git-lfs say against the store; empty where they find nothing.
    func complaints() throws -> String { try complaintsOfGit() + complaintsOfGitLFS() }

    /// What git says against the store, whatever files it lacks.
    func complaintsOfGit() throws -> String {
        let check = try git("fsck", "--strict", "--full", "--no-dangling", "--no-progress")
        return check.status == 0 && check.out.isEmpty && check.err.isEmpty ? "" : "\(check)"
    }

    private func complaintsOfGitLFS() throws -> String {
        let check = try git("lfs", "fsck", "--dry-run")
        return check.status == 0 ? "" : "\(check)"
    }

    /// Expects that git finds nothing to complain about.
    func expectSoundRepository(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try complaintsOfGit() == "", sourceLocation: sourceLocation)
    }

    /// Expects that git-lfs finds every file that the head names, and finds it right.
    func expectSoundFiles(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try complaintsOfGitLFS() == "", sourceLocation: sourceLocation)
    }

    /// Expects that neither git nor git-lfs has anything to complain about.
    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try complaints() == "", sourceLocation: sourceLocation)
    }

    /// Calls `body` and expects the store to be exactly as it was before.
    func expectUnchanged<R>(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> R) throws -> R {
        let before = try (head(), listing())
        let result = try body()
        let after = try (head(), listing())
        #expect(before == after, sourceLocation: sourceLocation)
        try expectSound(sourceLocation: sourceLocation)
        return result
    }

    /// Expects that nothing is left in the places for half-written files.
    ///
    /// A directory whose owner was killed stays until the next writer sweeps it.
    func expectNoLeftovers(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let left = try leftovers()
        #expect(left == [], sourceLocation: sourceLocation)
    }
}
