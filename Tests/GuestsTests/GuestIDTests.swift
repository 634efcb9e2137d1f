import Store
import Testing

@testable import Guests

@Suite struct GuestIDTests {
    @Test(arguments: [
        "", "abcd", "../../../../../../../../etc/passwd", "0123456789abcdef0123456789abcde/",
        "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdef0",
        "0123456789abcdef0123456789abcde\u{0}",
        "..", ".", "offbeat-0123456789abcdef",
    ])
    func whatIsNoIDIsRefused(_ text: String) {
        #expect(GuestID(text) == nil)
    }

    @Test func idsAre128RandomBits() {
        let ids = (0..<1000).map { _ in GuestID.random(from: RandomSource()) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { GuestID($0.hex) == $0 })
        // Every digit takes every value: none of them is fixed.
        for place in 0..<32 {
            #expect(Set(ids.map { Array($0.hex.utf8)[place] }).count == 16)
        }
        let leading = RandomSource { 0 }
        #expect(GuestID.random(from: leading).hex == String(repeating: "0", count: 32))
    }
}
