import Files
import Git
import Synchronization
import TestSupport
import Testing

private let branch = "refs/heads/main"

/// A fixture with two commits that nothing points at.
private func withCommits(_ body: (Fixture, ObjectID, ObjectID) throws -> Void) throws {
    try withFixture { fixture throws in
        let ids = try fixture.write { writer in
            let tree = try writer.write(Tree())
            return try (0..<2).map {
                try writer.write(
                    Commit(tree: tree, parents: [], author: somebody, committer: somebody, message: "\($0)\n"))
            }
        }
        try body(fixture, ids[0], ids[1])
    }
}

extension Fixture {
    fileprivate func move(_ name: String, from: ObjectID?, to: ObjectID) throws {
        try repository.moveReference(name, from: from, to: to, message: "test", by: somebody)
    }
}

@Test func aReferenceMovesFromWhereItIs() throws {
    try withCommits { fixture, one, two throws in
        try fixture.move(branch, from: nil, to: one)
        #expect(try fixture.repository.resolve(branch) == one)
        #expect(try fixture.repository.resolve("HEAD") == one)
        try fixture.move(branch, from: one, to: two)
        #expect(try fixture.repository.resolve(branch) == two)
        try fixture.move(branch, from: two, to: two)
        #expect(try fixture.repository.resolve(branch) == two)
    }
}

@Test func aReferenceThatIsElsewhereDoesNotMove() throws {
    try withCommits { fixture, one, two throws in
        try fixture.move(branch, from: nil, to: one)
        let error = try gitError { try fixture.move(branch, from: two, to: two) }
        #expect(error.code == .moved)
        #expect(error.subject == branch)
        #expect(try gitError { try fixture.move(branch, from: nil, to: two) }.code == .moved)
        #expect(try gitError { try fixture.move("refs/heads/other", from: one, to: two) }.code == .moved)
        #expect(try fixture.repository.resolve(branch) == one)
        #expect(try fixture.names(in: "refs/heads") == ["main"])
    }
}

@Test func aReferenceInThePackedFileMovesToo() throws {
    try withCommits { fixture, one, two throws in
        try FileSystem.write(
            "# pack-refs with: peeled fully-peeled sorted \n\(one) \(branch)\n",
            to: fixture.path.appending("packed-refs"))
        #expect(try fixture.repository.resolve(branch) == one)
        #expect(try gitError { try fixture.move(branch, from: nil, to: two) }.code == .moved)
        try fixture.move(branch, from: one, to: two)
        #expect(try fixture.repository.resolve(branch) == two)
        #expect(try fixture.repository.references() == [Reference(name: branch, id: two)])
    }
}

@Test func aReferenceToNothingIsNotMade() throws {
    try withCommits { fixture, one, _ throws in
        let missing = try id(of: "7")
        #expect(try gitError { try fixture.move(branch, from: nil, to: missing) }.code != .moved)
        try fixture.move(branch, from: nil, to: one)
        #expect(try gitError { try fixture.move(branch, from: one, to: missing) }.code != .moved)
        #expect(try fixture.repository.resolve(branch) == one)
    }
}

@Test func namesThatAreNoReferencesAreRefused() throws {
    try withCommits { fixture, one, _ throws in
        for bad in [
            "", "main", "refs/heads/../../x", "refs/heads/a b", "refs/heads/x.lock", "refs/heads/a\0b", "../x",
            "/refs",
        ] {
            #expect(try gitError { try fixture.move(bad, from: nil, to: one) }.code == .invalid, "\(bad)")
            #expect(try gitError { try fixture.repository.resolve(bad) }.code == .invalid, "\(bad)")
        }
    }
}

@Test func aLockInTheWayIsNamed() throws {
    try withCommits { fixture, one, _ throws in
        let lock = fixture.repository.lockPath(of: branch)
        try FileSystem.write("", to: lock)
        let error = try gitError { try fixture.move(branch, from: nil, to: one) }
        #expect(error.code == .locked)
        #expect(error.path == lock.string)
        #expect(error.description.contains("main.lock"))
        try FileSystem.remove(lock)
        try fixture.move(branch, from: nil, to: one)
    }
}

@Test func aReferenceBelowAnotherIsRefused() throws {
    try withCommits { fixture, one, _ throws in
        try fixture.move("refs/heads/a", from: nil, to: one)
        #expect(throws: GitError.self) { try fixture.move("refs/heads/a/b", from: nil, to: one) }
        try fixture.move("refs/heads/deep/er/x", from: nil, to: one)
        #expect(throws: GitError.self) { try fixture.move("refs/heads/deep", from: nil, to: one) }
        #expect(try fixture.repository.resolve("refs/heads/deep/er/x") == one)
    }
}

@Test(.enabled(if: hasGit, needsGit)) func movesAreInTheReflog() throws {
    try withCommits { fixture, one, two throws in
        try fixture.move(branch, from: nil, to: one)
        try fixture.repository.moveReference(branch, from: one, to: two, message: "add 2 tracks", by: somebody)
        let log = try fixture.git("reflog", "show", "--format=%H %gs %gn %ge", branch)
        #expect(
            log == "\(two) add 2 tracks Ada Lovelace ada@example.org\n\(one) test Ada Lovelace ada@example.org\n")
    }
}

@Test func withoutAReflogReferencesMoveAsWell() throws {
    try withCommits { fixture, one, _ throws in
        try fixture.repository.set("core.logAllRefUpdates", to: "false")
        let repository = try Repository(at: fixture.path)
        try repository.moveReference("refs/new/x", from: nil, to: one, message: "m", by: somebody)
        #expect(try repository.resolve("refs/new/x") == one)
        #expect(try fixture.names(in: "logs").isEmpty)
    }
}

@Test func referencesAreListedByPrefix() throws {
    try withCommits { fixture, one, two throws in
        try fixture.move("refs/heads/main", from: nil, to: one)
        try fixture.move("refs/heads/a/b", from: nil, to: two)
        try fixture.move("refs/tags/v1", from: nil, to: one)
        let repository = fixture.repository
        #expect(try repository.references().map(\.name) == ["refs/heads/a/b", "refs/heads/main", "refs/tags/v1"])
        #expect(try repository.references(prefix: "refs/heads/").map(\.id) == [two, one])
        #expect(try repository.references(prefix: "refs/none/").isEmpty)
    }
}

@Test func oneOfManyThatMoveAtOnceWins() throws {
    try withCommits { fixture, one, two throws in
        let path = fixture.path
        for round in 0..<10 {
            let name = "refs/heads/r\(round)"
            let from = round % 2 == 0 ? nil : one
            if let from { try fixture.move(name, from: nil, to: from) }
            let wins = Atomic(0)
            try Parallel.forEach(count: 6, workers: 6) { number throws in
                let repository = try Repository(at: path)
                let to = number % 2 == 0 || from != nil ? two : one
                do throws(GitError) {
                    try repository.moveReference(name, from: from, to: to, message: "m", by: somebody)
                    // Moving to where it is already counts as moved, so only the first can differ.
                    wins.wrappingAdd(1, ordering: .relaxed)
                } catch {
                    #expect([.moved, .locked].contains(error.code), "\(error)")
                }
            }
            #expect(wins.load(ordering: .relaxed) == 1)
        }
    }
}

@Test func aReferenceFullOfGarbageIsCorrupt() throws {
    try withCommits { fixture, one, _ throws in
        try fixture.move("refs/heads/good", from: nil, to: one)
        for garbage in ["garbage", "\(one.hex.prefix(20))\n", "\0\0\0\0", ""] {
            try FileSystem.write(garbage, to: fixture.path.appending(branch))
            let error = try gitError { try fixture.repository.resolve(branch) }
            #expect(error.code == .corrupt, "\(error)")
            #expect(error.subject == branch)
            #expect(try gitError { try fixture.repository.references() }.code == .corrupt)
            #expect(try gitError { try fixture.move(branch, from: one, to: one) }.code == .corrupt)
            #expect(try fixture.repository.resolve("refs/heads/good") == one)
        }
    }
}

@Test func packedReferencesFullOfGarbageAreCorrupt() throws {
    try withCommits { fixture, _, _ throws in
        try FileSystem.write("garbage\nmore\n", to: fixture.path.appending("packed-refs"))
        #expect(try gitError { try fixture.repository.resolve(branch) }.code == .corrupt)
        #expect(try gitError { try fixture.repository.references() }.code == .corrupt)
    }
}

@Test func aSymbolicReferenceThatGoesInCirclesEnds() throws {
    try withCommits { fixture, _, _ throws in
        try FileSystem.write("ref: refs/heads/b\n", to: fixture.path.appending("refs/heads/a"))
        try FileSystem.write("ref: refs/heads/a\n", to: fixture.path.appending("refs/heads/b"))
        #expect(throws: GitError.self) { try fixture.repository.resolve("refs/heads/a") }
    }
}
