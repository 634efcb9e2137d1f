import Catalog
import Files
import TestSupport
import Testing

/// Times as text.
struct TimeTests {
    @Test func writesMillisecondsInUTC() {
        #expect("\(Timestamp(milliseconds: 0))" == "1970-01-01T00:00:00.000Z")
        #expect("\(Timestamp(milliseconds: 1_795_251_600_007))" == "2026-11-21T09:00:00.007Z")
        #expect("\(Timestamp(milliseconds: -1))" == "1969-12-31T23:59:59.999Z")
        #expect("\(Timestamp(milliseconds: 951_782_400_000))" == "2000-02-29T00:00:00.000Z")
    }

    @Test func clampsToFourDigitYears() {
        #expect("\(Timestamp(milliseconds: .max))" == "9999-12-31T23:59:59.999Z")
        #expect("\(Timestamp(milliseconds: .min))" == "0000-01-01T00:00:00.000Z")
    }

    @Test func readsOffsetsAndDecimals() {
        let same = [
            "2026-11-21T09:00:00.007Z", "2026-11-21T10:00:00.007+01:00", "2026-11-20T23:30:00.007-09:30",
            "2026-11-21T09:00:00.0079999Z",
        ]
        for text in same { #expect(Timestamp(text)?.milliseconds == 1_795_251_600_007, "\(text)") }
        #expect(Timestamp("2026-11-21T09:00:00Z")?.milliseconds == 1_795_251_600_000)
        #expect(Timestamp("2026-11-21T09:00:00.5Z")?.milliseconds == 1_795_251_600_500)
    }

    @Test func refusesWhatRFC3339DoesNotHave() {
        let bad = [
            "", "2026-11-21", "2026-11-21T09:00:00", "2026-11-21 09:00:00Z", "2026-11-21t09:00:00z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00*01:00", "2026-01-01T00:00:00ZZ",
            "+026-01-01T00:00:00Z", "2026/01/01T00:00:00Z",
        ]
        for text in bad { #expect(Timestamp(text) == nil, "\(text)") }
    }

    @Test func everyDayOfFourCenturiesRoundTrips() throws {
        var expected = (year: 1900, month: 1, day: 1)
        let first = try #require(LocalTime(year: 1900, month: 1, day: 1)).secondsAsUTC
        for index in 0..<146_097 {
            let time = LocalTime(secondsAsUTC: first + Int64(index) * 86_400)
            guard time.date == expected else {
                Issue.record("\(time) is not \(expected)")
                return
            }
            expected.day += 1
            if LocalTime(year: expected.year, month: expected.month, day: expected.day) == nil {
                expected = expected.month == 12 ? (expected.year + 1, 1, 1) : (expected.year, expected.month + 1, 1)
            }
        }
        #expect(expected == (2300, 1, 1))
    }

    @Test func randomTimesRoundTrip() {
        var chance = SeededRandom()
        for _ in 0..<2_000 {
            let time = Timestamp(
                milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &chance))
            #expect(Timestamp(time.description) == time, "\(chance)")
        }
    }

    @Test func localTimesAreStrict() throws {
        let time = try #require(LocalTime("2026-11-20T09:05:07"))
        #expect("\(time)" == "2026-11-20T09:05:07")
        #expect(time.date == (2026, 11, 20))
        for bad in ["2026-11-20T09:05", "2026-11-20T09:05:07Z", "2026-11-20 09:05:07", "0000-00-00T00:00:00", ""] {
            #expect(LocalTime(bad) == nil, "\(bad)")
        }
        #expect(LocalTime("0000-01-01T00:00:00").map { "\($0)" } == "0000-01-01T00:00:00")
        #expect(try #require(LocalTime("2026-11-20T09:05:06")) < time)
    }

    @Test func readsPeriods() {
        #expect(PeriodOfTime.seconds("PT1H") == 3_600)
        #expect(PeriodOfTime.seconds("PT90M") == 5_400)
        #expect(PeriodOfTime.seconds("P1DT12H30M5S") == 131_405)
        #expect(PeriodOfTime.seconds("P2D") == 172_800)
        for bad in ["", "P", "PT", "1H", "PT1", "P1H", "PT1D", "PT1M1H", "PT-1H", "P1DT", "PT1.5H", "PT1X"] {
            #expect(PeriodOfTime.seconds(bad) == nil, "\(bad)")
        }
    }
}
