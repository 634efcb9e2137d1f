/// What a list of tracks is sorted by.
public enum SortKey: String, Sendable, Hashable, CaseIterable {
    /// The newest first.
    case added
    /// By title, as folded words.
    case title
    /// By artist, as folded words.
    case artist
    /// The shortest first.
    case duration
    /// The slowest first.
    case bpm
    /// By tonic from C, major before minor.
    case key
    /// The quietest first.
    case loudness

    /// Tells whether one track stands before another; what has no such value comes last, and ids break ties.
    public func precedes(_ left: QuerySubject, _ right: QuerySubject) -> Bool {
        let order = compare(left, right)
        return order == 0 ? left.id < right.id : order < 0
    }

    /// The key that titles and artists are sorted by; `nil`, which comes last, when there is no word in it.
    public static func collation(_ text: String?) -> String? {
        guard let text else { return nil }
        let words = Folding.words(text)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Sorts tracks.
    public func sorted(_ subjects: [QuerySubject]) -> [QuerySubject] {
        guard self == .title || self == .artist else { return subjects.sorted(by: precedes) }
        // Folding is costly beside comparing: do it once for each, not at each comparison.
        let keyed = subjects.map { (key: Self.collation(self == .title ? $0.title : $0.artist), subject: $0) }
        return keyed.sorted { left, right in
            let order = Self.compare(left.key, right.key, UTF8Order.compare)
            return order == 0 ? left.subject.id < right.subject.id : order < 0
        }
        .map(\.subject)
    }

    private func compare(_ left: QuerySubject, _ right: QuerySubject) -> Int {
        switch self {
        case .added: Self.order(right.created, left.created)
        case .title:
            Self.compare(Self.collation(left.title), Self.collation(right.title), UTF8Order.compare)
        case .artist:
            Self.compare(Self.collation(left.artist), Self.collation(right.artist), UTF8Order.compare)
        case .duration: Self.compare(left.durationMs, right.durationMs, Self.order)
        case .bpm: Self.compare(left.bpm, right.bpm, Self.order)
        case .key:
            Self.compare(left.key.flatMap { MusicalKey($0) }, right.key.flatMap { MusicalKey($0) }, Self.order)
        case .loudness: Self.compare(left.loudness, right.loudness, Self.order)
        }
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : right < left ? 1 : 0
    }

    private static func compare<Value>(_ left: Value?, _ right: Value?, _ order: (Value, Value) -> Int) -> Int {
        switch (left, right) {
        case (.some(let left), .some(let right)): order(left, right)
        case (.some, nil): -1
        case (nil, .some): 1
        case (nil, nil): 0
        }
    }
}
