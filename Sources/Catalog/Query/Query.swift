/// A question about tracks: all of its terms have to hold.
///
/// Written as `word "some words" field:value field:1..2 -term tag:x added:-7d here:no`. Words are matched by prefix,
/// case and accents folded, over title, artist, album, tags and comment. A plain value: it can be asked of a
/// `QuerySubject`, or looked into and put to an index.
public struct Query: Sendable, Hashable {
    /// The terms, as written.
    public var terms: [Term]

    /// Makes a query of terms; without any it matches everything.
    public init(terms: [Term] = []) { self.terms = terms }

    /// Whether the answer may change with the clock alone.
    public var dependsOnClock: Bool {
        terms.contains { term in
            if case .time(_, let span) = term.test { span.dependsOnClock } else { false }
        }
    }

    /// Whether the answer depends on which files are here, which is no part of a version.
    public var dependsOnFiles: Bool {
        terms.contains { term in
            if case .here = term.test { true } else { false }
        }
    }

    /// One term.
    public struct Term: Sendable, Hashable {
        /// Whether it was written with a `-`, and the opposite has to hold.
        public var isNegated: Bool
        /// What is asked.
        public var test: Test

        /// Makes a term.
        public init(_ test: Test, isNegated: Bool = false) {
            self.test = test
            self.isNegated = isNegated
        }
    }

    /// What a term asks.
    public enum Test: Sendable, Hashable {
        /// The phrase stands in any of `TextField.everywhere`.
        case anywhere(Phrase)
        /// The phrase stands in this field.
        case text(TextField, Phrase)
        /// One of the tags is this, folded.
        case tag(String)
        /// The format is this, folded.
        case format(String)
        /// The key is this.
        case key(MusicalKey)
        /// The owner's handle is this, or the owner's id begins with it.
        case owner(String)
        /// The number lies within.
        case number(NumberField, Span)
        /// The time lies within.
        case time(TimeField, TimeSpan)
        /// The audio is on this computer, or is not.
        case here(Bool)
    }

    /// Words that stand next to each other in one text, folded.
    public struct Phrase: Sendable, Hashable {
        /// The words, at least one.
        public let words: [String]
        /// Whether the last word may go on, as it may unless the phrase was quoted.
        public let isPrefix: Bool

        /// Makes a phrase of text; `nil` when there is neither letter nor digit in it.
        public init?(_ text: String, isPrefix: Bool) {
            words = Folding.words(text)
            self.isPrefix = isPrefix
            if words.isEmpty { return nil }
        }
    }

    /// A field of words.
    public enum TextField: String, Sendable, Hashable, CaseIterable {
        /// The title.
        case title
        /// Who plays.
        case artist
        /// The album.
        case album
        /// The tags, each a text of its own.
        case tags
        /// What people note about it.
        case comment
        /// The genre.
        case genre

        /// The fields that a word without a field is looked for in.
        public static let everywhere: [TextField] = [.title, .artist, .album, .tags, .comment]
    }

    /// A field of numbers.
    public enum NumberField: String, Sendable, Hashable, CaseIterable {
        /// The tempo.
        case bpm
        /// The year.
        case year
        /// The rating.
        case rating
        /// The number on the album.
        case trackNumber
        /// The length in seconds.
        case duration
    }

    /// A field of times.
    public enum TimeField: String, Sendable, Hashable, CaseIterable {
        /// When the track was added.
        case added
        /// When it was last changed.
        case modified
    }

    /// Numbers from `from` to `to`, the last one included or not; an absent end is open.
    public struct Span: Sendable, Hashable {
        /// The least number.
        public var from: Double?
        /// The greatest number.
        public var to: Double?
        /// Whether `to` itself counts.
        public var includesEnd: Bool

        /// Makes a span.
        public init(from: Double?, to: Double?, includesEnd: Bool = true) {
            self.from = from
            self.to = to
            self.includesEnd = includesEnd
        }

        /// Tells whether a number lies within.
        public func contains(_ number: Double) -> Bool {
            if let from, number < from { return false }
            guard let to else { return true }
            return includesEnd ? number <= to : number < to
        }
    }

    /// Times from `from` up to and without `to`; an absent end is open.
    public struct TimeSpan: Sendable, Hashable {
        /// The first time within.
        public var from: Moment?
        /// The first time after it.
        public var to: Moment?

        /// Makes a span.
        public init(from: Moment?, to: Moment?) {
            self.from = from
            self.to = to
        }

        /// Whether an end moves with the clock.
        public var dependsOnClock: Bool {
            [from, to].contains { if case .ago = $0 { true } else { false } }
        }

        /// Tells whether a time lies within; both in milliseconds since 1970.
        public func contains(_ time: Int64, now: Int64) -> Bool {
            if let from, time < from.milliseconds(now: now) { return false }
            guard let to else { return true }
            return time < to.milliseconds(now: now)
        }
    }

    /// A point in time, fixed or counted back from now.
    public enum Moment: Sendable, Hashable {
        /// Milliseconds since 1970.
        case at(Int64)
        /// Milliseconds before now.
        case ago(Int64)

        /// The time in milliseconds since 1970.
        public func milliseconds(now: Int64) -> Int64 {
            switch self {
            case .at(let time): time
            case .ago(let span): now - span
            }
        }
    }
}
