import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// The times of posts. The clock of a place begins on 2027-01-15.
@Suite(.enabled(if: FileSystem.exists("/usr/share/zoneinfo/Europe/Berlin"))) struct ScheduleTests {
    @Test func aTimeIsThatOnTheClockOfTheZone() throws {
        try withBand { place in
            let post = try place.newPost { $0.time = "2027-07-01T09:00" }
            #expect(post.scheduledAt?.description == "2027-07-01T07:00:00.000Z" && post.state == .draft)
            #expect(post.post.schedule?.zone == "Europe/Berlin")
            let ben = try place.session("ben")
            let id = post.post.id.hex
            let elsewhere = try ben.schedulePost(id, at: "2027-07-01 09:00:00", zone: "America/New_York").post
            #expect(elsewhere.scheduledAt?.description == "2027-07-01T13:00:00.000Z")
            _ = try place.decide(.submit, post, as: "cara")
            #expect(try place.decide(.approve, post, as: "ben") == .scheduled)
            #expect(try place.editPost(post, "title=x") == .pending)
            #expect(try place.decide(.approve, post, as: "ben") == .scheduled, "the time was kept")
            try failure(.notAllowed) { try place.session("cara").schedulePost(id, at: "2028-01-01T00:00") }
            #expect(try ben.unschedulePost(id).post.state == .approved)
            try failure(.wrongState) { try ben.unschedulePost(id) }
        }
    }

    @Test func timesThatAreOffAreExplained() throws {
        try withBand { place in
            let id = try place.newPost().post.id.hex
            let ben = try place.session("ben")
            let version = try place.library.version()
            let gap = try failure(.usage) { try ben.schedulePost(id, at: "2027-03-28T02:30") }
            #expect(gap.message.contains("forward") && gap.hint?.contains("2027-03-28T03:30:00") == true)
            let past = try failure(.usage) { try ben.schedulePost(id, at: "2027-01-01T00:00") }
            #expect(past.message.contains("past"))
            for zone in ["Mars/Base", "../../etc/passwd", "/etc/localtime", "Europe", "Europe/", "", "tzdata.zi"] {
                let unknown = try failure(.usage) { try ben.schedulePost(id, at: "2028-01-01T00:00", zone: zone) }
                #expect(unknown.message.contains("time zone"))
            }
            for time in ["tomorrow", "2028-02-30T00:00", "2028-01-01", "2028-01-01T00:00Z"] {
                try failure(.usage) { try ben.schedulePost(id, at: time) }
            }
            #expect(try place.library.version() == version)
            let twice = try ben.schedulePost(id, at: "2027-10-31T02:30")
            #expect(twice.remarks.count == 1 && twice.remarks[0].contains("twice"))
            #expect(twice.post.scheduledAt?.description == "2027-10-31T00:30:00.000Z")
        }
    }
}
