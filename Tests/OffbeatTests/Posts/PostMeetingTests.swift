import Catalog
import Files
import Offbeat
import TestSupport
import Testing

/// What becomes of decisions that were made on two laptops.
@Suite(.enabled(if: isInstalled("git"))) struct PostMeetingTests {
    /// A post that was handed in before the laptops parted.
    private func withPending(_ body: (Meeting, PostSummary) throws -> Void) throws {
        try withBand { place in
            let post = try place.newPost("First\n\nSecond\n\nThird") { $0.isSubmitted = true }
            try body(Meeting(place), post)
        }
    }

    @Test func anEditThatArrivesEndsTheApproval() throws {
        for isApprovedFirst in [false, true] {
            try withPending { meeting, post in
                func approve() throws { _ = try meeting.one.decide(.approve, post, as: "ben") }
                if isApprovedFirst { try approve() }
                meeting.pass()
                _ = try meeting.other.editPost(post, "title=Other")
                meeting.pass()
                if !isApprovedFirst { try approve() }
                #expect(try meeting.one.state(of: post) == .approved)
                try meeting.meet()
                #expect(try meeting.one.state(of: post) == .pending && meeting.other.state(of: post) == .pending)
            }
        }
    }

    @Test func aTextThatIsPutTogetherWasApprovedByNobody() throws {
        try withPending { meeting, post in
            _ = try meeting.one.editPost(post, "text=1\n\nSecond\n\nThird")
            _ = try meeting.one.decide(.approve, post, as: "ben")
            meeting.pass()
            _ = try meeting.other.editPost(post, "text=First\n\nSecond\n\n3")
            _ = try meeting.other.decide(.approve, post, as: "ben")
            try meeting.meet()
            let found = try meeting.one.session("ana").showPost(post.post.id.hex)
            #expect(found.post.body == "1\n\nSecond\n\n3" && found.state == .pending)
        }
    }

    @Test func anEditAndItsUndoOnTheOtherLaptopEndTheApproval() throws {
        try withPending { meeting, post in
            _ = try meeting.one.decide(.approve, post, as: "ben")
            meeting.pass()
            _ = try meeting.other.editPost(post, "title=Other")
            _ = try meeting.other.editPost(post, "title=")
            try meeting.meet()
            #expect(try meeting.one.state(of: post) == .pending)
        }
    }

    @Test func theMostCautiousDecisionWinsWhoeverWasFirst() throws {
        for (step, state) in [(PostStep.reject, PostState.rejected), (.requestChanges, .changesRequested)] {
            for isApprovedFirst in [false, true] {
                try withPending { meeting, post in
                    let steps = isApprovedFirst ? [PostStep.approve, step] : [step, .approve]
                    for (place, step) in zip([meeting.one, meeting.other], steps) {
                        _ = try place.decide(step, post, as: step == .approve ? "ben" : "ana")
                        meeting.pass()
                    }
                    try meeting.meet()
                    #expect(try meeting.one.state(of: post) == state && meeting.other.state(of: post) == state)
                }
            }
        }
    }

    @Test func decisionsThatAgreeAreBothKept() throws {
        try withPending { meeting, post in
            _ = try meeting.one.decide(.approve, post, as: "ben")
            meeting.pass()
            _ = try meeting.other.decide(.approve, post, as: "ana")
            try meeting.meet()
            let found = try meeting.one.session("cara").showPost(post.post.id.hex)
            #expect(found.state == .approved && found.decisions.map(\.isValid) == [true, true, true])
            #expect(found.decisions.map(\.by) == ["cara", "ben", "ana"])
        }
    }

    @Test func aTrackEditedElsewhereEndsTheApproval() throws {
        try withBand { place in
            let song = try place.add("song.wav", as: "ana").id.hex
            let post = try place.newPost {
                $0.track = song
                $0.isSubmitted = true
            }
            let meeting = try Meeting(place)
            _ = try meeting.one.decide(.approve, post, as: "ben")
            meeting.pass()
            _ = try meeting.other.edit(song, "title=Other", as: "ana")
            try meeting.meet()
            #expect(try meeting.one.state(of: post) == .pending)
        }
    }
}
