import TestSupport
import Testing

@testable import Catalog

/// Two edits of one text, line by line.
struct LineMergeTests {
    private func merge(_ base: String, _ one: String, _ other: String) -> String? {
        let merged = LineMerge.merge(one, other, base: base)
        #expect(merged == LineMerge.merge(other, one, base: base), "the sides are alike")
        return merged
    }

    @Test func editsOfDifferentLinesCombine() {
        #expect(merge("a\nb\nc", "A\nb\nc", "a\nb\nC") == "A\nb\nC")
        #expect(merge("a\nb\nc\n", "a\nb\nc\nd\n", "0\na\nb\nc\n") == "0\na\nb\nc\nd\n")
        #expect(merge("a\n\nb", "a\n\nb\n\nc", "\nb") == "\nb\n\nc")
        #expect(merge("a\nb\nc\nd", "a\nd", "a\nb\nc\nd\ne") == "a\nd\ne")
        #expect(merge("a\nb", "A\nb", "a\nB") == "A\nB")
    }

    @Test func editsOfOneLineDoNot() {
        #expect(merge("a", "b", "c") == nil)
        #expect(merge("a\nb\nc", "a\nB\nc", "a\nc") == nil)
        #expect(merge("", "x", "y") == nil)
        #expect(merge("a\nb", "a\nx\nb", "a\ny\nb") == nil, "nobody knows which comes first")
        #expect(merge("a\nb", "a\nx\nb", "A\nb") == nil)
    }

    @Test func whatBothDidIsDoneOnce() {
        #expect(merge("a\nb", "a\nx\nb", "a\nx\nb") == "a\nx\nb")
        #expect(merge("a\nb\nc\nd\ne", "a\nx\nc\nd\nE", "0\na\nx\nc\nd\ne") == "0\na\nx\nc\nd\nE")
        #expect(merge("a\nb\nc", "a\nc", "a\nc") == "a\nc")
    }

    @Test func linesAreBytes() {
        #expect(merge("Caf\u{e9}\n\nb", "Cafe\u{301}\n\nb", "Caf\u{e9}\n\nB") == "Cafe\u{301}\n\nB")
        #expect(merge("a\r\n\nb", "a\n\nb", "a\r\n\nB") == "a\n\nB")
    }

    @Test func aDiffLeadsFromOneToTheOther() {
        var random = SeededRandom()
        for _ in 0..<2_000 {
            let old = randomLines(&random), new = randomLines(&random)
            let hunks = LineDiff(from: old, to: new).hunks
            var built: [Substring] = []
            var position = 0
            for hunk in hunks {
                built += old[position..<hunk.old.lowerBound] + new[hunk.new]
                #expect(hunk.new.upperBound == built.count, "\(random)")
                position = hunk.old.upperBound
            }
            built += old[position...]
            #expect(built == new, "\(old) \(new) \(hunks) \(random)")
        }
    }

    private func randomLines(_ random: inout SeededRandom) -> [Substring] {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
            Substring(["a", "b", "c", ""].randomElement(using: &random) ?? "")
        }
    }

    /// Texts that somebody made up to keep a merge busy end soon, as one great difference.
    @Test(.timeLimit(.minutes(1))) func textsOfVeryManyLinesEnd() {
        let base = String(repeating: "a\n", count: 200_000)
        let one = String(repeating: "b\n", count: 200_000)
        let other = String(repeating: "a\nb\n", count: 100_000)
        #expect(merge(base, one, other) == nil)
        #expect(merge(base, one, base + "z") != nil)
    }
}
