import TestSupport
import Testing

@testable import Catalog

/// What holds of joins whatever was written: all small cases of one field, and random records.
struct JoinPropertyTests {
    /// All that can stand in one field under so many stamps.
    private func cells(stamps: ClosedRange<UInt64>) -> [Cell] {
        let values: [JSON?] = [nil, "a", "b"]
        let written = stamps.flatMap { stamp in values.map { Cell(value: $0, stamp: Samples.stamp(stamp)) } }
        return written + [Cell(value: nil, stamp: nil)]
    }

    /// Whether a laptop can have this after that base without plain git: what changed has a later stamp.
    private func isWritten(_ cell: Cell, since base: Cell) -> Bool {
        cell == base || Cell.isLater(cell.stamp, than: base.stamp)
    }

    @Test func joiningIsCommutativeAndIdempotent() {
        for base in cells(stamps: 1...1) {
            for one in cells(stamps: 1...3) {
                for other in cells(stamps: 1...3) {
                    let joined = CellJoin(one, other, base: base, .later)
                    let mirrored = CellJoin(other, one, base: base, .later)
                    #expect(joined.result == mirrored.result && joined.lost == mirrored.lost)
                    // Meeting one of the sides again changes nothing, where no two values have one stamp.
                    guard isWritten(one, since: base), isWritten(other, since: base) else { continue }
                    if one.stamp == other.stamp, one != other { continue }
                    #expect(CellJoin(joined.result, one, base: base, .later).result == joined.result)
                    #expect(CellJoin(joined.result, one, base: one, .later).result == joined.result)
                }
            }
        }
    }

    @Test func joinsOfWhatWasWrittenAreAssociative() {
        for base in cells(stamps: 1...1) {
            let sides = cells(stamps: 1...4).filter { isWritten($0, since: base) }
            for one in sides {
                for other in sides {
                    for third in sides {
                        let left = CellJoin(
                            CellJoin(one, other, base: base, .later).result, third, base: base, .later)
                        let right = CellJoin(
                            one, CellJoin(other, third, base: base, .later).result, base: base, .later)
                        #expect(left.result == right.result, "\(one) \(other) \(third)")
                    }
                }
            }
        }
    }

    @Test func nothingThatSomebodyWroteIsMissing() {
        for base in cells(stamps: 1...1) {
            for one in cells(stamps: 1...3) {
                for other in cells(stamps: 1...3) {
                    let joined = CellJoin(one, other, base: base, .later)
                    let there = [joined.result.value, joined.lost?.value]
                    for side in [one, other] where side.value != nil && side.value != base.value {
                        #expect(there.contains(side.value), "\(base) \(one) \(other): \(joined)")
                    }
                }
            }
        }
    }
}
