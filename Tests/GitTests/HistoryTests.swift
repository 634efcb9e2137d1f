import Files
import Git
import TestSupport
import Testing

private func all(_ history: History) throws -> [ObjectID] {
    var history = history
    var ids: [ObjectID] = []
    while let commit = try history.next() { ids.append(try #require(commit.id)) }
    return ids
}

/// Commits that each have up to two of the earlier ones as parents, with times that grow unless `skewed`.
private func randomHistory(
    of fixture: Fixture, _ random: inout SeededRandom, count: Int, skewed: Bool = false
) throws -> [ObjectID] {
    try fixture.write { writer in
        let tree = try writer.write(Tree())
        var ids: [ObjectID] = []
        for number in 0..<count {
            let parents = Set(
                (0..<Int.random(in: 1...2, using: &random)).compactMap { _ in
                    ids.suffix(4).randomElement(using: &random)
                })
            let seconds = skewed ? Int64.random(in: 0..<100, using: &random) : 1000 + Int64(number / 2)
            let person = Signature(name: "A", email: "a", seconds: seconds)
            ids.append(
                try writer.write(
                    Commit(
                        tree: tree, parents: parents.sorted(), author: person, committer: person,
                        message: "\(number)\n")))
        }
        return ids
    }
}

@Test func aLineOfCommitsIsToldNewestFirst() throws {
    try withFixture { fixture throws in
        var ids: [ObjectID] = []
        for number in 0..<5 { ids.append(try fixture.commit(["a": "\(number)"], at: 100)) }
        #expect(try all(fixture.repository.history(from: ids[4])) == ids.reversed())
        #expect(try all(fixture.repository.history(from: ids[0])) == [ids[0]])
    }
}

@Test(.enabled(if: hasGit, needsGit)) func historyHasWhatGitLogHas() throws {
    try withFixture { fixture throws in
        var random = SeededRandom()
        for round in 0..<6 {
            let ids = try randomHistory(of: fixture, &random, count: 30, skewed: round % 2 == 1)
            let last = try #require(ids.last)
            let ours = try all(fixture.repository.history(from: last))
            let theirs = try fixture.git("log", "--format=%H", last.hex).split(separator: "\n").map(String.init)
            #expect(Set(ours.map(\.hex)) == Set(theirs), "\(random)")
            #expect(ours.count == theirs.count, "\(random)")
            guard round % 2 == 0 else { continue }
            // While clocks run forward, no commit comes before one that was made from it.
            let place = Dictionary(uniqueKeysWithValues: ours.enumerated().map { ($1, $0) })
            for id in ours {
                let commit = try fixture.repository.readCommit(id)
                for parent in commit.parents
                where try fixture.repository.readCommit(parent).committer.seconds < commit.committer.seconds {
                    #expect(place[parent] ?? 0 > place[id] ?? 0, "\(random)")
                }
            }
        }
    }
}

@Test func aMissingParentIsNamed() throws {
    try withFixture { fixture throws in
        let missing = try id(of: "9")
        let child = try fixture.write { writer in
            let tree = try writer.write(Tree())
            return try writer.write(
                Commit(tree: tree, parents: [missing], author: somebody, committer: somebody, message: ""))
        }
        var history = fixture.repository.history(from: child)
        let error = try gitError { try history.next() }
        #expect(error.code == .notFound)
        #expect(error.subject == missing.hex)
    }
}

@Test(.enabled(if: hasGit, needsGit)) func relationsAreThoseThatGitSees() throws {
    try withFixture { fixture throws in
        var random = SeededRandom()
        let ids = try randomHistory(of: fixture, &random, count: 25)
        let repository = fixture.repository
        for _ in 0..<6 {
            let (one, two) = (
                try #require(ids.randomElement(using: &random)), try #require(ids.randomElement(using: &random))
            )
            let git = try run(
                command: "git", arguments: ["-C", fixture.path.string, "merge-base", "--all", one.hex, two.hex],
                environment: hermeticEnvironment(home: fixture.folder))
            let bases = git.stdout.split(separator: "\n").map(String.init)
            #expect(Set(try repository.mergeBases(one, two).map(\.hex)) == Set(bases), "\(random)")
            #expect(try repository.isAncestor(one, of: two) == bases.contains(one.hex), "\(random)")
            let counts = try fixture.git("rev-list", "--left-right", "--count", "\(one)...\(two)")
            let (ahead, behind) = try repository.aheadBehind(one, two)
            #expect(counts == "\(ahead)\t\(behind)\n", "\(random)")
        }
    }
}

@Test func unrelatedCommitsHaveNoBase() throws {
    try withFixture { fixture throws in
        let one = try fixture.commit(["a": "1"])
        let two = try fixture.commit(["a": "2"], on: "refs/heads/other")
        #expect(try fixture.repository.mergeBases(one, two).isEmpty)
        #expect(try !fixture.repository.isAncestor(one, of: two))
        #expect(try fixture.repository.aheadBehind(one, two) == (1, 1))
        #expect(throws: GitError.self) { try fixture.repository.mergeBases(one, id(of: "9")) }
        #expect(throws: GitError.self) { try fixture.repository.isAncestor(one, of: id(of: "9")) }
        #expect(throws: GitError.self) { try fixture.repository.aheadBehind(one, id(of: "9")) }
    }
}
