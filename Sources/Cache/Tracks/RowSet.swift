/// A set of row numbers, a bit for each.
struct RowSet {
    private var words: [UInt64] = []
    /// How many there are.
    private(set) var count = 0

    mutating func insert(_ row: Int64) {
        let (word, bit) = (Int(row >> 6), UInt64(1) << UInt64(row & 63))
        if word >= words.count { words += [UInt64](repeating: 0, count: word + 1 - words.count + words.count / 2) }
        if words[word] & bit == 0 { count += 1 }
        words[word] |= bit
    }

    func contains(_ row: Int64) -> Bool {
        let word = Int(row >> 6)
        return word < words.count && words[word] & UInt64(1) << UInt64(row & 63) != 0
    }

    /// The rows, the smallest first.
    var rows: [Int64] {
        var rows: [Int64] = []
        rows.reserveCapacity(count)
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                rows.append(Int64(index << 6 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return rows
    }
}
