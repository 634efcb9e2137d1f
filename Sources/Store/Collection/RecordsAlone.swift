import Catalog
import Digest
import Git

/// The records of a folder that have no pointer beside them, as when somebody removed it with plain git. They alone name
/// their files, and a repair writes a track's or stem's pointer back as long as the file is here.
///
/// Which they are is seen by names alone, so that a folder that is whole costs no reading. A post is read where it has no
/// image, since nothing but its record says whether it should.
struct RecordsAlone {
    private static let ofFolders = [("track.json", "audio"), ("post.json", "image")].compactMap { record, pointer in
        EntryName(record).map { (record: $0, pointer: pointer) }
    }

    private let records: [TreeEntry]

    init(in folder: Tree, at path: TreePath) {
        // A link in the pointer's place is none, whatever it is called.
        let files = folder.entries.filter { !$0.isTree && $0.mode != .link && $0.mode != .submodule }
        records = path.last == .stems ? Self.stems(files) : Self.tracksAndPosts(files)
    }

    private static func tracksAndPosts(_ files: [TreeEntry]) -> [TreeEntry] {
        ofFolders.compactMap { record, pointer in
            guard let entry = files.first(where: { $0.name == record }),
                !files.contains(where: { FileExtension(of: $0.name, stem: pointer) != nil })
            else { return nil }
            return entry
        }
    }

    private static func stems(_ files: [TreeEntry]) -> [TreeEntry] {
        let withPointer = Set(files.compactMap { StemType(pointerName: $0.name) })
        return files.filter { entry in
            StemType(recordName: entry.name).map { !withPointer.contains($0) } ?? false
        }
    }

    /// The files that these records name. One that says nothing sensible is a check's to tell of.
    func files(in repository: Repository) throws(GitError) -> [ContentHash] {
        var files: [ContentHash] = []
        for entry in records {
            guard let text = try repository.readBlob(entry.id, upTo: Catalog.recordLimit),
                let record = try? JSON.parse(text)
            else { continue }
            let conflicts = record["conflicts"]?.asObject?.entries ?? []
            let references = [record["audio"], record["image"]] + conflicts.map { $0.value["value"] }
            files += references.compactMap { $0?["oid"]?.asString.flatMap { ContentHash(hex: $0) } }
        }
        return files
    }
}

extension StemType {
    /// The type of a stem whose pointer has this name.
    fileprivate init?(pointerName name: EntryName) {
        let parts = name.string.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, FileExtension(parts[1]) != nil else { return nil }
        self.init(parts[0])
    }
}

extension Repository {
    /// The bytes of a blob; nil for one that is larger than the limit.
    func readBlob(_ id: ObjectID, upTo limit: Int) throws(GitError) -> [UInt8]? {
        do throws(GitError) { return try readBlob(id, limit: limit) } catch {
            if error.code == .tooLarge { return nil }
            throw error
        }
    }
}
