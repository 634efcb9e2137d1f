/// The SHA-256 of bytes that come in pieces. Not for two threads at once.
public struct SHA256: ~Copyable {
    private let context = DigestContext(.sha256)

    /// Begins with nothing.
    public init() {}

    /// Adds the bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { context.update(bytes) }

    /// Adds the bytes.
    public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { context.update($0) } }

    /// The hash of what was added since the beginning, and begins again.
    public func finish() -> ContentHash {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ContentHash.byteCount) { buffer in
            context.finish(into: buffer)
            return ContentHash(checked: buffer)
        }
    }

    /// Forgets what was added.
    public func reset() { context.reset() }
}
