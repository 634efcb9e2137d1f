import Files

/// One word of a call, as bytes: names need not be UTF-8.
struct Word: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, CustomStringConvertible {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(_ path: FilePath) { bytes = path.bytes }
    init(stringLiteral value: String) { self.init(value) }

    var description: String { String(decoding: bytes, as: UTF8.self) }
}
