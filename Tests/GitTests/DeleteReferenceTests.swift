import Files
import Git
import TestSupport
import Testing

/// References that are taken away, wherever git keeps them.
@Suite(.enabled(if: hasGit, needsGit)) struct DeleteReferenceTests {
    private func withBranches(_ body: (Fixture) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let fixture = try Fixture(in: folder)
            let id = try fixture.commit(["a": "1"])
            for name in ["refs/remotes/origin/main", "refs/remotes/origin/analyses", "refs/remotes/other/main"] {
                try fixture.repository.moveReference(name, from: nil, to: id, message: "seen", by: somebody)
            }
            try body(fixture)
        }
    }

    @Test(arguments: [false, true]) func aReferenceGoesWithItsReflog(isPacked: Bool) throws {
        try withBranches { fixture throws in
            if isPacked { try fixture.git("pack-refs", "--all") }
            #expect(try fixture.repository.deleteReference("refs/remotes/origin/main"))
            #expect(try fixture.repository.resolve("refs/remotes/origin/main") == nil)
            #expect(!FileSystem.exists(fixture.path.appending("logs/refs/remotes/origin/main")))
            let left = try fixture.git("for-each-ref", "--format=%(refname)")
            let names = ["refs/heads/main", "refs/remotes/origin/analyses", "refs/remotes/other/main"]
            #expect(left.split(separator: "\n").map(String.init) == names)
            #expect(try !fixture.repository.deleteReference("refs/remotes/origin/main"))
        }
    }

    @Test func theLastOfAFolderTakesItAlong() throws {
        try withBranches { fixture throws in
            #expect(try fixture.repository.deleteReference("refs/remotes/other/main"))
            #expect(try fixture.repository.references(prefix: "refs/remotes/other/").isEmpty)
            #expect(try fixture.git("fsck") == "")
        }
    }

    @Test func whatSomebodyChangesStays() throws {
        try withBranches { fixture throws in
            let name = "refs/remotes/origin/main"
            try FileSystem.write("", to: fixture.repository.lockPath(of: name))
            let error = #expect(throws: GitError.self) { try fixture.repository.deleteReference(name) }
            #expect(error?.code == .locked)
            #expect(try fixture.repository.resolve(name) != nil)
        }
    }

    @Test(arguments: ["../config", "refs/../../x", "", "main"]) func onlyReferencesGo(name: String) throws {
        try withBranches { fixture throws in
            #expect(throws: GitError.self) { try fixture.repository.deleteReference(name) }
            #expect(FileSystem.exists(fixture.path.appending("config")))
        }
    }
}
