import Blobs
import Catalog
import Digest
import Files
import Git

/// Files, and how trees name them.
struct PointerTable: Sendable {
    /// An object that is to be read, where it hangs, and whom it is read for.
    struct Root: Sendable {
        let id: ObjectID
        var path = TreePath.root
        let origin: FileNeeds.Origin
    }

    /// The place of a file in the table, and who names it.
    typealias Named = (place: Int, origin: FileNeeds.Origin)

    /// What trees hold.
    struct Findings: Sendable {
        var named: [Named] = []
        var folders: [Root] = []
        /// Blobs that are neither the pointer to a file as we write it nor a record.
        var strangers: [Root] = []
    }

    /// The place of each file, by its hash.
    let places: [ContentHash: Int]
    private let blobs: [ObjectID: Int]

    var count: Int { places.count }

    init(_ files: [Pointer]) {
        var places: [ContentHash: Int] = Dictionary(minimumCapacity: files.count)
        var blobs: [ObjectID: Int] = Dictionary(minimumCapacity: files.count)
        let names = Parallel.map(files, inPortionsOf: 1024, workers: Parallel.processors) { files in
            files.map { ObjectID(ofBlob: $0.encoded()) }
        }
        for (file, blob) in zip(files, names.joined()) {
            let place = places[file.oid] ?? places.count
            places[file.oid] = place
            blobs[blob] = place
        }
        (self.places, self.blobs) = (places, blobs)
    }

    /// Reads trees, and the records in them that alone name a file.
    func look(at trees: ArraySlice<Root>, in repository: Repository) throws(GitError) -> Findings {
        var findings = Findings()
        for tree in trees {
            let folder = try repository.readTree(tree.id)
            for entry in folder.entries { look(at: entry, in: tree, &findings) }
            for file in try RecordsAlone(in: folder, at: tree.path).files(in: repository) {
                if let place = places[file] { findings.named.append((place, tree.origin)) }
            }
        }
        return findings
    }

    private func look(at entry: TreeEntry, in tree: Root, _ findings: inout Findings) {
        if entry.isTree {
            findings.folders.append(
                Root(id: entry.id, path: tree.path.appending(entry.name), origin: tree.origin))
        } else if let place = blobs[entry.id] {
            findings.named.append((place, tree.origin))
        } else if entry.mode != .link, entry.mode != .submodule, !Self.isRecord(entry.name, in: tree.path) {
            findings.strangers.append(Root(id: entry.id, origin: tree.origin))
        }
    }

    /// Whether an entry is one of our records, and so no pointer in whatever words.
    private static func isRecord(_ name: EntryName, in folder: TreePath) -> Bool {
        name.bytes.suffix(5).elementsEqual(".json".utf8)
            && RecordPath(bytes: folder.appending(name).bytes).isRecord
    }

    /// Reads blobs, and finds the pointers among them, in whatever words.
    func read(_ blobs: ArraySlice<Root>, in repository: Repository) throws(GitError) -> [Named] {
        var named: [Named] = []
        for blob in blobs {
            guard let text = try repository.readBlob(blob.id, upTo: Pointer.sizeLimit),
                let pointer = Pointer.parse(text)?.pointer,
                let place = places[pointer.oid]
            else { continue }
            named.append((place, blob.origin))
        }
        return named
    }
}
