import Blobs
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Writing posts, and deciding about them.
@Suite struct PostTests {
    @Test func aPostIsWrittenApprovedAndEdited() throws {
        try withBand { place in
            let post = try place.newPost {
                $0.title = "News"
                $0.platforms = ["x", "mastodon"]
            }
            #expect(post.state == .draft && post.author == "cara" && post.post.platforms == ["mastodon", "x"])
            #expect(try place.decide(.submit, post, as: "cara") == .pending)
            #expect(try place.decide(.approve, post, as: "ben") == .approved)
            #expect(try place.editPost(post, "platforms=x") == .pending)
            #expect(try place.editPost(post, "platforms=x,mastodon") == .pending)
            #expect(try place.decide(.reject, post, as: "ana") == .rejected)
            #expect(try place.editPost(post, "text=Better") == .draft)
            #expect(try place.decide(.submit, post, as: "cara") == .pending)
            #expect(try place.decide(.requestChanges, post, as: "ben") == .changesRequested)
            #expect(try place.decide(.submit, post, as: "cara") == .pending)
            let version = try place.library.version()
            #expect(try place.editPost(post, "text=Better") == .pending)
            #expect(try place.library.version() == version, "nothing was changed")
        }
    }

    @Test func aRefusalNamesTheStateAndTheRole() throws {
        try withBand { place in
            let post = try place.newPost()
            let version = try place.library.version()
            let approved = try failure(.wrongState) { try place.decide(.approve, post, as: "ben") }
            #expect(approved.message.contains("draft") && approved.message.contains("pending"))
            let byEditor = try failure(.notAllowed) { try place.decide(.approve, post, as: "cara") }
            #expect(byEditor.message.contains("draft") && byEditor.message.contains("approver"))
            try failure(.notAllowed) { try place.editPost(post, "text=x", as: "vera") }
            try failure(.notAllowed) { try place.session("vera").newPost(PostRequest(in: "band", text: "")) }
            try failure(.wrongState) { try place.session("cara").unschedulePost(post.post.id.hex) }
            #expect(try place.library.version() == version)
            let own = try place.newPost("Mine", as: "ben") { $0.isSubmitted = true }
            let refusal = try failure(.notAllowed) { try place.decide(.approve, own, as: "ben") }
            #expect(refusal.message.contains("your own") && refusal.message.contains("pending"))
            _ = try place.session("ana").editWorkspace("band", [.field("selfApproval", "true")])
            #expect(try place.decide(.approve, own, as: "ben") == .approved)
        }
    }

    @Test func whereNoApprovalIsAskedForSubmittingApproves() throws {
        try withBand { place in
            _ = try place.session("ana").editWorkspace("band", [.field("approval", "none")])
            let post = try place.newPost { $0.isSubmitted = true }
            #expect(post.state == .approved)
            #expect(try place.editPost(post, "text=Other") == .pending)
            #expect(try place.decide(.submit, post, as: "cara") == .approved)
            _ = try place.session("ana").editWorkspace("band", [.field("approval", "required")])
            #expect(try place.state(of: post) == .pending)
        }
    }

    @Test func forAStrangerAPostIsNotThere() throws {
        try withBand { place in
            let post = try place.newPost { $0.isSubmitted = true }
            let (zoe, id) = (try place.session("zoe"), post.post.id.hex)
            let nothing = String(repeating: "0", count: 32)
            let expected = try failure(.notFound) { try zoe.showPost(nothing) }.message
            for step in PostStep.allCases where step.decision != nil {
                let message = try failure(.notFound) { try zoe.decide(step, on: id) }.message
                #expect(message == expected.replacing(nothing, with: id))
            }
            try failure(.notFound) { try zoe.editPost(id, [.title("x")]) }
            try failure(.notFound) { try zoe.removePost(id) }
            try failure(.notFound) { try zoe.newPost(PostRequest(in: "band", text: "x")) }
            #expect(try place.texts("zoe").isEmpty)
            let status = try zoe.status()
            #expect(status.posts == 0 && status.waiting == 0)
            var subjects: [String] = []
            try zoe.log { entry in
                subjects.append(entry.entry.subject)
                return true
            }
            #expect(!subjects.isEmpty && !subjects.contains { $0.contains("Out now") || $0.contains("band") })
            let changes = try zoe.diff("HEAD~1", "HEAD")
            #expect(changes.isEmpty)
            try failure(.notFound) { try zoe.debugRecord("workspaces/\(post.workspace.id)/workspace.json") }
        }
    }

    @Test func whatWaitsIsToldToWhoCanDoSomething() throws {
        try withBand { place in
            let first = try place.newPost("first") { $0.isSubmitted = true }
            place.clock.pass(seconds: 1)
            let second = try place.newPost("second") { $0.isSubmitted = true }
            func waiting(_ name: String) throws -> [String] { try place.texts(name) { $0.onlyAwaited = true } }
            #expect(
                try waiting("ben") == ["second", "first"] && waiting("cara").isEmpty && waiting("vera").isEmpty)
            _ = try place.decide(.reject, first, as: "ben")
            _ = try place.decide(.approve, second, as: "ben")
            #expect(try waiting("ben").isEmpty && waiting("cara") == ["first"])
            #expect(try place.session("cara").status().waiting == 1)
            #expect(try place.session("vera").status().posts == 2)
            #expect(try place.texts("vera") { $0.state = .approved } == ["second"])
        }
    }

    @Test func listsArePaged() throws {
        try withBand { place in
            for number in 1...5 {
                place.clock.pass(seconds: 1)
                _ = try place.newPost("\(number)")
            }
            var request = PostListRequest()
            request.limit = 2
            let first = try place.session("vera").posts(request)
            #expect(first.posts.map(\.post.body) == ["5", "4"] && first.total == 5)
            // What ended the page may be gone by the next.
            _ = try place.session("cara").removePost(first.posts[1].post.id.hex)
            request.cursor = first.next
            let second = try place.session("vera").posts(request)
            #expect(second.posts.map(\.post.body) == ["3", "2"])
            request.cursor = second.next
            let last = try place.session("vera").posts(request)
            #expect(last.posts.map(\.post.body) == ["1"] && last.next == nil)
            request.cursor = "x"
            try failure(.usage) { try place.session("vera").posts(request) }
        }
    }

    @Test func aTrackThatChangesOrGoesEndsTheApproval() throws {
        try withBand { place in
            let song = try place.add("song.wav", as: "ana").id.hex
            let post = try place.newPost {
                $0.track = song
                $0.isSubmitted = true
            }
            for change in ["title=Other", "comment=x"] {
                _ = try place.decide(.approve, post, as: "ben")
                #expect(try place.edit(song, "rating=3").tracks.count <= 1)
                #expect(try place.state(of: post) == .approved)
                _ = try place.edit(song, change)
                #expect(try place.state(of: post) == .pending)
            }
            _ = try place.decide(.approve, post, as: "ben")
            _ = try place.session("ana").replace(song, with: place.sound("other.wav", frequency: 900))
            #expect(try place.state(of: post) == .pending)
            _ = try place.decide(.approve, post, as: "ben")
            _ = try place.session("ana").remove([song])
            let gone = try place.session("ana").showPost(post.post.id.hex)
            #expect(gone.state == .pending && !gone.hasTrack && gone.post.track?.hex == song)
            #expect(try place.decide(.approve, post, as: "ben") == .approved, "as it is, without its track")
        }
    }

    @Test func anImageIsAFileOfTheStore() throws {
        try withBand { place in
            let image = place.folder.appending("cover")
            try FileSystem.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4, 5], to: image)
            let post = try place.newPost { $0.image = image }
            let folder = RecordFolder.post(post.workspace.id, post.post.id).path
            #expect(try place.files(below: folder) == ["image.png", "post.json"])
            #expect(try place.store.blobs.contains(pointer(to: image)))
            let request = CheckRequest(scratch: place.folder.appending("scratch"))
            let report = try Library.check(at: place.path, request, context: place.clock.context)
            #expect(report.problems.isEmpty)
            let other = place.folder.appending("other.jpg")
            try FileSystem.write([0xFF, 0xD8, 0xFF, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], to: other)
            _ = try place.session("cara").editPost(post.post.id.hex, [.image(other)])
            #expect(try place.files(below: folder) == ["image.jpg", "post.json"])
            _ = try place.session("cara").editPost(post.post.id.hex, [.image(nil)])
            #expect(try place.files(below: folder) == ["post.json"])
            try failure(.usage) { try place.newPost { $0.image = place.path.appending("HEAD") } }
            try failure(.notFound) { try place.newPost { $0.image = place.folder.appending("nothing.png") } }
            try failure(.usage) { try place.newPost { $0.image = place.folder } }
        }
    }

    @Test func anUndoTakesNoDecisionBack() throws {
        try withBand { place in
            let post = try place.newPost { $0.isSubmitted = true }
            _ = try place.decide(.approve, post, as: "ben")
            try failure(.wrongState) { try place.session("cara").undo() }
            #expect(try place.state(of: post) == .approved)
            _ = try place.session("ben").schedulePost(post.post.id.hex, at: "2030-01-01T00:00")
            // Ben has done nothing but decide; the time he set is a field.
            _ = try place.session("ben").undo()
            #expect(try place.state(of: post) == .approved)
            try failure(.notFound) { try place.session("ben").undo() }
        }
    }

    @Test func anUndoOfAnEditDoesNotRestoreTheApproval() throws {
        try withBand { place in
            let post = try place.newPost { $0.isSubmitted = true }
            _ = try place.decide(.approve, post, as: "ben")
            _ = try place.editPost(post, "text=Other")
            _ = try place.session("cara").undo()
            let found = try place.session("ana").showPost(post.post.id.hex)
            #expect(found.post.body == "Out now" && found.state == .pending)
        }
    }

    @Test func anEditorTakesNoTimeFromWhatIsScheduled() throws {
        try withBand { place in
            let post = try place.newPost { $0.isSubmitted = true }
            _ = try place.session("cara").schedulePost(post.post.id.hex, at: "2030-01-01T00:00")
            #expect(try place.decide(.approve, post, as: "ben") == .scheduled)
            try failure(.wrongState) { try place.session("cara").undo() }
            #expect(try place.state(of: post) == .scheduled)
        }
    }

    @Test func aWorkspaceThatHasPostsIsNotUndone() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            _ = try place.session("ana").addWorkspace(WorkspaceRequest(slug: try #require(Slug("band"))))
            let post = try place.newPost(as: "ana")
            _ = try place.session("ana").undo()
            _ = try place.session("ana").undo()
            #expect(try place.session("ana").workspaces().isEmpty)
            _ = try place.session("ana").addWorkspace(WorkspaceRequest(slug: try #require(Slug("band"))))
            let workspace = try place.session("ana").showWorkspace("band").workspace.id
            try place.commitPlainly([RecordPath.post(workspace, post.post.id).text: post.post.encode()])
            let refusal = try failure(.wrongState) { try place.session("ana").undo() }
            #expect(refusal.message.contains("it has posts"))
        }
    }

    @Test func whatCannotBeReadIsNamedAndStopsNothing() throws {
        try withBand { place in
            let post = try place.newPost("good")
            let bad = String(repeating: "b", count: 32)
            let path = "workspaces/\(post.workspace.id)/posts/bb/\(bad)/post.json"
            try place.commitPlainly([path: [1, 2, 3]])
            let list = try place.session("vera").posts(PostListRequest())
            #expect(list.posts.map(\.post.body) == ["good"] && list.unreadable.map(\.path) == [path])
            let damaged = try failure(.damaged) { try place.session("vera").showPost("bbbb") }
            #expect(damaged.message.contains(path))
            let status = try place.session("vera").status()
            #expect(status.posts == 2 && status.unreadable.map(\.path).contains(path))
            try failure(.notFound) { try place.session("zoe").showPost("bbbb") }
        }
    }
}
