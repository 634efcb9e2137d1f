/// Bytes as lower-case hexadecimal digits.
public enum Hex {
    static let digits = Array("0123456789abcdef".utf8)

    /// Two digits for each byte.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            var position = 0
            for byte in bytes {
                buffer[position] = digits[Int(byte >> 4)]
                buffer[position + 1] = digits[Int(byte & 15)]
                position += 2
            }
            return position
        }
    }

    /// The bytes that the digits stand for; nil unless they are all lower-case digits, two for each byte.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
    }

    /// The same for digits that come as bytes.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        text.withContiguousStorageIfAvailable { decode($0) } ?? Array(text).withUnsafeBufferPointer { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var isHex = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 2) { room, count in
            while isHex, count < text.count / 2 {
                guard let high = value(text[2 * count]), let low = value(text[2 * count + 1]) else {
                    isHex = false
                    return
                }
                room[count] = high << 4 | low
                count += 1
            }
        }
        return isHex ? bytes : nil
    }

    /// What a lower-case digit stands for.
    static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
