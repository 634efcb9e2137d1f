/// The SHA-1 of bytes that come in pieces, as git names its objects by. Not for two threads at once.
public struct SHA1: ~Copyable {
    /// How many bytes a hash has.
    public static let byteCount = 20

    private let context = DigestContext(.sha1)

    /// Begins with nothing.
    public init() {}

    /// Adds the bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { context.update(bytes) }

    /// Adds the bytes.
    public func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { context.update($0) } }

    /// The hash of what was added since the beginning, and begins again.
    public func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, initialized in
            context.finish(into: buffer)
            initialized = Self.byteCount
        }
    }

    /// Puts the hash of what was added where the caller wants it, without an array, and begins again.
    ///
    /// `result` must have room for 20 bytes.
    public func finish(into result: UnsafeMutableBufferPointer<UInt8>) { context.finish(into: result) }

    /// Forgets what was added.
    public func reset() { context.reset() }

    /// Hashes the bytes.
    public static func hash(of bytes: [UInt8]) -> [UInt8] {
        let digest = SHA1()
        digest.update(bytes)
        return digest.finish()
    }
}
