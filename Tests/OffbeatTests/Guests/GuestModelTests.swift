import Files
import Glibc
import TestSupport
import Testing

/// A library with guests that come, work, are kept, ended and forgotten by chance: each sees what plain values say.
@Suite struct GuestModelTests {
    @Test func guestsAgreeWithTheModel() throws {
        let count = getenv("OFFBEAT_OPERATIONS").flatMap { Int(String(cString: $0)) } ?? 400
        let chance = SeededRandom()
        print("\(count) operations with guests: \(chance)")
        try withPlace(people: ["ana", "ben"]) { place in
            var rig = try GuestRig(at: place, chance)
            for step in 1...count {
                let what = try rig.step()
                try rig.compare(after: "\(step) \(what)")
                if step % 100 == 0 || step == count { try rig.expectSound() }
            }
            for what in ["start", "work", "library", "keep", "end", "pass", "collect", "put back"] {
                #expect(rig.done[what, default: 0] > count / 200, "\(rig.done)")
            }
        }
    }
}
