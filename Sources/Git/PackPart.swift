import Deflate
import Synchronization

/// An object that waits to be put in a pack.
struct PendingObject: Sendable {
    let id: ObjectID
    let kind: ObjectKind
    let bytes: [UInt8]
}

/// Packs a share of the pending objects, with memory that serves one share after the other.
///
/// Several parts work at once, each on one thread; the lock only tells the compiler what the caller ensures.
final class PackPart: Sendable {
    /// Bytes up to this many, and trees up to the other, are stored as they are: a pointer or a tree is mostly
    /// digits of ids, which hardly shrink, and packing them takes longer than all else that is done to them.
    private static let storedLimit = (any: 160, tree: 1 << 16)

    private struct State: ~Copyable {
        let deflater = Deflater(level: 1)
        var bytes: [UInt8] = []
        var entries: [PackIndex.Entry] = []
    }

    private let state = Mutex(State())

    /// Packs these objects, in place of those of the last share.
    func pack(_ objects: ArraySlice<PendingObject>) {
        state.withLock { state in
            state.bytes.removeAll(keepingCapacity: true)
            state.entries.removeAll(keepingCapacity: true)
            for object in objects {
                let start = state.bytes.count
                Self.appendHeader(object.kind, size: object.bytes.count, to: &state.bytes)
                let limit = object.kind == .tree ? Self.storedLimit.tree : Self.storedLimit.any
                if object.bytes.count <= limit {
                    ZlibStored.append(object.bytes, to: &state.bytes)
                } else {
                    state.deflater.compress(object.bytes, into: &state.bytes)
                }
                let checksum = state.bytes.withUnsafeBytes {
                    Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[start...]))
                }
                state.entries.append(PackIndex.Entry(id: object.id, checksum: checksum, offset: start))
            }
        }
    }

    /// Lends what was packed; offsets are counted from its beginning.
    func withPacked<R: Sendable>(
        _ body: (UnsafeRawBufferPointer, [PackIndex.Entry]) throws(GitError) -> R
    ) throws(GitError) -> R {
        try state.withLock { (state) throws(GitError) -> R in
            let entries = state.entries
            return try state.bytes.withUnsafeBufferPointer { (bytes) throws(GitError) -> R in
                try body(UnsafeRawBufferPointer(bytes), entries)
            }
        }
    }

    /// The kind in three bits and the size in groups of four, then seven bits, lowest first.
    private static func appendHeader(_ kind: ObjectKind, size: Int, to bytes: inout [UInt8]) {
        var rest = size >> 4
        var byte = UInt8(truncatingIfNeeded: kind.rawValue) << 4 | UInt8(size & 15)
        while rest > 0 {
            bytes.append(byte | 0x80)
            byte = UInt8(rest & 0x7F)
            rest >>= 7
        }
        bytes.append(byte)
    }
}
