import Catalog
import Files

/// Where an export writes files before they get their names: a hidden folder in the exported one, which `add` passes
/// over.
///
/// Each name is noted there before it is given, since the list of the folder is written at the end: so an export that
/// was cut off knows its own files again and does not write them a second time beside. What a dead export left here
/// goes with the next.
struct ExportDesk {
    private static let folderName = ".offbeat-export"
    private let place: FilePath
    private let temporary: TemporaryDirectory
    private let notes: FilePath

    init(in folder: FilePath) throws {
        place = folder.appending(Self.folderName)
        guard try Self.isFolderOrFree(place) else {
            throw Failure(.notAllowed, "\(place) is no folder of an export", hint: "move it away")
        }
        _ = try? TemporaryDirectory.sweep(in: place)
        temporary = try TemporaryDirectory(in: place)
        notes = Self.notes(below: place)
    }

    /// A link there would have files written and swept where it leads to.
    private static func isFolderOrFree(_ place: FilePath) throws(FileError) -> Bool {
        let status = try FileSystem.statusIfExists(of: place, followingLinks: false)
        return status.map { $0.kind == .directory } ?? true
    }

    private static func notes(below place: FilePath) -> FilePath { place.appending("notes") }

    /// A path for a file that is to be moved to its name.
    func newPath() -> FilePath { temporary.newPath() }

    /// Notes that a name is about to be given.
    func note(_ name: String, _ entry: ExportManifest.Entry) throws {
        let file = try FileDescriptor.open(notes, .write, create: .ifMissing, append: true)
        let document: JSON = ["name": .string(name), "file": entry.json]
        try file.write(all: document.canonical() + [0])
    }

    /// What an export that was cut off noted; a note that was cut off itself is passed over.
    static func notes(in folder: FilePath) -> [(name: String, entry: ExportManifest.Entry)] {
        let path = notes(below: folder.appending(folderName))
        let bytes = (try? FileSystem.readIfExists(path, limit: 256 << 20)) ?? []
        return bytes.split(separator: 0).compactMap { note in
            guard case .object(let fields)? = try? JSON.parse(Array(note)),
                case .string(let name)? = fields["name"],
                !name.utf8.contains(UInt8(ascii: "/")),
                let entry = fields["file"].flatMap(ExportManifest.Entry.init)
            else { return nil }
            return (name, entry)
        }
    }

    /// Takes away what a dead one left in a folder, but for notes that the list of the folder does not say yet.
    static func sweep(in folder: FilePath) {
        let place = folder.appending(folderName)
        guard FileSystem.exists(place), (try? isFolderOrFree(place)) == true else { return }
        _ = try? TemporaryDirectory.sweep(in: place)
        _ = try? FileSystem.removeDirectory(place)
    }

    /// Clears everything away, once the list of the folder says what the notes said.
    func clear() {
        _ = try? FileSystem.remove(notes)
        temporary.remove()
        // Another export may be at work here.
        _ = try? FileSystem.removeDirectory(place)
    }
}
