import Catalog
import TestSupport
import Testing

/// A time on the clock of a zone, on the days on which clocks are changed: a post goes out then, and not an hour before or
/// after.
@Suite struct PublishClockTests {
    /// A time there, and the moment that it means.
    struct Appointment: Sendable, CustomTestStringConvertible {
        let local: String
        let zone: String
        let before: String
        let moment: String

        var testDescription: String { "\(local) \(zone)" }
    }

    @Test(arguments: [
        // Comes twice; the first one is meant.
        Appointment(
            local: "2031-10-26T02:30", zone: "Europe/Berlin", before: "2031-10-26T00:29:59Z",
            moment: "2031-10-26T00:30:00Z"),
        Appointment(
            local: "2031-10-26T03:00", zone: "Europe/Berlin", before: "2031-10-26T01:59:59Z",
            moment: "2031-10-26T02:00:00Z"),
        // The first minute after the gap, and the last before it.
        Appointment(
            local: "2031-03-30T03:00", zone: "Europe/Berlin", before: "2031-03-30T00:59:59Z",
            moment: "2031-03-30T01:00:00Z"),
        Appointment(
            local: "2031-03-30T01:59", zone: "Europe/Berlin", before: "2031-03-30T00:58:59Z",
            moment: "2031-03-30T00:59:00Z"),
        Appointment(
            local: "2031-11-02T01:30", zone: "America/New_York", before: "2031-11-02T05:29:59Z",
            moment: "2031-11-02T05:30:00Z"),
        // Half an hour.
        Appointment(
            local: "2031-04-06T01:45", zone: "Australia/Lord_Howe", before: "2031-04-05T14:44:59Z",
            moment: "2031-04-05T14:45:00Z"),
        Appointment(
            local: "2031-01-02T00:30", zone: "Pacific/Kiritimati", before: "2031-01-01T10:29:59Z",
            moment: "2031-01-01T10:30:00Z"),
    ])
    func goesOutAtItsMoment(_ appointment: Appointment) throws {
        try Band.with { band in
            let made = try Self.run(
                band, at: "2031-01-01T00:00:00Z",
                [
                    "--user", "cara", "post", "new", "-w", "band", "--submit", "--at", Word(appointment.local),
                    "--zone", Word(appointment.zone), "News",
                ]
            ).done().json()
            let id = Word(try #require(made["id"]?.asString))
            try Self.run(band, at: "2031-01-01T00:00:00Z", ["post", "approve", id]).done()
            let early = try Self.run(band, at: appointment.before, ["publish", "--due"]).done()
            #expect(try early.told("published") == [] && band.texts() == [])
            let onTime = try Self.run(band, at: appointment.moment, ["publish", "--due"]).done()
            #expect(try onTime.told("published").count == 1 && band.texts() == ["News"], "\(onTime)")
            let time = try band.received().first?["time"]?.asString
            #expect(time == appointment.moment.replacing("Z", with: ".000Z"))
        }
    }

    private static func run(_ band: Band, at clock: String, _ words: [Word]) throws -> Outcome {
        try band.studio.offbeat(
            words: ["--json", "--store", Word(band.tour.store("ana"))] + words, adding: ["OFFBEAT_NOW": clock])
    }

    /// A time that was said is on the clock that the zone had then, whatever zone the workspace has later.
    @Test func aChangeOfTheWorkspacesZone() throws {
        try Band.with { band in
            let own = try band.pending("own", at: 0, "--zone", "UTC")
            let usual = try band.pending("usual", at: 0)
            for id in [own, usual] { try band.at("ana", "post", "approve", id).done() }
            try band.at("ana", "workspace", "edit", "band", "zone=America/New_York").done()
            let moments = try [own, usual].map { try band.post($0)["scheduledAt"]?.asString ?? "" }
            #expect(moments == ["2031-01-01T12:00:00.000Z", "2031-01-01T12:00:00.000Z"])
            try band.publishDue("ana", minute: 0).done()
            #expect(Set(try band.texts()) == ["own", "usual"])
        }
    }
}
