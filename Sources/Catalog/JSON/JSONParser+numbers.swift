extension JSONParser {
    /// The longest number that is read, in characters: far beyond any use, and no room for abuse.
    static let longestNumber = 1_024

    /// Reads a number by the grammar of RFC 8259.
    mutating func number() throws(JSONError) -> JSON {
        let start = offset
        let isNegative = next == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        var scan = Decimal()
        try integerPart(&scan)
        let isWhole = try !fraction(&scan)
        let hasExponent = try exponent(&scan)
        guard offset - start <= Self.longestNumber else { throw failure("the number is too long", at: start) }
        if isWhole, !hasExponent { return integer(scan, isNegative: isNegative, start: start) }
        return JSON(try real(scan, isNegative: isNegative, start: start))
    }

    /// What a scan of the digits gathers: the value is `digits × 10^exponent`, while `digits` is exact.
    private struct Decimal {
        var digits: UInt64 = 0
        var exponent = 0
        var isExact = true

        mutating func append(_ digit: UInt8) {
            let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { isExact = false } else { digits = sum }
        }
    }

    private mutating func integerPart(_ scan: inout Decimal) throws(JSONError) {
        let start = offset
        digits(&scan)
        guard offset > start else { throw failure("expected a digit") }
        if bytes[start] == UInt8(ascii: "0"), offset > start + 1 {
            throw failure("a number must not begin with a zero", at: start)
        }
    }

    private mutating func fraction(_ scan: inout Decimal) throws(JSONError) -> Bool {
        guard next == UInt8(ascii: ".") else { return false }
        offset += 1
        let start = offset
        digits(&scan)
        guard offset > start else { throw failure("expected a digit after the point") }
        scan.exponent -= offset - start
        return true
    }

    private mutating func exponent(_ scan: inout Decimal) throws(JSONError) -> Bool {
        guard next == UInt8(ascii: "e") || next == UInt8(ascii: "E") else { return false }
        offset += 1
        let isNegative = next == UInt8(ascii: "-")
        if isNegative || next == UInt8(ascii: "+") { offset += 1 }
        let start = offset
        var value = Decimal()
        digits(&value)
        guard offset > start else { throw failure("expected a digit in the exponent") }
        let size = value.isExact ? Int(min(value.digits, 1_000_000)) : 1_000_000
        scan.exponent += isNegative ? -size : size
        return true
    }

    private mutating func digits(_ scan: inout Decimal) {
        while offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"), digit < 10 {
            scan.append(digit)
            offset += 1
        }
    }

    private func integer(_ scan: Decimal, isNegative: Bool, start: Int) -> JSON {
        if scan.isExact {
            if isNegative, scan.digits == Int64.min.magnitude { return .integer(.min) }
            if let value = Int64(exactly: scan.digits) { return .integer(isNegative ? -value : value) }
        }
        return .digits(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private func real(_ scan: Decimal, isNegative: Bool, start: Int) throws(JSONError) -> Double {
        if let value = Self.exactly(scan) { return isNegative ? -value : value }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw failure("the number is too great", at: start) }
        return value
    }

    /// The quick way: one rounding only, when digits and power of ten are both exact as a `Double`.
    private static func exactly(_ scan: Decimal) -> Double? {
        guard scan.isExact, scan.digits < 1 << 53 else { return nil }
        let value = Double(scan.digits)
        switch scan.exponent {
        case 0...22: return value * powers[scan.exponent]
        case -22..<0: return value / powers[-scan.exponent]
        default: return nil
        }
    }

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19,
        1e20, 1e21, 1e22,
    ]
}
