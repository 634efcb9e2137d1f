import Catalog
import SQLite
import Store
import TestSupport
import Testing

@testable import Cache

/// Which rows and views a change makes again: those that read what changed, whatever else there is.
@Suite struct HistoryTests {
    @Test func aPostRedoesOneRowAndOneHistory() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let workspaces = try shelf.addTown(people: 2_000, workspaces: 500)
            let posts = try workspaces.map { try shelf.addPost("Out", to: $0) }
            _ = try index.refresh { _ in }
            try shelf.decide(.submitted, posts[7], of: workspaces[7])
            let answer = try index.refresh { try ($0.states(of: workspaces[7]), $0.touched()) }
            #expect(answer.rows == 1 && answer.freshness == .refreshed)
            #expect(answer.value.0 == [.pending])
            #expect(answer.value.1 == ["history:\(workspaces[7])"])
        }
    }

    @Test func aTrackRedoesThePostsAboutItAlone() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let workspaces = try shelf.addTown(people: 3, workspaces: 3)
            let tracks = try shelf.add(["one", "two"])
            var posts: [PostID] = []
            for (number, workspace) in workspaces.enumerated() {
                posts.append(try shelf.addPost("a", to: workspace, about: tracks[number % 2]))
                posts.append(try shelf.addPost("b", to: workspace))
            }
            for (number, workspace) in workspaces.enumerated() {
                try shelf.decide(.submitted, posts[2 * number], of: workspace)
                try shelf.decide(.approved, posts[2 * number], of: workspace)
            }
            _ = try index.refresh { _ in }
            try shelf.rename(tracks[0], to: "uno")
            let answer = try index.refresh { reader in
                (try workspaces.map { try reader.states(of: $0) }, try reader.touched())
            }
            #expect(answer.rows == 3, "the track, and the posts of two workspaces")
            #expect(answer.value.0 == [[.draft, .pending], [.approved, .draft], [.draft, .pending]])
            let histories = [0, 2].map { "history:\(workspaces[$0])" }
            #expect(answer.value.1.filter { $0.hasPrefix("history") } == histories.sorted())
        }
    }

    @Test func approvalRedoesThePostsOfItsWorkspace() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let workspaces = try shelf.addTown(people: 4, workspaces: 2)
            for workspace in workspaces {
                for text in ["a", "b", "c"] {
                    try shelf.decide(.submitted, try shelf.addPost(text, to: workspace), of: workspace)
                }
            }
            _ = try index.refresh { _ in }
            try shelf.change(workspaces[0], "name", to: "The Band")
            try #expect(index.refresh { _ in }.rows == 1, "no post reads what it is called")
            try shelf.change(workspaces[0], "approval", to: "none")
            let answer = try index.refresh { reader in
                (try workspaces.map { try reader.states(of: $0) }, try reader.touched())
            }
            #expect(answer.rows == 4)
            #expect(answer.value.0 == [[.approved, .approved, .approved], [.pending, .pending, .pending]])
            #expect(answer.value.1.filter { $0.hasPrefix("history") } == ["history:\(workspaces[0])"])
        }
    }

    @Test func aPageIsMadeAgainWhereItsHistoryChanged() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let ids = try shelf.addTown(people: 2, workspaces: 2)
            let own = try ids.map { id in
                let found = try shelf.store.snapshot().workspace(id)
                return try #require(found)
            }
            let first = try shelf.addPost("a", to: ids[0])
            _ = try shelf.addPost("b", to: ids[1])
            func version(_ of: [WorkspaceID]) throws -> Version? {
                try index.refresh { try $0.version(ofHistoriesOf: of) }.value
            }
            func page(_ workspaces: [Workspace]) throws -> Index.Answer<HistoryPage?> {
                try index.page(HistoryRequest(of: workspaces), by: nil)
            }
            try #expect(page(own).value?.total == 2)
            try #expect(page(own).freshness == .hit)
            let before = try version([ids[1]])
            try shelf.decide(.submitted, first, of: ids[0])
            try #expect(version([ids[1]]) == before, "its rows are what they were")
            try #expect(version(ids) == shelf.store.version())
            try #expect(page([own[0]]).value?.rows.map(\.state) == [.pending])
            try #expect(page([own[1]]).value?.rows.map(\.state) == [.draft])
            try shelf.store.write(by: nil) { draft in
                draft.remove(first, in: ids[0])
                return "Remove"
            }
            try #expect(page(own).value?.total == 1)
            let counts = index.statistics.counts()
            #expect(counts.views[.history("w0")]?.rows == 3 && counts.views[.history("w1")]?.rows == 1)
        }
    }

    @Test func aHistoryIsFoundByProfileKey() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let workspaces = try shelf.addTown(people: 2, workspaces: 2)
            func found(_ key: String) throws -> [WorkspaceID] {
                try index.refresh { try $0.workspaces(ofProfile: key) }.value
            }
            try shelf.editWorkspace(workspaces[1]) { workspace, stamp in
                try workspace.add("0123456789abcdef", to: "profiles", at: stamp)
            }
            try #expect(found("0123456789abcdef") == [workspaces[1]] && found("0123").isEmpty)
            try shelf.editWorkspace(workspaces[1]) { workspace, stamp in
                try workspace.remove("0123456789abcdef", from: "profiles", at: stamp)
            }
            try #expect(found("0123456789abcdef").isEmpty)
        }
    }

    @Test func whereNobodyIsLeftThoseWhoBelongedThereSeeWhatIsShared() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            let workspace = try #require(try shelf.addTown(people: 1, workspaces: 1).first)
            let track = try #require(try shelf.add(["one"]).first)
            let member = try #require(try shelf.store.snapshot().workspace(workspace)?.members.first).person
            try shelf.store.write(by: nil) { draft in
                let folder = try draft.base.track(track)
                var track = try #require(folder).track
                try track.add(workspace.hex, to: "shares", at: draft.stamp())
                try draft.put(track)
                return "Share"
            }
            try shelf.editWorkspace(workspace) { workspace, stamp in
                try workspace.remove(member.hex, from: "members", at: stamp)
            }
            let request = TrackRequest(Query(), in: .usable(by: member), now: 0) { _ in true }
            try #expect(index.page(request).value?.total == 1)
        }
    }
}

extension IndexReader {
    /// How the posts of a workspace stand, in the order of words.
    fileprivate func states(of workspace: WorkspaceID) throws -> [PostState] {
        let statement = try database.prepare("SELECT state FROM posts WHERE workspace = ? ORDER BY state")
        defer { statement.reset() }
        try statement.bind(0, workspace.bytes)
        var found: [PostState] = []
        while try statement.step() {
            found.append(try #require(statement.text(0).flatMap { PostState(rawValue: $0) }))
        }
        return found
    }

    /// The parts of views that changed last.
    fileprivate func touched() throws -> [String] {
        let statement = try database.prepare(
            "SELECT name FROM views WHERE turn = (SELECT max(turn) FROM views) ORDER BY name")
        defer { statement.reset() }
        var found: [String] = []
        while try statement.step() { found.append(statement.text(0) ?? "") }
        return found
    }
}
