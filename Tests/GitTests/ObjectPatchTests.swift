import Files
import TestSupport
import Testing

@testable import Git

/// What a repository has lost comes from one that has it, and no more than that.
@Suite(.enabled(if: hasGit, needsGit)) struct ObjectPatchTests {
    /// A repository of three versions in loose files, and a copy of it.
    private func withCopy(_ body: (Fixture, Repository, [ObjectID]) throws -> Void) throws {
        try withFixture { fixture throws in
            var versions: [ObjectID] = []
            for number in 1...3 {
                versions.append(try fixture.commit(["a/b/c": "\(number)", "same": "x"]))
            }
            let copy = fixture.path.parent.appending("copy.git")
            try #require(run(command: "cp", arguments: ["-a", fixture.path.string, copy.string]).status == 0)
            defer { try? FileSystem.removeTree(copy) }
            try body(fixture, Repository(objectsOf: copy), versions)
        }
    }

    private func patch(
        _ fixture: Fixture, from copy: Repository, _ ids: [ObjectID], endingAt end: ObjectID? = nil
    ) throws -> (brought: Int, lacking: Set<ObjectID>) {
        let repository = try Repository(objectsOf: fixture.path)
        let writer = ObjectWriter(
            repository: repository, temporary: fixture.temporary, checksExisting: false, looseLimit: 0)
        var patch = ObjectPatch(of: repository, from: [copy], writer: writer)
        try patch.bring(ids, endingAt: { $0 == end })
        let batch = WriteBatch(temporary: fixture.temporary)
        try writer.finish(into: batch)
        try batch.commit()
        return (patch.brought.count, patch.lacking)
    }

    @Test func whatIsBehindALostObjectComesToo() throws {
        try withCopy { fixture, copy, versions in
            // The version, its tree, and the folder and file below that no other version has.
            let tree = try copy.readCommit(versions[1]).tree
            for id in [versions[1], tree] { try FileSystem.remove(fixture.repository.looseFile(of: id)) }
            let found = try patch(fixture, from: copy, [versions[1]])
            #expect(found.brought == 2 && found.lacking.isEmpty)
            let check = try fixture.git("fsck", "--full", "--strict")
            #expect(!check.contains("missing"), "\(check)")
        }
    }

    @Test func whatCanBeReadIsNotBroughtAgain() throws {
        try withCopy { fixture, copy, versions in
            let found = try patch(fixture, from: copy, versions)
            #expect(found.brought == 0 && found.lacking.isEmpty)
        }
    }

    @Test func theHistoryIsLeftAloneWhereItIsBelieved() throws {
        try withCopy { fixture, copy, versions in
            for id in versions { try FileSystem.remove(fixture.repository.looseFile(of: id)) }
            #expect(try patch(fixture, from: copy, [versions[2]], endingAt: versions[0]).brought == 2)
            #expect(try patch(fixture, from: copy, [versions[2]]).brought == 1)
        }
    }

    @Test func whatNobodyHasIsNamed() throws {
        try withCopy { fixture, copy, versions in
            for repository in [fixture.repository, copy] {
                try FileSystem.remove(repository.looseFile(of: versions[0]))
            }
            let found = try patch(fixture, from: copy, [versions[2]])
            #expect(found.brought == 0 && found.lacking == [versions[0]])
        }
    }
}
