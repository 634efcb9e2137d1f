import Blobs
import Catalog
import Files
import Git

/// Where an object may come from that its own store has lost.
struct ObjectSources {
    struct Found {
        let kind: ObjectKind
        let bytes: [UInt8]
        /// Where it comes from, as the end of a sentence.
        let origin: String
    }

    private let others: [(path: FilePath, repository: Repository)]
    /// What can be written anew: the pointers to the files that are here, and what each store begins with.
    private let known: [ObjectID: [UInt8]]

    init(of path: FilePath, otherCopies: [FilePath]) {
        others = otherCopies.compactMap { path in
            (try? Repository(objectsOf: path)).map { (path, $0) }
        }
        var texts = [Array(Catalog.gitAttributes.utf8), []]
        // What cannot be listed cannot help.
        let files = try? BlobStore(directory: Store.files(in: path)).files()
        texts += files?.map { $0.encoded() } ?? []
        known = Dictionary(texts.map { (ObjectID(ofBlob: $0), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Looks for an object; what is found is what its id says.
    func find(_ id: ObjectID) -> Found? {
        if let bytes = known[id] { return Found(kind: .blob, bytes: bytes, origin: "it was written anew") }
        if id == ObjectID(ofTree: []) { return Found(kind: .tree, bytes: [], origin: "it was written anew") }
        for (path, repository) in others {
            if let (kind, bytes) = try? repository.readObject(id) {
                return Found(kind: kind, bytes: bytes, origin: "it was taken from \(path)")
            }
        }
        return nil
    }
}
