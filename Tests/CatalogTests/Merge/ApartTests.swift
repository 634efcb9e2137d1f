import Testing

@testable import Catalog

/// Records that have no base in common, be it that both were made apart or that each has all changes of the other.
@Suite struct ApartTests {
    @Test func aValueThatWasTakenAwayLaterIsKept() throws {
        let one = try Samples.post(text: "Hello").with { try $0.set("title", to: "Hi", at: Samples.stamp(2_000)) }
        let other = try Samples.post(text: "Hello").with {
            try $0.set("title", to: "Ho", at: Samples.stamp(2_500))
            try $0.set("title", to: nil, at: Samples.stamp(3_000))
        }
        for merged in [one.merged(with: other, base: nil), other.merged(with: one, base: nil)] {
            #expect(merged.record.title == nil)
            #expect(merged.record.conflicts.map(\.value) == ["Hi"])
        }
        let silent = Samples.post(text: "Hello")
        #expect(one.merged(with: silent, base: nil).record == one, "nobody took anything away")
    }

    /// Of two links under one name and one stamp, none may stand in one company and lose in another.
    @Test func linksOfOneStampOnlyGrow() throws {
        let links: [JSON] = [["a": "1", "x": "2"], ["x": "1"], ["x": "2"], ["a": "2"]]
        let sides = try links.map { links in
            try Samples.post(text: "Hello").with { try $0.set("links", to: links, at: Samples.stamp(2_000)) }
        }
        for first in sides {
            for second in sides {
                for third in sides {
                    let both = first.merged(with: second, base: nil).record
                    let all = both.merged(with: third, base: nil).record
                    #expect(all.merged(with: first, base: nil).record.links == all.links)
                    #expect(all.merged(with: both, base: nil).record.links == all.links)
                    #expect(
                        third.merged(with: second, base: nil).record.merged(with: first, base: nil).record.links
                            == all.links)
                }
            }
        }
    }
}
