import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Of which changes a program is told.
@Suite struct TransitionTests {
    @Test func eachStepIsTold() throws {
        try withEar { place, ear in
            let post = try place.newPost()
            #expect(try ear.changes() == ["nothing → draft"])
            _ = try place.decide(.submit, post, as: "cara")
            #expect(try ear.changes() == ["draft → pending"])
            _ = try place.decide(.requestChanges, post, as: "ben")
            #expect(try ear.changes() == ["pending → changes-requested"])
            _ = try place.decide(.submit, post, as: "cara")
            _ = try place.decide(.approve, post, as: "ben")
            #expect(try ear.changes() == ["changes-requested → pending", "pending → approved"])
            _ = try place.session("ben").schedulePost(post.post.id.hex, at: "2099-01-01T09:00")
            #expect(try ear.changes() == ["approved → scheduled"])
            _ = try place.editPost(post, "text=Otherwise")
            #expect(try ear.changes() == ["scheduled → pending"], "an edit voids the approval")
            _ = try place.decide(.reject, post, as: "ben")
            #expect(try ear.changes() == ["pending → rejected"])
            // A change that leaves it where it was is none of state.
            _ = try place.editPost(post, "title=x")
            _ = try place.editPost(post, "title=y")
            #expect(try ear.changes() == ["rejected → draft"])
            _ = try place.session("cara").removePost(post.post.id.hex)
            let removed = try #require(try ear.heard().first)
            #expect(removed["from"] == "draft" && removed["to"] == .null)
            #expect(removed["post"]?["title"] == "y", "as it was")
        }
    }

    @Test func theDocumentIsThatOfThePost() throws {
        try withEar { place, ear in
            let made = try place.newPost { $0.isSubmitted = true }
            let told = try #require(try ear.heard().first)
            #expect(told["from"] == .null && told["to"] == "pending" && told["workspace"] == "band")
            #expect(told["post"] == made.json)
            let version = try place.library.version()
            #expect(told["version"]?.asString == version.description)
            #expect(told["store"]?.asString == place.path.string)
        }
    }

    @Test func whatIsNoPostIsNotTold() throws {
        try withEar { place, ear in
            _ = try place.add("song.wav")
            _ = try place.edit("song", "title=x")
            _ = try place.session("ana").editWorkspace("band", [.field("name", "x")])
            try place.addPerson("yan")
            #expect(try ear.heard().isEmpty)
            _ = try place.newPost()
            #expect(try ear.changes() == ["nothing → draft"])
        }
    }

    @Test(arguments: [true, false]) func anEditOfTheTrackVoidsAnApproval(isIndexed: Bool) throws {
        try withEar { place, ear in
            let song = try place.add("song.wav", as: "cara").id.hex
            let post = try place.newPost { ($0.track, $0.isSubmitted) = (song, true) }
            _ = try place.newPost("about nothing")
            _ = try place.decide(.approve, post, as: "ben")
            #expect(try ear.heard().count == 3)
            if isIndexed {
                #expect(try place.texts("ana").count == 2)
            } else {
                try place.library.settings.set(.cacheEnabled, to: "false")
            }
            _ = try place.edit("song", "rating=5")
            #expect(try ear.heard().isEmpty, "which is no part of what was approved")
            _ = try place.edit("song", "title=x")
            #expect(try ear.changes() == ["approved → pending"])
            // What is put back was decided anew: the approval stays void.
            _ = try place.session.undo()
            #expect(try ear.changes() == [])
        }
    }

    @Test func anUndoIsTold() throws {
        try withEar { place, ear in
            let post = try place.newPost { $0.isSubmitted = true }
            _ = try place.decide(.reject, post, as: "ben")
            _ = try place.session("cara").removePost(post.post.id.hex)
            #expect(try ear.heard().count == 3)
            _ = try place.session("cara").undo()
            #expect(try ear.changes() == ["nothing → draft"], "what returns was decided anew")
        }
    }

    @Test func otherTermsOfTheWorkspaceAreTold() throws {
        try withEar { place, ear in
            for text in ["a", "b"] { _ = try place.newPost(text) { $0.isSubmitted = true } }
            _ = try place.newPost("c")
            #expect(try ear.heard().count == 3)
            _ = try place.session("ana").editWorkspace("band", [.field("approval", "none")])
            #expect(try ear.changes() == ["pending → approved", "pending → approved"])
        }
    }

    @Test func aSyncTellsWhatCame() throws {
        try withBand { place in
            let post = try place.newPost { $0.isSubmitted = true }
            try place.addRemote()
            let meeting = try Meeting(place)
            let ear = try Ear(in: meeting.other)
            meeting.pass()
            _ = try place.decide(.approve, post, as: "ben")
            _ = try place.newPost("another")
            _ = try place.library.sync()
            #expect(try ear.heard().isEmpty)
            _ = try meeting.other.library.sync()
            #expect(try ear.changes().sorted() == ["nothing → draft", "pending → approved"])
            _ = try meeting.other.library.sync()
            #expect(try ear.heard().isEmpty)
        }
    }
}
