import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// `kill -9` at any moment leaves the version before or the version after, and nothing for a person to mend.
@Suite(.serialized) struct KillTests {
    /// At moments that are spread evenly over the time that the command takes.
    @Test func atRandomMoments() throws {
        let rounds = getenv("OFFBEAT_KILLS").flatMap { Int(String(cString: $0)) } ?? 25
        try Studio.withStore { studio in
            var killer = try Killer(studio, rounds: rounds)
            try killer.run()
        }
    }
}
