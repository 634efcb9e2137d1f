import Files
import TestSupport
import Testing

@testable import Catalog

/// Whether clocks are read as the C library reads them, and what times mean that come twice or never.
@Suite struct ZoneTests {
    private static let place: FilePath = "/usr/share/zoneinfo"
    private static let isThere = FileSystem.exists(place.appending("Europe/Berlin"))

    private func rules(_ name: String) throws -> ZoneRules {
        let bytes = try FileSystem.read(Self.place.appending(name))
        return try #require(ZoneRules(file: bytes), "\(name)")
    }

    private func time(_ text: String) throws -> LocalTime { try #require(LocalTime(written: text), "\(text)") }

    @Test(.enabled(if: isThere)) func timesThatComeOnceTwiceAndNever() throws {
        let berlin = try rules("Europe/Berlin")
        func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }
        for (local, expected) in [
            ("2026-11-20T09:00", "2026-11-20T08:00:00Z"), ("2026-07-01 09:00", "2026-07-01T07:00:00Z"),
            // Beyond what the file lists.
            ("2099-07-01T09:00:00", "2099-07-01T07:00:00Z"), ("2099-01-01T09:00", "2099-01-01T08:00:00Z"),
        ] { #expect(try berlin.moments(of: time(local)) == .once(moment(expected))) }
        for year in ["2027-03-28", "2060-03-28"] {
            #expect(
                try berlin.moments(of: time("\(year)T02:30"))
                    == .never(instead: moment("\(year)T01:30:00Z"), shown: time("\(year)T03:30")))
        }
        for year in ["2027-10-31", "2060-10-31"] {
            #expect(
                try berlin.moments(of: time("\(year)T02:30"))
                    == .twice(earlier: moment("\(year)T00:30:00Z"), later: moment("\(year)T01:30:00Z")))
        }
        let utc = try rules("UTC")
        #expect(try utc.moments(of: time("2027-03-28T02:30")) == .once(moment("2027-03-28T02:30:00Z")))
    }

    /// Python reads the same files by a reader of its own.
    @Test(.enabled(if: isThere && isInstalled("python3")))
    func everyZoneGoesAsAnotherReaderSays() throws {
        let script = """
            import zoneinfo, datetime
            for name in sorted(zoneinfo.available_timezones()):
                try: zone = zoneinfo.ZoneInfo(name)
                except Exception: continue
                out = []
                for at in list(range(-2208988800, 4102444800, 8035200)) + list(range(4102444800, 7000000000, 40000000)):
                    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).astimezone(zone)
                    out.append(str(int(moment.utcoffset().total_seconds())))
                print(name, ' '.join(out))
            """
        let answer = try run(command: "python3", arguments: ["-c", script])
        try #require(answer.status == 0, "\(answer.stderr)")
        let moments =
            Array(stride(from: -2_208_988_800, to: 4_102_444_800, by: 8_035_200))
            + Array(stride(from: 4_102_444_800, to: 7_000_000_000, by: 40_000_000))
        var count = 0
        for line in answer.stdout.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard FileSystem.exists(Self.place.appending(String(words[0]))) else { continue }
            let rules = try rules(String(words[0]))
            let offsets = moments.map { rules.offset(at: Int64($0)) }
            #expect(offsets == words.dropFirst().compactMap { Int($0) }, "\(words[0])")
            count += 1
        }
        #expect(count > 300)
    }

    @Test func tailsOfEveryFormAreRead() throws {
        func tail(_ text: String) -> ZoneTail? { ZoneTail(Array(text.utf8)) }
        for text in [
            "UTC0", "<+03>-3", "CET-1CEST,M3.5.0,M10.5.0/3", "IST-2IDT,M3.4.4/26,M10.5.0",
            "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "EST5EDT4:30:15,J60,300/1:02:03", "AAA+5:30BBB,0/0,J365/25",
        ] { #expect(tail(text) != nil, "\(text)") }
        for text in [
            "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0", "<+03-3", "UTC0x",
        ] { #expect(tail(text) == nil, "\(text)") }
        let leapDay = try #require(tail("AAA0BBB,J60/0,J365/0"))
        // The 60th day of a common year is the first of March, also in a leap year.
        let march = try #require(LocalTime("2028-03-01T00:00:00")).secondsAsUTC
        #expect(leapDay.offset(at: march - 1) == 0 && leapDay.offset(at: march) == 3_600)
    }

    @Test func whatIsNoZoneIsRefused() throws {
        var random = SeededRandom()
        #expect(ZoneRules(file: []) == nil && ZoneRules(file: random.bytes(200)) == nil)
        guard Self.isThere else { return }
        let bytes = try FileSystem.read(Self.place.appending("Europe/Berlin"))
        // Whatever becomes of the file, it is read or refused, and never ends the program.
        for length in 0..<bytes.count { _ = ZoneRules(file: Array(bytes.prefix(length))) }
        for _ in 0..<3_000 {
            var other = bytes
            for _ in 0..<3 { other[Int.random(in: 0..<200, using: &random)] = UInt8(random.next() & 0xFF) }
            _ = ZoneRules(file: other)?.offset(at: Int64(bitPattern: random.next()))
        }
    }

    @Test func timesAreWrittenInThreeWays() {
        for text in ["2026-11-20T09:00:00", "2026-11-20T09:00", "2026-11-20 09:00"] {
            #expect(LocalTime(written: text)?.description == "2026-11-20T09:00:00")
        }
        for text in ["", "2026-11-20", "2026-02-29T09:00", "09:00", "2026-11-20T24:00", "2026-11-20T09:00Z"] {
            #expect(LocalTime(written: text) == nil)
        }
    }
}
