import Digest

/// Computes the ids of objects, with the same memory for one after the other. Not for two threads at once.
struct ObjectNaming: ~Copyable {
    private let hash = SHA1()

    /// The SHA-1 of the object's header and bytes.
    func id(of kind: ObjectKind, _ bytes: [UInt8]) -> ObjectID {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { header in
            hash.update(UnsafeRawBufferPointer(rebasing: header[..<Self.fill(header, kind, bytes.count)]))
        }
        hash.update(bytes)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA1.byteCount) { result in
            hash.finish(into: result)
            return ObjectID(loading: UnsafeRawBufferPointer(result), at: 0)
        }
    }

    /// The word, the size in decimal and a NUL, as they stand before an object's bytes.
    static func header(_ kind: ObjectKind, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, used in
            used = fill(UnsafeMutableRawBufferPointer(buffer), kind, count)
        }
    }

    /// Needs 7 bytes for the word and a space, at most 19 digits, and the NUL.
    private static func fill(_ header: UnsafeMutableRawBufferPointer, _ kind: ObjectKind, _ count: Int) -> Int {
        var used = 0
        for byte in kind.word.utf8 {
            header[used] = byte
            used += 1
        }
        header[used] = UInt8(ascii: " ")
        used += 1
        let start = used
        var rest = count
        repeat {
            header[used] = UInt8(ascii: "0") + UInt8(rest % 10)
            used += 1
            rest /= 10
        } while rest > 0
        header[start..<used].reverse()
        header[used] = 0
        return used + 1
    }
}
