extension JSON {
    /// The canonical text: the one form in which equal values have equal bytes.
    ///
    /// Keys by UTF-8 bytes, two spaces of indent, `": "`, one element a line, empty containers inline, raw non-ASCII,
    /// unescaped `/`, the shortest numbers that read back the same, one final newline.
    public func canonical() -> [UInt8] {
        var writer = JSONWriter(isIndented: true)
        writer.write(self)
        writer.bytes.append(UInt8(ascii: "\n"))
        return writer.bytes
    }

    /// The text on one line, without spaces and without a newline.
    public func compact() -> [UInt8] {
        var writer = JSONWriter(isIndented: false)
        writer.write(self)
        return writer.bytes
    }
}

/// Appends values as text to a buffer.
struct JSONWriter {
    private(set) var depth = 0
    var bytes: [UInt8] = []
    let isIndented: Bool

    init(isIndented: Bool) {
        self.isIndented = isIndented
        bytes.reserveCapacity(1_024)
    }

    mutating func write(_ value: JSON) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += value.description.utf8
        case .digits(let text): bytes += text.utf8
        case .number(let value): write(value)
        case .string(let text): write(text)
        case .array(let elements): list(elements, "[", "]") { $0.write($1) }
        case .object(let object):
            list(object.entries, "{", "}") { writer, entry in
                writer.write(entry.key)
                writer.bytes.append(UInt8(ascii: ":"))
                if writer.isIndented { writer.bytes.append(UInt8(ascii: " ")) }
                writer.write(entry.value)
            }
        }
    }

    private mutating func list<Element>(
        _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
        _ body: (inout JSONWriter, Element) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        depth += 1
        for index in elements.indices {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newLine()
            body(&self, elements[index])
        }
        depth -= 1
        if !elements.isEmpty { newLine() }
        bytes.append(UInt8(ascii: close))
    }

    private mutating func newLine() {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func write(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { buffer in
            var plain = 0
            for (index, byte) in buffer.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: buffer[plain..<index])
                escape(byte)
                plain = index + 1
            }
            bytes.append(contentsOf: buffer[plain...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        case 0x00..<0x20:
            bytes += "u00".utf8
            bytes.append(ASCII.hexDigit(byte >> 4))
            bytes.append(ASCII.hexDigit(byte & 0xF))
        default: bytes.append(byte)
        }
    }

    private mutating func write(_ value: Double) {
        if let whole = JSON.whole(value) {
            bytes += whole.description.utf8
        } else if value.isFinite {
            ShortestDecimal(value).write(into: &bytes)
        } else {
            bytes += "null".utf8
        }
    }
}

/// A number as its shortest digits that read back the same, and where the point stands in them.
private struct ShortestDecimal {
    private var isNegative = false
    private var digits: [UInt8] = []
    /// How many digits stand before the point; none or negative for small numbers.
    private var point = 0

    /// Takes the digits from Swift's own description, which are the shortest, whatever its layout.
    init(_ value: Double) {
        var exponent = 0
        var pointAt: Int?
        let text = value.description.utf8
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): pointAt = digits.count
            case UInt8(ascii: "e"): exponent = Int(String(decoding: text.dropFirst(index + 1), as: UTF8.self)) ?? 0
            default: digits.append(byte)
            }
            if byte == UInt8(ascii: "e") { break }
        }
        point = (pointAt ?? digits.count) + exponent
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    }

    /// Writes plain digits for sizes from 1e-4 to below 1e16, and an exponent of two digits or more otherwise.
    func write(into bytes: inout [UInt8]) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        if point > 16 || point < -3 { return writeExponent(into: &bytes) }
        bytes += point > 0 ? digits.prefix(point) : [UInt8(ascii: "0")]
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, point - digits.count)))
        bytes.append(UInt8(ascii: "."))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, -point)))
        let fraction = digits.dropFirst(max(0, point))
        if fraction.isEmpty { bytes.append(UInt8(ascii: "0")) } else { bytes += fraction }
    }

    private func writeExponent(into bytes: inout [UInt8]) {
        bytes += digits.prefix(1)
        if digits.count > 1 {
            bytes.append(UInt8(ascii: "."))
            bytes += digits.dropFirst()
        }
        let exponent = point - 1
        bytes += exponent < 0 ? "e-".utf8 : "e+".utf8
        if exponent.magnitude < 10 { bytes.append(UInt8(ascii: "0")) }
        bytes += exponent.magnitude.description.utf8
    }
}
