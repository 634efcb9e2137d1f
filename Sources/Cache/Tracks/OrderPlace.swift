import Glibc
import SQLite

/// Where a row stands in a list: what the list is sorted by, then the id.
struct OrderPlace {
    /// Bytes that sort as SQLite sorts what they were made of: numbers, then texts, then what is missing.
    private(set) var key: [UInt8] = []
    private(set) var id: [UInt8] = []

    /// A place that is to be read into.
    init() {}

    /// Takes the place at which a statement stands.
    init(_ statement: Statement) { read(statement) }

    /// Takes the place of a row from the first two columns that a statement stands at. Nothing is allocated for it again.
    mutating func read(_ statement: Statement) {
        key.removeAll(keepingCapacity: true)
        id.removeAll(keepingCapacity: true)
        switch statement.kind(0) {
        case .null: key.append(0)
        case .integer, .real:
            key.append(1)
            // The bits of floating-point numbers sort as the numbers do, once those of negative ones are turned over.
            let bits = (statement.real(0) + 0).bitPattern
            let sortable = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
            withUnsafeBytes(of: sortable.bigEndian) { key.append(contentsOf: $0) }
        case .text:
            key.append(2)
            statement.withBlob(0) { key.append(contentsOf: $0) }
        case .blob: key.append(3)
        }
        statement.withBlob(1) { id.append(contentsOf: $0) }
    }

    /// Whether it stands before another in a list; where keys sort backwards, ids still do not.
    func precedes(_ other: OrderPlace, newestFirst: Bool) -> Bool {
        let order = Self.compare(key, other.key)
        if order == 0 { return Self.compare(id, other.id) < 0 }
        return newestFirst ? order > 0 : order < 0
    }

    private static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let count = min(left.count, right.count)
        let order = left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                // Nothing may have no address, which the comparison does not take.
                count == 0 ? 0 : memcmp(left.baseAddress!, right.baseAddress!, count)
            }
        }
        return order == 0 ? left.count - right.count : Int(order)
    }
}

/// The first so many places of those that it is shown, in their order.
struct FirstPlaces {
    private let limit: Int
    private let isNewestFirst: Bool
    private var places: [(place: OrderPlace, row: Int64)] = []
    /// Whether they are kept sorted, since some have to give way.
    private let isBounded: Bool

    init(_ limit: Int, of count: Int, newestFirst: Bool) {
        self.limit = limit
        isNewestFirst = newestFirst
        isBounded = limit < count
    }

    mutating func show(_ place: OrderPlace, _ row: Int64) {
        guard isBounded else { return places.append((place, row)) }
        if places.count == limit {
            guard let last = places.last, place.precedes(last.place, newestFirst: isNewestFirst) else { return }
            places.removeLast()
        }
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle].place.precedes(place, newestFirst: isNewestFirst) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        places.insert((place, row), at: low)
    }

    /// Their rows.
    func rows() -> [Int64] {
        if isBounded { return places.map(\.row) }
        return places.sorted { $0.place.precedes($1.place, newestFirst: isNewestFirst) }.map(\.row)
    }
}
