import Blobs
import Catalog
import Digest
import Store
import TestSupport
import Testing

/// Reading and writing posts.
@Suite struct PostFolderTests {
    private func withBand(_ body: (World, WorkspaceID) throws -> Void) throws {
        try withWorld { world in
            var made: WorkspaceID?
            try world.store.write(by: world.ana) { draft in
                let slug = try #require(Slug("band"))
                let workspace = Workspace(
                    id: draft.newID(), slug: slug, owner: world.ana.id, created: draft.stamp())
                try draft.put(workspace)
                made = workspace.id
                return "Make a workspace"
            }
            try body(world, try #require(made))
        }
    }

    private func write(_ text: String, in workspace: WorkspaceID, _ world: World) throws -> PostID {
        var made: PostID?
        try world.store.write(by: world.ana) { draft in
            let post = Post(id: draft.newID(), author: world.ana.id, text: text, created: draft.stamp())
            try draft.put(PostFolder(workspace: workspace, post: post, image: nil))
            made = post.id
            return "Write"
        }
        return try #require(made)
    }

    private func texts(_ readings: [PostReading]) -> [String] {
        readings.map { reading in
            switch reading {
            case .post(let folder): folder.post.body
            case .unreadable(let record): record.path
            }
        }
        .sorted()
    }

    @Test func postsAreReadByTheirWorkspace() throws {
        try withBand { world, band in
            let ids = try ["a", "b"].map { try write($0, in: band, world) }
            let other = try #require(WorkspaceID(String(repeating: "1", count: 32)))
            let elsewhere = try write("elsewhere", in: other, world)
            let snapshot = try world.store.snapshot()
            #expect(try texts(snapshot.posts(of: band)) == ["a", "b"] && snapshot.postCount(of: band) == 2)
            #expect(try snapshot.post(ids[0], in: band)?.post.body == "a")
            #expect(try snapshot.post(elsewhere, in: band) == nil)
            for digits in [4, 8, 32] {
                let found = try snapshot.postIDs(withPrefix: String(ids[1].hex.prefix(digits)), in: band)
                #expect(found.contains(ids[1]) && !found.contains(elsewhere))
            }
            #expect(try snapshot.workspace(band)?.slug?.text == "band" && snapshot.workspace(other) == nil)
            try world.store.write(by: world.ana) { draft in
                draft.remove(ids[0], in: band)
                return "Remove"
            }
            #expect(try texts(world.store.snapshot().posts(of: band)) == ["b"])
        }
    }

    @Test func whatCannotBeReadIsNamed() throws {
        try withBand { world, band in
            _ = try write("good", in: band, world)
            let folder = "workspaces/\(band)/posts/bb/\(String(repeating: "b", count: 32))"
            let empty = "workspaces/\(band)/posts/bc/bc\(String(repeating: "c", count: 30))"
            try world.commitPlainly([
                "\(folder)/post.json": [1], "\(empty)/note.txt": [1], "workspaces/\(band)/posts/README": [1],
                // On a shelf where it does not belong there is no post.
                "workspaces/\(band)/posts/cc/\(String(repeating: "d", count: 32))/post.json": [1],
            ])
            let snapshot = try world.store.snapshot()
            #expect(
                try Set(texts(snapshot.posts(of: band)))
                    == ["good", "\(folder)/post.json", "\(empty)/post.json"])
            let bad = try #require(PostID(String(repeating: "b", count: 32)))
            let error = try storeError(.damaged) { try snapshot.post(bad, in: band) }
            #expect(error.message.contains(folder))
        }
    }

    @Test func thePointerSaysWhichImageItIs() throws {
        try withBand { world, band in
            let id = try write("x", in: band, world)
            let folder = RecordFolder.post(band, id).path
            let before = try world.store.snapshot()
            let image = Pointer(oid: ContentHash(of: [1]), size: 1)
            try world.commitPlainly(["\(folder)/image.png": image.encoded()])
            let after = try world.store.snapshot()
            let (old, new) = (
                try #require(try before.post(id, in: band)), try #require(try after.post(id, in: band))
            )
            #expect(new.image?.pointer == image && new.post.image == nil && new.imageHash == image.oid)
            #expect(try before.content(of: old).hash != after.content(of: new).hash)
        }
    }
}
