import Catalog
import Files

/// What the value of an option or argument may be: how a word becomes a value, and how a shell completes it.
struct ValueKind<Value: Sendable>: Sendable {
    /// What stands for the value in help, for example `TEXT`.
    let placeholder: String
    let completion: Completion
    /// Turns a word into a value, or says what is wrong with it.
    let convert: @Sendable (Word) throws(Complaint) -> Value

    init(
        _ placeholder: String, completing completion: Completion = .none,
        convert: @escaping @Sendable (Word) throws(Complaint) -> Value
    ) {
        self.placeholder = placeholder
        self.completion = completion
        self.convert = convert
    }
}

/// What a shell offers for a value.
enum Completion: Sendable, Equatable {
    case none
    case file
    case directory
    case values([String])
    case track
    case handle
}

/// What is wrong with one word; the parser adds which word it was and where it stood.
struct Complaint: Error, Equatable {
    /// The end of a sentence that begins with the word, for example `is no whole number`.
    let reason: String
    let hint: String?

    init(_ reason: String, hint: String? = nil) {
        self.reason = reason
        self.hint = hint
    }
}

/// A closed list of words: an enumeration with the words as raw values.
typealias Choice = RawRepresentable<String> & CaseIterable & Sendable

extension ValueKind where Value == Word {
    /// Any bytes.
    static var word: Self { Self("WORD") { $0 } }
}

extension ValueKind where Value == String {
    /// Text, which must be UTF-8.
    static var text: Self { Self("TEXT") { word throws(Complaint) in try word.requireText() } }

    /// A person's handle.
    static var handle: Self {
        Self("HANDLE", completing: .handle) { word throws(Complaint) in try word.requireText() }
    }
}

extension ValueKind where Value == FilePath {
    /// The path of a file, in whatever bytes it is named.
    static var file: Self { Self("FILE", completing: .file, convert: FilePath.init(word:)) }

    /// The path of a directory.
    static var directory: Self { Self("DIR", completing: .directory, convert: FilePath.init(word:)) }
}

extension FilePath {
    fileprivate init(word: Word) throws(Complaint) {
        guard !word.bytes.isEmpty else { throw Complaint("is no path", hint: "it is empty") }
        self.init(bytes: word.bytes)
    }
}

extension ValueKind where Value == Int {
    /// A whole number in a range.
    static func integer(_ range: ClosedRange<Int> = 0...Int.max) -> Self {
        Self("N") { word throws(Complaint) in
            guard let number = word.text.flatMap({ Int($0) }) else { throw Complaint("is no whole number") }
            guard range.contains(number) else {
                let upper = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
                throw Complaint("is out of range", hint: "give \(range.lowerBound) \(upper)")
            }
            return number
        }
    }
}

extension ValueKind where Value: Choice {
    /// One of the words of an enumeration.
    static func choice(_ placeholder: String) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(placeholder, completing: .values(words)) { word throws(Complaint) in
            if let text = word.text, let value = Value.allCases.first(where: { $0.rawValue == text }) {
                return value
            }
            let nearest = Suggestion.nearest(to: word.description, in: words).map { "did you mean \($0)?" }
            throw Complaint("is none of \(words.joined(separator: ", "))", hint: nearest)
        }
    }
}

extension ValueKind where Value == Duration {
    /// A length of time: `90` (seconds), `90s`, `15m`, `2h`, `7d`, `1h30m`.
    static var duration: Self {
        Self("TIME") { word throws(Complaint) in
            guard let duration = word.text.flatMap(Quantity.duration(from:)) else {
                throw Complaint("is no length of time", hint: "write for example 90s, 15m, 2h or 7d")
            }
            return duration
        }
    }
}

extension ValueKind where Value == Int64 {
    /// A number of bytes: `500`, `64k`, `10M`, `2GiB`, in steps of 1,024.
    static var size: Self {
        Self("SIZE") { word throws(Complaint) in
            guard let size = word.text.flatMap(Quantity.size(from:)) else {
                throw Complaint("is no size", hint: "write for example 500M or 2G")
            }
            return size
        }
    }
}

extension Word {
    /// Returns the word as text, or complains that it is no UTF-8.
    func requireText() throws(Complaint) -> String {
        guard let text else { throw Complaint("is not UTF-8") }
        return text
    }
}
