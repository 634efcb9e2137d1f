import Files
import TestSupport
import Testing

@testable import Git

/// Whether a pack has all that its objects name.
@Suite struct NamedObjectsTests {
    /// What of a pack is told by what stands in it.
    private func isClosed(_ draft: PackDraft) throws -> Bool? {
        try withTemporaryDirectory { folder in
            let arrival = try PackArrival(in: folder, limits: FetchLimits())
            try draft.finished().withUnsafeBytes { try arrival.receive($0) }
            return try arrival.finish(isStopped: { false }, lacking: { _ in nil })?.isClosed
        }
    }

    private let words = Array(String(repeating: "some words ", count: 30).utf8)
    private var file: ObjectID { ObjectNaming().id(of: .blob, words) }

    private func tree(_ name: String, _ id: ObjectID, _ mode: EntryMode = .blob) throws -> [UInt8] {
        Tree([TreeEntry(mode: mode, name: try #require(EntryName(name)), id: id)]).encoded()
    }

    private func commit(_ tree: ObjectID, parents: [ObjectID] = []) -> [UInt8] {
        let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1)
        return Commit(tree: tree, parents: parents, author: person, committer: person, message: "x").encoded()
    }

    @Test func `A file, a folder and a version that are all there`() throws {
        let folder = try tree("a", file)
        let root = ObjectNaming().id(of: .tree, folder)
        for lacking in 0...2 {
            var draft = PackDraft()
            let objects: [(Int, [UInt8])] = [(1, commit(root)), (2, folder), (3, words)]
            for (number, object) in objects.enumerated() where number != lacking { draft.add(object.0, object.1) }
            // Nobody names the version.
            #expect(try isClosed(draft) == (lacking == 0))
        }
        var draft = PackDraft()
        draft.add(1, commit(root, parents: [file]))
        draft.add(2, folder)
        draft.add(3, words)
        #expect(try isClosed(draft) == false, "a file is no version")
    }

    @Test func `What is stored as a difference names others as well`() throws {
        let other = ObjectNaming().id(of: .blob, [1])
        let (one, two) = (try tree("a", file), try tree("a", other))
        for isThere in [true, false] {
            var draft = PackDraft()
            draft.add(3, words)
            let base = draft.add(2, one)
            draft.add(
                difference: PackDraft.difference(
                    from: one.count, keeping: one.count - 20, adding: Array(two.suffix(20))), to: base)
            if isThere { draft.add(3, [1]) }
            #expect(try isClosed(draft) == isThere)
        }
    }

    @Test func `What is of another kind than it is named as is lacking`() throws {
        let empty = ObjectNaming().id(of: .tree, [])
        for (mode, isRight) in [(EntryMode.tree, true), (.blob, false)] {
            var draft = PackDraft()
            draft.add(2, [])
            draft.add(2, try tree("a", empty, mode))
            #expect(try isClosed(draft) == isRight)
        }
        // A submodule's version is nobody's to send.
        var draft = PackDraft()
        draft.add(2, try tree("a", file, .submodule))
        #expect(try isClosed(draft) == true)
    }

    @Test func `Of what cannot be read nothing is known`() throws {
        for (kind, bytes) in [(2, Array("no folder".utf8)), (1, Array("no version".utf8))] {
            var draft = PackDraft()
            draft.add(kind, bytes)
            #expect(try isClosed(draft) == false)
        }
    }

    @Test func `More is not remembered than can be there`() throws {
        let named = NamedObjects(atMost: 2)
        named.note(.tree, try tree("a", file))
        named.note(.commit, commit(file))
        #expect(named.isSound)
        named.note(.commit, commit(ObjectNaming().id(of: .tree, [])))
        #expect(!named.isSound && !named.isClosed(by: [], []))
        named.note(.tree, try tree("a", file))
        #expect(!named.isClosed(by: [file], [3]))
    }
}

/// The walk that tells what is lacking.
@Suite struct WholeHistoryTests {
    @Test func `All is found, or the first that is not`() throws {
        try withFixture { fixture in
            let head = try #require(try fixture.grow(3))
            try fixture.repository.requireAll(leadingTo: [head])
            let parent = try #require(try fixture.repository.readCommit(head).parents.first)
            let old = try fixture.repository.readCommit(parent)
            let folder = try #require(try fixture.repository.readTree(old.tree).entries.first { $0.isTree })
            let file = try #require(try fixture.repository.readTree(old.tree).entries.first { !$0.isTree })
            for id in [parent, old.tree, folder.id, file.id] {
                let place = fixture.path.appending("objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))")
                let aside = fixture.folder.appending("aside")
                try FileSystem.rename(place, to: aside)
                let fresh = try Repository(at: fixture.path)
                let error = #expect(throws: GitError.self) { try fresh.requireAll(leadingTo: [head]) }
                #expect(error?.code == .notFound && error?.subject == id.hex, "\(String(describing: error))")
                try FileSystem.rename(aside, to: place)
            }
        }
    }

    @Test func `A folder that is named as a file is none`() throws {
        try withFixture { fixture in
            var head: ObjectID?
            try fixture.write { writer in
                let empty = try writer.write(Tree())
                let name = try #require(EntryName("a"))
                let root = try writer.write(Tree([TreeEntry(mode: .blob, name: name, id: empty)]))
                let person = Signature(name: "Ada", email: "ada@example.org", seconds: 1)
                head = try writer.write(
                    Commit(tree: root, parents: [], author: person, committer: person, message: "x"))
            }
            let commit = try #require(head)
            let error = #expect(throws: GitError.self) { try fixture.repository.requireAll(leadingTo: [commit]) }
            #expect(error?.code == .wrongKind)
        }
    }
}
