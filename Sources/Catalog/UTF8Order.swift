import Glibc

/// Compares text by its UTF-8 bytes.
///
/// `String ==` and `<` treat canonically equivalent text as equal (`é` in one scalar or in two), which is wrong for
/// keys, identifiers and file names that came from outside. Byte order is also code point order.
public enum UTF8Order {
    /// Tells whether two strings have the same bytes.
    public static func equal(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && compare(left, right) == 0
    }

    /// Tells whether `left` stands before `right`.
    public static func precedes(_ left: String, _ right: String) -> Bool {
        compare(left, right) < 0
    }

    /// Compares two strings: negative, zero or positive as `left` stands before, at or after `right`.
    public static func compare(_ left: String, _ right: String) -> Int {
        let result = left.utf8.withContiguousStorageIfAvailable { leftBytes in
            right.utf8.withContiguousStorageIfAvailable { compare(leftBytes, $0) }
        }
        if case .some(.some(let order)) = result { return order }
        if left.utf8.elementsEqual(right.utf8) { return 0 }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }

    /// Feeds the bytes of a string to a hasher, so that equal bytes, and only they, hash alike.
    static func hash(_ text: String, into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }

    private static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = min(left.count, right.count)
        // An empty buffer may have no address, which memcmp does not take.
        if shared > 0, let leftStart = left.baseAddress, let rightStart = right.baseAddress {
            let order = memcmp(leftStart, rightStart, shared)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }
}
