import Catalog
import Offbeat
import Store
import TestSupport
import Testing

/// Making workspaces, and who belongs to them.
@Suite struct WorkspaceTests {
    @Test func whoMakesAWorkspaceIsItsOwner() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            var request = WorkspaceRequest(slug: try #require(Slug("band")))
            request.name = "The Band"
            request.profiles = ["key"]
            request.usualZone = "Nowhere/At-all"
            let made = try place.session("ana").addWorkspace(request).workspace
            #expect(made.slug == "band" && made.workspace.name == "The Band" && made.role == .owner)
            #expect(made.members.map(\.handle) == ["ana"] && made.workspace.profiles == ["key"])
            #expect(made.workspace.zone == "UTC", "what this computer says is no zone")
            #expect(try place.session("ana").workspaces().map(\.slug) == ["band"])
            #expect(try place.session("ben").workspaces().isEmpty)
            try failure(.wrongState) { try place.session("ben").addWorkspace(request) }
            request.zone = "Nowhere/At-all"
            try failure(.usage) { try place.session("ana").addWorkspace(request) }
        }
    }

    @Test func somebodyHasToMakeIt() throws {
        try withPlace(people: []) { place in
            let request = WorkspaceRequest(slug: try #require(Slug("band")))
            try failure(.notAllowed) { try place.session.addWorkspace(request) }
            try failure(.notAllowed) { try place.session.posts(PostListRequest()) }
        }
    }

    @Test func onlyOwnersChangeAWorkspace() throws {
        try withBand { place in
            let before = try place.library.version()
            for name in ["ben", "cara", "vera"] {
                let session = try place.session(name)
                for message in try [
                    failure(.notAllowed) { try session.addMember("zoe", to: "band", as: .viewer) },
                    failure(.notAllowed) { try session.removeMember("vera", from: "band") },
                    failure(.notAllowed) { try session.editWorkspace("band", [.addProfile("key")]) },
                ].map(\.message) { #expect(message.contains("owner") && message.contains("band")) }
            }
            for body in [
                { try place.session("zoe").addMember("zoe", to: "band", as: .owner) },
                { try place.session("zoe").editWorkspace("band", [.addProfile("key")]) },
            ] { try failure(.notFound) { try body() } }
            #expect(try place.library.version() == before)
        }
    }

    @Test func theLastOwnerStays() throws {
        try withBand { place in
            let ana = try place.session("ana")
            try failure(.wrongState) { try ana.removeMember("ana", from: "band") }
            try failure(.wrongState) { try ana.addMember("ana", to: "band", as: .viewer) }
            _ = try ana.addMember("ben", to: "band", as: .owner)
            _ = try ana.removeMember("ana", from: "band")
            try failure(.notFound) { try ana.showWorkspace("band") }
            #expect(
                try place.session("ben").showWorkspace("band").members.map(\.handle) == ["ben", "cara", "vera"])
            try failure(.notFound) { try place.session("ben").removeMember("zoe", from: "band") }
        }
    }

    @Test func settingsAreChecked() throws {
        try withBand { place in
            func edit(_ words: String...) throws -> Workspace {
                try place.session("ana").editWorkspace("band", words.map { try WorkspaceChange(parsing: $0) })
                    .workspace.workspace
            }
            let band = try edit("name=Us", "approval=none", "selfApproval=true", "lateness=PT5M", "+a", "+b")
            #expect(band.name == "Us" && band.approval == .none && band.allowsSelfApproval && band.lateness == 300)
            #expect(try edit("-a", "slug=crew").profiles == ["b"])
            #expect(try place.session("vera").showWorkspace("crew").slug == "crew")
            let edits = [
                "approval=maybe", "selfApproval=1", "zone=Mars/Base", "lateness=soon", "owner=zoe", "slug=A B", "x",
            ]
            for word in edits {
                try failure(.usage) {
                    try place.session("ana").editWorkspace("crew", [WorkspaceChange(parsing: word)])
                }
            }
        }
    }

    @Test func oneSlugOfTwoLaptopsStandsForNeither() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            let meeting = try Meeting(place)
            let request = WorkspaceRequest(slug: try #require(Slug("band")))
            let one = try meeting.one.session("ana").addWorkspace(request).workspace.workspace.id
            meeting.pass()
            let other = try meeting.other.session("ana").addWorkspace(request).workspace.workspace.id
            try meeting.meet()
            let refusal = try failure(.ambiguous) { try place.session("ana").showWorkspace("band") }
            #expect(refusal.hint?.contains(one.hex) == true && refusal.hint?.contains(other.hex) == true)
            #expect(try place.session("ana").showWorkspace(other.hex).workspace.id == other)
            #expect(try place.session("ana").showWorkspace(String(one.hex.prefix(8))).workspace.id == one)
            let renamed = try place.session("ana").editWorkspace(other.hex, [.field("slug", "crew")])
            #expect(renamed.workspace.slug == "crew")
            #expect(try place.session("ana").showWorkspace("band").workspace.id == one)
        }
    }

    @Test func ownersWhoRemoveEachOtherLeaveSomebodyInCharge() throws {
        try withBand { place in
            _ = try place.session("ana").addMember("ben", to: "band", as: .owner)
            let meeting = try Meeting(place)
            _ = try meeting.one.session("ana").removeMember("ben", from: "band")
            meeting.pass()
            _ = try meeting.other.session("ben").removeMember("ana", from: "band")
            try meeting.meet()
            let found = try place.session("cara").showWorkspace("band")
            #expect(found.members.map(\.handle) == ["cara", "vera"] && found.role == .owner)
            _ = try place.session("cara").addMember("ana", to: "band", as: .owner)
            #expect(try place.session("cara").showWorkspace("band").role == .editor)
        }
    }

    @Test func tracksAreSharedByTheirOwner() throws {
        try withBand(sharing: .workspaces) { place in
            let song = try place.add("song.wav", as: "cara").id.hex
            let ben = try place.session("ben")
            try failure(.notFound) { try ben.show(song) }
            let shared = try place.session("cara").share([song, "song"], with: "band")
            #expect(shared.tracks.map(\.id.hex) == [song])
            #expect(try ben.show(song).owner == "cara" && titles(ben) == ["song"])
            _ = try place.edit(song, "title=Ours", as: "ben")
            try failure(.notFound) { try place.session("zoe").show(song) }
            try failure(.notAllowed) { try ben.unshare([song], from: "band") }
            try failure(.notAllowed) { try place.session("vera").share([song], with: "band") }
            #expect(try place.session("cara").share([song], with: "band").tracks.isEmpty)
            // Who looks after the workspace may take out what is shared with it.
            _ = try place.session("ana").unshare([song], from: "band")
            try failure(.notFound) { try ben.show(song) }
            #expect(try titles(place.session("cara")) == ["Ours"])
        }
    }
}
