import Files
import Store

/// What a guest is known by: 128 random bits, so that nobody finds another's.
public struct GuestID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// 32 lower-case digits.
    public let hex: String

    /// Reads the whole of an id; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        hex = text
    }

    static func random(from source: RandomSource) -> GuestID {
        var source = source
        let digits = (0..<2).map { _ in
            let half = String(source.next(), radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }
        return GuestID(uncheckedHex: digits.joined())
    }

    private init(uncheckedHex hex: String) { self.hex = hex }

    /// Whether these can be the first digits of one.
    static func isPrefix(_ text: String) -> Bool {
        (4...32).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The digits.
    public var description: String { hex }

    /// Whether `left` comes first.
    public static func < (left: GuestID, right: GuestID) -> Bool { left.hex < right.hex }
}
