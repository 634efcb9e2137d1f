/// Says where text stops being strict JSON, and why.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int

    /// The column in characters (Unicode scalars), from 1.
    public let column: Int

    /// What is wrong there.
    public let reason: String

    /// The place and the reason on one line.
    public var description: String { "line \(line), column \(column): \(reason)" }

    /// Finds line and column of a byte.
    init(_ reason: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
        self.reason = reason
    }
}
