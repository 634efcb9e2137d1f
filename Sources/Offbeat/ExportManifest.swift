import Blobs
import Catalog
import Digest
import Files
import Store

/// The list in an exported folder of which file is which track, in `.offbeat-export.json`: path → id, oid and size.
///
/// By it a later `add` of the folder knows that a changed file replaces a track's audio, and a later export which
/// files are its own.
struct ExportManifest {
    static let fileName = ".offbeat-export.json"

    private(set) var entries: [String: Entry] = [:]
    /// The names that each track has, so that looking one up does not go through them all.
    private var names: [TrackID: [String]] = [:]
    /// Names in use, compared as file systems with and without normalisation might.
    private var taken: Set<String> = []

    struct Entry: Equatable {
        let id: TrackID
        let oid: ContentHash
        let size: Int64
    }

    /// Reads the list, and what an export that was cut off had written besides.
    init(in folder: FilePath) throws {
        try readList(in: folder)
        for (name, entry) in ExportDesk.notes(in: folder) where try Self.holds(folder.appending(name), entry) {
            record(name, entry)
        }
    }

    /// The same, or nil where nothing was exported to the folder.
    init?(existingIn folder: FilePath) throws {
        try self.init(in: folder)
        if entries.isEmpty, !FileSystem.exists(folder.appending(Self.fileName)) { return nil }
    }

    private mutating func readList(in folder: FilePath) throws {
        let path = folder.appending(Self.fileName)
        guard try FileSystem.statusIfExists(of: path) != nil else { return }
        let bytes = try FileSystem.read(path, limit: 256 << 20)
        guard case .object(let files)? = try? JSON.parse(bytes) else {
            throw Failure(
                .damaged, "\(path) is not the list that an export wrote",
                hint: "move it away, or export to another folder")
        }
        // A list may come with a folder from anywhere, so it must not lead out of it.
        for entry in files.entries where !entry.key.utf8.contains(UInt8(ascii: "/")) {
            if let known = Entry(entry.value) { record(entry.key, known) }
        }
    }

    /// The name that a track's file has here: the one it had before, else a fresh one that is nobody else's.
    mutating func name(for track: TrackFolder, extension ext: FileExtension, in folder: FilePath) throws -> String {
        let known = names[track.id]?.filter { entries[$0]?.id == track.id && $0.hasSuffix(".\(ext)") }.min()
        if let known, taken.insert(known).inserted { return known }
        let base = Self.baseName(of: track.track)
        for number in 1... {
            let name = number == 1 ? "\(base).\(ext)" : "\(base) (\(number)).\(ext)"
            let isFree = try FileSystem.statusIfExists(of: folder.appending(name), followingLinks: false) == nil
            if isFree, taken.insert(name).inserted { return name }
        }
        return "\(track.id).\(ext)"
    }

    /// Whether a file of an earlier export holds these bytes already, judged by its list and its size.
    func isUnchanged(_ name: String, _ pointer: Pointer, in folder: FilePath) -> Bool {
        guard let entry = entries[name], entry.oid == pointer.oid,
            let status = try? FileSystem.status(of: folder.appending(name))
        else { return false }
        return status.kind == .regular && status.size == pointer.size
    }

    /// Whether a name leads to nothing, or still to the very bytes that an earlier export wrote: anything else is
    /// somebody's work.
    func mayReplace(_ name: String, in folder: FilePath) throws -> Bool {
        let path = folder.appending(name)
        guard try FileSystem.statusIfExists(of: path, followingLinks: false) != nil else { return true }
        return try entries[name].map { try Self.holds(path, $0) } ?? false
    }

    /// Whether a plain file has exactly the bytes of an entry.
    private static func holds(_ path: FilePath, _ entry: Entry) throws -> Bool {
        guard let status = try FileSystem.statusIfExists(of: path, followingLinks: false),
            status.kind == .regular, status.size == entry.size
        else { return false }
        return try ContentHash(ofFile: path) == entry.oid
    }

    mutating func record(_ name: String, _ entry: Entry) {
        if entries.updateValue(entry, forKey: name)?.id != entry.id { names[entry.id, default: []].append(name) }
    }

    /// Forgets the file of a path's last component; false where it was not known.
    mutating func forget(_ path: FilePath) -> Bool {
        guard let entry = entry(named: path), let name = path.lastComponent?.string else { return false }
        entries[name] = nil
        names[entry.id]?.removeAll { $0 == name }
        return true
    }

    /// What is said of the file of a path's last component. The bytes of the name count: two names that only Unicode
    /// calls equal are two files.
    func entry(named path: FilePath) -> Entry? {
        guard let name = path.lastComponent, let index = entries.index(forKey: name.string),
            FilePath(entries[index].key) == name
        else { return nil }
        return entries[index].value
    }

    /// The names of a track's files.
    func names(of id: TrackID) -> [String] { names[id]?.filter { entries[$0]?.id == id } ?? [] }

    /// Writes the list, by way of a temporary file of the desk's.
    func write(in folder: FilePath, by desk: ExportDesk) throws {
        let files = JSONObject(entries.map { ($0.key, $0.value.json) })
        let draft = desk.newPath()
        let file = try FileDescriptor.open(draft, .write, create: .exclusive, mode: 0o644)
        try file.write(all: JSON.object(files).canonical())
        try FileSystem.rename(draft, to: folder.appending(Self.fileName))
    }

    /// "Artist - Title" without what file systems and shells choke on.
    private static func baseName(of track: Track) -> String {
        let title = track.title ?? track.audio.name ?? track.id.hex
        let text = track.artist.map { "\($0) - \(title)" } ?? title
        let forbidden = Set<Unicode.Scalar>("/\\:*?\"<>|".unicodeScalars)
        var name = String.UnicodeScalarView()
        var length = 0
        for scalar in text.unicodeScalars where scalar.properties.generalCategory != .control {
            let safe = forbidden.contains(scalar) ? "_" : scalar
            length += Character(safe).utf8.count
            if length > 200 { break }
            name.append(safe)
        }
        let trimmed = String(name).drop { $0 == "." || $0 == " " || $0 == "-" }
        return trimmed.isEmpty ? String(track.id.description.prefix(8)) : String(trimmed)
    }
}

extension ExportManifest.Entry {
    /// Reads what ``json`` wrote; nil where it is something else.
    init?(_ json: JSON) {
        guard case .object(let fields) = json, case .string(let id)? = fields["id"], let id = TrackID(id),
            case .string(let oid)? = fields["oid"], let oid = ContentHash(hex: oid),
            case .integer(let size)? = fields["size"]
        else { return nil }
        self.init(id: id, oid: oid, size: size)
    }

    var json: JSON { ["id": .string(id.description), "oid": .string(oid.hex), "size": .integer(size)] }
}

extension ContentHash {
    /// Hashes a plain file, piece by piece.
    fileprivate init(ofFile path: FilePath) throws(FileError) {
        let file = try FileDescriptor.open(path, .read, noFollow: true, nonBlocking: true)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        let hash = SHA256()
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { break }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        self = hash.finish()
    }
}
