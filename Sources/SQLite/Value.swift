/// A value as SQLite keeps it.
public enum Value: Sendable, Hashable {
    /// No value.
    case null
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction.
    case real(Double)
    /// UTF-8 text.
    case text(String)
    /// Bytes.
    case blob([UInt8])
}

extension Value: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    /// Takes a whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Takes a number with a fraction.
    public init(floatLiteral value: Double) { self = .real(value) }
    /// Takes a text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Takes no value.
    public init(nilLiteral: ()) { self = .null }
}
