/// A JSON value, exact enough to be read, kept and written again without loss.
///
/// Equality and hashing go by exact bytes (`é` in one scalar differs from `é` in two) and by a number's value, so
/// equal values have equal canonical text and the other way round.
public enum JSON: Sendable {
    /// The value `null`.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// A whole number beyond 64 bits, kept as its digits.
    case digits(String)
    /// A finite number that is not whole, or is 2^53 or more. Whole numbers below that count as `integer`.
    case number(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Values by name.
    case object(JSONObject)
}

extension JSON {
    /// Below this size every whole `Double` is exact, and is written as an integer.
    static let exactLimit = 9_007_199_254_740_992.0

    /// Makes the value of a number: an integer when it is whole and exact.
    ///
    /// A number that is not finite has no JSON and gives `null`.
    public init(_ number: Double) {
        if let whole = JSON.whole(number) {
            self = .integer(whole)
        } else {
            self = number.isFinite ? .number(number) : .null
        }
    }

    static func whole(_ number: Double) -> Int64? {
        guard number.magnitude < exactLimit, number == number.rounded(.towardZero) else { return nil }
        return Int64(number)
    }

    /// The text, if this is text.
    public var asString: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number, if this is one of 64 bits.
    public var asInteger: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): JSON.whole(value)
        default: nil
        }
    }

    /// The number, if this is one.
    public var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .digits(let text): Double(text)
        default: nil
        }
    }

    /// The truth value, if this is one.
    public var asBool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, if this is a list.
    public var asArray: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, if this is one.
    public var asObject: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member of that name, if this is an object that has it.
    public subscript(_ key: String) -> JSON? { asObject?[key] }

    /// What kind of value this is, in words for an error message.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .digits, .number: "a number"
        case .string: "text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension JSON: Hashable {
    /// Tells whether both have the same canonical text.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
            JSON.whole(number) == whole
        case (.number(let left), .number(let right)): left == right
        case (.digits(let left), .digits(let right)): UTF8Order.equal(left, right)
        case (.string(let left), .string(let right)): UTF8Order.equal(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Hashes the value as equality sees it.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value):
            if let whole = JSON.whole(value) { hasher.combine(whole) } else { hasher.combine(value) }
        case .digits(let text), .string(let text): UTF8Order.hash(text, into: &hasher)
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes a whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a number.
    public init(floatLiteral value: Double) { self.init(value) }
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes a list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// Makes an object; of two members with one key the later stands.
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
}

extension JSON: CustomStringConvertible {
    /// The value on one line.
    public var description: String { String(decoding: compact(), as: UTF8.self) }
}
