import Blobs
import Catalog
import Digest
import Git

/// An entry of a folder that is called as a pointer is.
struct PointerFile {
    let entry: TreeEntry
    let suffix: FileExtension

    static func all(named name: String, in folder: Tree) -> [PointerFile] {
        folder.entries.compactMap { entry in
            guard entry.mode != .tree, let suffix = FileExtension(of: entry.name, stem: name) else { return nil }
            return PointerFile(entry: entry, suffix: suffix)
        }
    }
}

/// Where a record's pointer lies, whatever its extension.
struct PointerPlace {
    let folder: String
    let name: String
    let path: (FileExtension) -> RecordPath

    init(folder: String, name: String, _ path: @escaping (FileExtension) -> RecordPath) {
        self.folder = folder
        self.name = name
        self.path = path
    }
}

extension HeadInspection {
    /// Looks at the pointers of one record: there must be one, it must be one, and the record must speak of its file.
    func inspect(
        _ files: [PointerFile], at place: PointerPlace, expecting expected: AudioReference, facts: JSON?,
        of remedy: Remedy, record: RecordPath
    ) throws {
        inspection.counts.pointers += files.count
        let wanted = Pointer(oid: expected.oid, size: expected.size)
        guard let first = files.first else {
            let suffix = expected.name?.split(separator: ".").last.flatMap { FileExtension($0.lowercased()) }
            guard let suffix = suffix ?? FileExtension("audio") else { return }
            return tellMissing(place.path(suffix), wanted)
        }
        if files.count > 1 {
            let names = files.map(\.entry.name.string).joined(separator: ", ")
            inspection.add(
                Problem(
                    .pointer, "\(place.folder)/\(place.name)",
                    "there are several files where one belongs: \(names)",
                    "remove those that are wrong with plain git"
                ))
        }
        let id = ObjectID(ofBlob: wanted.encoded())
        let meant = files.first { $0.entry.id == id }
        let oid = facts?["of"]?.asString
        if meant != nil, oid == nil || oid == wanted.oid.hex { return }
        let file = meant ?? first
        guard let pointer = try pointer(file.entry, at: place.path(file.suffix)) else { return }
        guard pointer.oid != wanted.oid || pointer.size != wanted.size || oid != nil && oid != pointer.oid.hex
        else { return }
        inspection.add(
            Problem(
                .record, record.text,
                "it speaks of other audio than its pointer \(file.entry.name.string), as when a file was replaced with plain git",
                "the pointer counts, and `offbeat fsck --repair` reads the audio anew",
                remedy: remedy))
    }

    /// The pointer of an entry; tells of one that is none.
    func pointer(_ entry: TreeEntry, at path: RecordPath) throws -> Pointer? {
        let bytes: [UInt8]
        do throws(GitError) {
            bytes = try snapshot.repository.readBlob(entry.id, limit: Pointer.sizeLimit)
        } catch {
            if error.code == .tooLarge { tellRaw(entry, at: path) }
            return nil
        }
        if let pointer = Pointer.parse(bytes)?.pointer { return pointer }
        tellRaw(entry, at: path)
        return nil
    }

    private func tellRaw(_ entry: TreeEntry, at path: RecordPath) {
        inspection.add(
            Problem(
                .pointer, path.text,
                "plain git committed a file where its pointer belongs, so git-lfs does not carry it",
                "`offbeat fsck --repair` takes it in",
                remedy: .rawFile(path, entry.id)))
    }

    func tellMissing(_ path: RecordPath, _ pointer: Pointer) {
        inspection.add(
            Problem(
                .pointer, path.text,
                "the record names the file \(pointer.oid), and has no pointer to it, so git-lfs would neither push nor keep it",
                "`offbeat fsck --repair` writes it",
                remedy: .pointer(path, pointer)))
    }

    func tellWithoutRecord(_ path: String, of record: String) {
        inspection.add(
            Problem(
                .pointer, path,
                "there is a file without its record \(record)",
                "restore the record, or remove the file with plain git"
            ))
    }
}
