import Digest
import Files

/// What a picture says of what lies in a store beside what its head says.
extension Picture {
    /// Where each file lies that has the bytes of its name. In which of the folders of the quarantine is left to chance.
    mutating func lookAtFiles(of studio: Studio) throws {
        for folder in ["objects", "quarantine"] {
            for case .file(let path) in DirectoryWalk(studio.store.appending("lfs/\(folder)")) {
                guard let name = path.lastComponent?.string, let oid = ContentHash(hex: name),
                    ContentHash(of: try FileSystem.read(path)) == oid
                else { continue }
                add("file \(name)", folder)
            }
        }
    }

    /// The bytes of files that are not what they should be, wherever they were moved to: something may be in them still.
    mutating func lookAtDamagedBytes(of studio: Studio) throws {
        for folder in ["objects", "bad"] {
            for case .file(let path) in DirectoryWalk(studio.store.appending("lfs/\(folder)")) {
                let hash = ContentHash(of: try FileSystem.read(path))
                if path.lastComponent?.string != hash.hex { lines["bytes \(hash)"] = "kept" }
            }
        }
    }

    /// What git reads of these objects.
    mutating func look(at objects: [String], of studio: Studio) throws {
        for (id, bytes) in zip(objects, try studio.objects(objects)) {
            lines["object \(id)"] = bytes.map { ContentHash(of: $0).hex }
        }
    }

    private mutating func add(_ key: String, _ place: String) {
        lines[key] = lines[key].map { "\($0), \(place)" } ?? place
    }
}
