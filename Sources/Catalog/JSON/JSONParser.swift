extension JSON {
    /// The deepest nesting of lists and objects that is read.
    public static let depthLimit = 64

    /// Reads one value from strict JSON text (RFC 8259 in UTF-8).
    ///
    /// Refused are: invalid UTF-8, a byte order mark, trailing commas, duplicate keys, lone surrogates, raw control
    /// characters, numbers too great for a `Double`, nesting deeper than `depthLimit`, anything after the value, and
    /// text of more than `limit` bytes. A number that is whole and below 2^53 becomes an integer however it is
    /// written, and `-0` becomes `0`.
    public static func parse(_ bytes: [UInt8], limit: Int = .max) throws(JSONError) -> JSON {
        let result: Result<JSON, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            guard buffer.count <= limit else {
                return .failure(JSONError("larger than \(limit) bytes", at: 0, in: buffer))
            }
            var parser = JSONParser(bytes: buffer)
            do throws(JSONError) { return .success(try parser.document()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Reads one value from strict JSON text.
    public static func parse(_ text: String, limit: Int = .max) throws(JSONError) -> JSON {
        try parse([UInt8](text.utf8), limit: limit)
    }
}

/// A recursive-descent reader over bytes that outlive it.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    var offset = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func failure(_ reason: String, at place: Int? = nil) -> JSONError {
        JSONError(reason, at: place ?? offset, in: bytes)
    }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure("a byte order mark is not allowed") }
        skipSpace()
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw failure("unexpected text after the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        guard let byte = next else { throw failure("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in .object(try parser.object()) }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in .array(try parser.array()) }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("expected a value")
        }
    }

    private mutating func nested(_ body: (inout JSONParser) throws(JSONError) -> JSON) throws(JSONError) -> JSON {
        guard depth < JSON.depthLimit else { throw failure("nested deeper than \(JSON.depthLimit) levels") }
        depth += 1
        offset += 1
        skipSpace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or ']'") }
            skipSpace()
        }
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var entries: [JSONObject.Entry] = []
        if take(UInt8(ascii: "}")) { return JSONObject() }
        // Canonical text has its keys in order already; only other text pays for sorting.
        var isSorted = true
        while true {
            let start = offset
            guard next == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
            let key = try string()
            if isSorted, let last = entries.last {
                let order = UTF8Order.compare(last.key, key)
                if order == 0 { throw failure("the key \"\(key)\" appears twice", at: start) }
                isSorted = order < 0
            }
            try colon()
            entries.append(JSONObject.Entry(key: key, value: try value()))
            skipSpace()
            if take(UInt8(ascii: "}")) { break }
            guard take(UInt8(ascii: ",")) else { throw failure("expected ',' or '}'") }
            skipSpace()
        }
        return JSONObject(sorted: isSorted ? entries : try sorted(entries))
    }

    private mutating func colon() throws(JSONError) {
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after the key") }
        skipSpace()
    }

    private func sorted(_ entries: [JSONObject.Entry]) throws(JSONError) -> [JSONObject.Entry] {
        let sorted = entries.sorted { UTF8Order.precedes($0.key, $1.key) }
        for (left, right) in zip(sorted, sorted.dropFirst()) where UTF8Order.equal(left.key, right.key) {
            throw failure("the key \"\(left.key)\" appears twice", at: offset - 1)
        }
        return sorted
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<text.utf8CodeUnitCount {
            guard offset + index < bytes.count, bytes[offset + index] == text.utf8Start[index] else {
                throw failure("expected \(text)")
            }
        }
        offset += text.utf8CodeUnitCount
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }
}
