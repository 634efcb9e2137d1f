import CCrypto

/// A digest that OpenSSL has looked up, which costs many times what hashing a short text does: so it is done once.
struct Algorithm: @unchecked Sendable {
    // Sendable: OpenSSL's fetched digests are constant and counted atomically; this one is never freed.
    let raw: OpaquePointer
    let byteCount: Int

    static let sha256 = Algorithm("SHA256", byteCount: 32)
    static let sha1 = Algorithm("SHA1", byteCount: 20)

    private init(_ name: String, byteCount: Int) {
        // The computer's configuration of OpenSSL has no say in what a digest is, and to read it takes longer than a
        // command may. Where something else in this process has read it already, this does nothing.
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let raw = EVP_MD_fetch(nil, name, nil), Int(EVP_MD_get_size(raw)) == byteCount else {
            preconditionFailure("OpenSSL has no \(name)")
        }
        self.raw = raw
        self.byteCount = byteCount
    }
}

/// One running computation of a digest.
struct DigestContext: ~Copyable {
    private let raw: OpaquePointer
    private let algorithm: Algorithm

    init(_ algorithm: Algorithm) {
        guard let raw = EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        self.raw = raw
        self.algorithm = algorithm
        expect(EVP_DigestInit_ex2(raw, algorithm.raw, nil))
    }

    deinit { EVP_MD_CTX_free(raw) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        expect(EVP_DigestUpdate(raw, bytes.baseAddress, bytes.count))
    }

    /// Writes the digest to `result`, which must have room for it, and begins again.
    func finish(into result: UnsafeMutableBufferPointer<UInt8>) {
        precondition(result.count >= algorithm.byteCount)
        expect(EVP_DigestFinal_ex(raw, result.baseAddress, nil))
        reset()
    }

    func reset() {
        expect(EVP_DigestInit_ex2(raw, nil, nil))
    }

    /// The calls fail only for a wrong order of calls or a lack of memory, neither of which can be answered here.
    private func expect(_ status: Int32) {
        precondition(status == 1, "OpenSSL cannot hash")
    }
}
