import Catalog
import Files
import Publishing
import Store
import TestSupport
import Testing

@testable import Offbeat

/// What a feed tells of posts, once their records say something else.
@Suite struct PublishedPostsTests {
    private func withFeed(_ body: (Place, FilePath) throws -> Void) throws {
        try withReceiver { place, _ in
            _ = try place.session("ana").removeTarget("band", .command)
            var request = TargetRequest(.feed)
            let folder = place.folder.appending("feed")
            request.folder = folder
            _ = try place.session("ana").setTarget("band", request)
            try body(place, folder)
        }
    }

    private func items(_ folder: FilePath) throws -> [JSON] {
        try JSON.parse(FileSystem.read(folder.appending("feed.json")))["items"]?.asArray ?? []
    }

    @Test func eachIsToldAsItWentOutWhateverBecameOfItsTrack() throws {
        try withFeed { place, folder in
            let track = try place.add("song.wav", as: "ana")
            let first = try place.newPost { ($0.title, $0.track, $0.isSubmitted) = ("First", track.id.hex, true) }
            _ = try place.decide(.approve, first, as: "ben")
            try #expect(place.publish(first).published.count == 1)
            let told = try items(folder)
            #expect(told.first?["attachments"]?.asArray?.first?["title"] == "song")

            place.clock.pass(seconds: 60)
            _ = try place.edit("song", "title=Renamed", as: "ana")
            for text in ["second", "third"] {
                place.clock.pass(seconds: 60)
                try #expect(place.publish(place.approved(text)).published.count == 1)
                // Looked up in the history first, and remembered then.
                try #expect(items(folder).contains(told[0]), "\(text)")
            }
            let memory = LocalTargets.folder(in: place.path).appending("out")
            try #expect(FileSystem.list(memory).count == 1)
            try #expect(items(folder).count == 3)

            // Without an index all posts are read, and it comes to the same.
            try place.library.settings.set(.cacheEnabled, to: "false")
            // What is remembered is derived.
            for file in try FileSystem.list(memory) { try FileSystem.write("x", to: memory.appending(file.name)) }
            try #expect(place.publish(place.approved("fourth")).published.count == 1)
            try #expect(items(folder).contains(told[0]) && items(folder).count == 4)
        }
    }

    @Test func aMergeThatChangedItChangesNothingOfIt() throws {
        try withFeed { place, folder in
            let post = try place.approved("first")
            try #expect(place.publish(post).published.count == 1)
            // As a merge of an edit from before makes it.
            let view = try place.session("ben").view()
            let workspace = try view.workspaces.one(named: "band")
            try place.library.store.write(by: view.person) { draft in
                var record = try #require(try draft.base.post(post.post.id, in: workspace.id)).post
                try record.set("text", to: "other", at: draft.stamp(after: record.stamp(of: "text")))
                try draft.put(record, in: workspace.id)
                return "Edit what is out"
            }
            try #expect(place.publish(place.approved("second")).published.count == 1)
            try #expect(items(folder).compactMap { $0["content_text"]?.asString }.sorted() == ["first", "second"])
        }
    }
}
