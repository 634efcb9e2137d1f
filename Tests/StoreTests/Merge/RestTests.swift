import Glibc
import TestSupport
import Testing

@testable import Store

/// Laptops on which nobody changes anything any more come to rest, whatever was done before and whoever meets whom, and
/// nothing that a person wrote is lost on the way.
@Suite struct RestTests {
    @Test(arguments: Crowd.Meetings.allCases, Crowd.Subject.allCases)
    func laptopsThatOnlyMeetComeToRest(_ meetings: Crowd.Meetings, _ subject: Crowd.Subject) throws {
        for _ in 0..<Self.count {
            let random = SeededRandom()
            try withVersions { versions in
                var crowd = try Crowd(versions, about: subject, random)
                try crowd.live()
                if try crowd.settle(meetings) == nil {
                    Issue.record("still merging; \(random)\n\(try crowd.differences())")
                }
                let lost = try crowd.lost()
                #expect(lost.isEmpty, "\(lost.sorted()) is lost; \(random)")
            }
        }
    }

    private static var count: Int { Histories.count(getenv("OFFBEAT_LONG") == nil ? 5 : 400) }
}
