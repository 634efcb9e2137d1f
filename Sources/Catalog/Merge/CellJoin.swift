/// Two laptops' cells of one place, joined.
struct CellJoin {
    /// What stands from now on.
    private(set) var result: Cell
    /// What lost and would be missed.
    private(set) var lost: Cell?

    private let cells: [Cell]
    private let base: Cell?
    private let merging: Merging

    /// Joins two cells.
    ///
    /// - Parameters:
    ///   - base: what both were made from; nil where they were made apart.
    ///   - merging: the rule for their place.
    init(_ one: Cell, _ other: Cell, base: Cell?, _ merging: Merging) {
        cells = one.prevails(over: other) ? [one, other] : [other, one]
        self.base = base
        self.merging = merging
        result = cells[0]
        if one != other { join() }
    }

    /// The one that stands by its stamp.
    private var winner: Cell { cells[0] }
    private var loser: Cell { cells[1] }

    /// A stamp for what is neither side's.
    private var newStamp: Stamp { Cell.stamp(of: cells, base: base) }

    private mutating func join() {
        switch merging {
        case .settled, .ofFile: return
        case .united: return unite()
        case .greatest: return takeGreatest()
        case .least: return takeLeast()
        case .strictest: return takeStrictest()
        case .later, .laterOfAdded, .lines, .file: break
        }
        if let base, isAnyByHand { return joinByHand(since: base) }
        if isSame(winner.value, loser.value) || !areBothChanged || combineLines() { return }
        keep(loser)
    }

    private var isAnyByHand: Bool {
        guard let base else { return false }
        return cells.contains { $0.isByHand(since: base) }
    }

    /// Whether both sides decided something since; without a base, whether both say something, be it that there is
    /// nothing any more.
    private var areBothChanged: Bool {
        guard let base else {
            return loser.value != nil && (winner.value != nil || winner.stamp != nil) && merging != .laterOfAdded
        }
        return cells.allSatisfy { isDecided($0, since: base) }
    }

    /// Whether somebody decided it anew, be it to the same value.
    private func isDecided(_ cell: Cell, since base: Cell) -> Bool {
        Cell.isLater(cell.stamp, than: base.stamp) || !isSame(cell.value, base.value)
    }

    private func isSame(_ one: JSON?, _ other: JSON?) -> Bool {
        guard merging == .file, let one, let other else { return one == other }
        return one["oid"] == other["oid"]
    }

    private mutating func keep(_ cell: Cell) {
        // An element that was taken away, or that has nothing but its name, such as a tag, is not missed.
        if let values = cell.value?.asObject, values.isEmpty || values["gone"] == true { return }
        lost = cell
    }

    // MARK: What came without a stamp

    /// A value that somebody changed by plain git was decided after what they saw, so it gets a stamp after that.
    private mutating func joinByHand(since base: Cell) {
        let byHand = cells.filter { $0.isByHand(since: base) }
        if byHand.count == 2 {
            let isFirst = Cell.isGreater(byHand[0].value, than: byHand[1].value)
            let (one, other) = isFirst ? (byHand[0], byHand[1]) : (byHand[1], byHand[0])
            result = Cell(value: one.value, stamp: newStamp)
            if isSame(one.value, other.value) || combineLines() { return }
            if other.value != nil { keep(other) }
            return
        }
        guard let hand = byHand.first, let other = cells.first(where: { $0 != hand }) else { return }
        if !isDecided(other, since: base) {
            result = Cell(value: hand.value, stamp: newStamp)
        } else if hand.value == nil || isSame(hand.value, other.value) {
            result = other
        } else {
            result = Cell(value: hand.value, stamp: newStamp)
            if !combineLines() { keep(other) }
        }
    }

    // MARK: Rules of single fields

    private mutating func combineLines() -> Bool {
        guard merging == .lines, let base, let one = cells[0].value?.asString, let other = cells[1].value?.asString,
            let merged = LineMerge.merge(one, other, base: base.value?.asString ?? "")
        else { return false }
        result =
            .string(merged) == winner.value && !winner.isByHand(since: base)
            ? winner : Cell(value: .string(merged), stamp: newStamp)
        return true
    }

    /// All values of both stand; of two under one name the one that is new, or the later and the other is kept.
    private mutating func unite() {
        guard let other = loser.value?.asObject else { return }
        var (all, disputed) = (winner.value?.asObject ?? JSONObject(), JSONObject())
        // Two merges may have put different names under one stamp: then each goes by its own value, and they only grow.
        let isUndecided = base == nil && winner.stamp == loser.stamp
        for entry in other.entries {
            let (known, before) = (all[entry.key], base?.value?[entry.key])
            if known == nil || known == before {
                all[entry.key] = entry.value
            } else if entry.value != known, entry.value != before {
                let stands = isUndecided && Cell.isGreater(entry.value, than: known)
                all[entry.key] = stands ? entry.value : known
                disputed[entry.key] = stands ? known : entry.value
            }
        }
        result.value = .object(all)
        if !disputed.isEmpty { lost = Cell(value: .object(disputed), stamp: loser.stamp) }
    }

    private mutating func takeGreatest() {
        let numbers = cells.compactMap { $0.value?.asInteger }
        if let greatest = numbers.max() { result.value = .integer(greatest) }
    }

    /// The smaller stands, unless only one side chose.
    private mutating func takeLeast() {
        if let base, isAnyByHand { joinByHand(since: base) }
        lost = nil
        guard areBothChanged, let one = winner.value, let other = loser.value, one != other else { return }
        let least = Cell.isGreater(one, than: other) ? loser : winner
        let standsAnyway = least == winner && base.map { !least.isByHand(since: $0) } ?? true
        result = standsAnyway ? least : Cell(value: least.value, stamp: newStamp)
    }

    /// The stricter stands, however it came, unless only one side decided.
    private mutating func takeStrictest() {
        if let base, isAnyByHand { joinByHand(since: base) }
        guard areBothChanged, isOpen(result), let strict = cells.first(where: { !isOpen($0) }) else { return }
        let standsAnyway = strict == winner && base.map { !strict.isByHand(since: $0) } ?? true
        result = standsAnyway ? strict : Cell(value: strict.value, stamp: newStamp)
        lost = nil
    }

    /// Whether everyone may see all: that is so where nothing is said, too.
    private func isOpen(_ cell: Cell) -> Bool {
        let word = cell.value?.asString ?? ""
        return word.isEmpty || word == Sharing.everyone.rawValue
    }
}
