import Digest
import Git

extension ObjectID {
    /// The id that git gives these bytes as a blob, whether or not it is anywhere.
    init(ofBlob bytes: [UInt8]) { self.init(of: bytes, as: "blob") }

    /// The id that git gives these bytes as a tree.
    init(ofTree bytes: [UInt8]) { self.init(of: bytes, as: "tree") }

    private init(of bytes: [UInt8], as kind: String) {
        let hash = SHA1.hash(of: Array("\(kind) \(bytes.count)\0".utf8) + bytes)
        // SHA-1 gives the twenty bytes that an id has.
        self = ObjectID(bytes: hash) ?? .zero
    }
}
