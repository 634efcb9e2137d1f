/// The members of a JSON object: unique keys in the order of their UTF-8 bytes.
///
/// Look-up is by binary search. Two objects are equal when their keys and values have equal bytes.
public struct JSONObject: Sendable, Hashable {
    /// One member.
    public struct Entry: Sendable {
        /// The name.
        public let key: String
        /// The value.
        public internal(set) var value: JSON
    }

    /// The members, sorted by key.
    public private(set) var entries: [Entry]

    /// Makes an empty object.
    public init() { entries = [] }

    /// Makes an object of members in any order; of two with one key the later stands.
    public init(_ members: some Sequence<(String, JSON)>) {
        entries = []
        for (key, value) in members { self[key] = value }
    }

    /// Takes members that are already sorted and unique.
    init(sorted entries: [Entry]) { self.entries = entries }

    /// Whether there is no member.
    public var isEmpty: Bool { entries.isEmpty }

    /// How many members there are.
    public var count: Int { entries.count }

    /// The keys, in order.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a key; `nil` when there is none, and setting `nil` takes the member away.
    public subscript(_ key: String) -> JSON? {
        get {
            let (index, found) = position(of: key)
            return found ? entries[index].value : nil
        }
        set {
            let (index, found) = position(of: key)
            switch (newValue, found) {
            case (.some(let value), true): entries[index].value = value
            case (.some(let value), false): entries.insert(Entry(key: key, value: value), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Takes away all members of which that is true, in one walk.
    mutating func removeAll(where isUnwanted: (Entry) -> Bool) { entries.removeAll(where: isUnwanted) }

    /// Where a key stands, or would stand.
    private func position(of key: String) -> (index: Int, found: Bool) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let order = UTF8Order.compare(entries[middle].key, key)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }
}

extension JSONObject.Entry: Hashable {
    /// Tells whether both have the same canonical text.
    public static func == (left: Self, right: Self) -> Bool {
        UTF8Order.equal(left.key, right.key) && left.value == right.value
    }

    /// Hashes the value as equality sees it.
    public func hash(into hasher: inout Hasher) {
        UTF8Order.hash(key, into: &hasher)
        hasher.combine(value)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object; of two members with one key the later stands.
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
