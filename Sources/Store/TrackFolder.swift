public import Blobs
public import Catalog
public import Git

/// One track, whole: its record and the pointers to its files.
public struct TrackFolder: Sendable {
    /// The track's id, which its folder carries.
    public let id: TrackID
    /// The record.
    public let track: Track
    /// The audio that the folder's pointer names. The pointer is the truth about a file's hash and size.
    public let audio: AudioFile?
    /// The stems, by type.
    public let stems: [StemFile]
    /// The records of stems that cannot be read, and why.
    public let unreadableStems: [UnreadableRecord]

    /// Puts a folder together.
    public init(
        id: TrackID, track: Track, audio: AudioFile?, stems: [StemFile], unreadableStems: [UnreadableRecord] = []
    ) {
        self.id = id
        self.track = track
        self.audio = audio
        self.stems = stems
        self.unreadableStems = unreadableStems
    }

    /// What is known of the audio; nil where the record speaks of another file than the pointer, since somebody
    /// replaced the file with plain git.
    public var facts: Facts? { audio?.pointer.oid == track.audio.oid ? track.facts : nil }

    /// A pointer, and the extension that its file has.
    public struct AudioFile: Sendable, Hashable {
        /// The file's hash and size.
        public let pointer: Pointer
        /// What the file's name ends in.
        public let fileExtension: FileExtension

        /// Names a file and its extension.
        public init(pointer: Pointer, fileExtension: FileExtension) {
            self.pointer = pointer
            self.fileExtension = fileExtension
        }
    }

    /// A stem's record and the pointer to its file.
    public struct StemFile: Sendable {
        /// The record.
        public let stem: Stem
        /// The file, if its pointer can be read.
        public let audio: AudioFile?
    }
}

/// A record that could not be read, and why. It never blocks the rest.
public struct UnreadableRecord: Error, Sendable, Hashable {
    /// Where it lies in the tree.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// Names a record and what is wrong with it.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// What lies at a track's place.
public enum TrackReading: Sendable {
    /// A track.
    case track(TrackFolder)
    /// Something that is no readable track.
    case unreadable(UnreadableRecord)
}

extension Snapshot {
    /// Reads one track, or nil where there is none.
    public func read(_ id: TrackID) throws(StoreError) -> TrackReading? {
        guard let folder = try folder(at: RecordFolder.track(id).path) else { return nil }
        return try read(id, in: folder)
    }

    /// The folder of a track, or nil where there is none.
    public func trackFolder(_ id: TrackID) throws(StoreError) -> ObjectID? {
        guard let entry = try entry(at: RecordFolder.track(id).path), entry.isTree else { return nil }
        return entry.id
    }

    /// Reads the track in a folder that is known.
    public func read(_ id: TrackID, in folder: ObjectID) throws(StoreError) -> TrackReading {
        try read(id, in: tree(folder))
    }

    /// One track, or nil where there is none; throws `.damaged` for one that cannot be read.
    public func track(_ id: TrackID) throws(StoreError) -> TrackFolder? {
        switch try read(id) {
        case .track(let folder): return folder
        case nil: return nil
        case .unreadable(let record):
            throw StoreError(
                .damaged, "\(record.path) cannot be read: \(record.reason)",
                hint:
                    "`offbeat fsck` says in which version it could be read; `offbeat restore \(id) --at VERSION` takes it back"
            )
        }
    }

    func read(_ id: TrackID, in folder: Tree) throws(StoreError) -> TrackReading {
        let path = RecordPath.track(id).description
        guard let entry = EntryName.trackRecord.flatMap({ folder[$0] }) else {
            return .unreadable(UnreadableRecord(path: path, reason: "the record is missing"))
        }
        let track: Track
        do throws(StoreError) {
            let bytes = try record(entry.id, at: path)
            do { track = try Track.read(bytes, expecting: id) } catch {
                return .unreadable(UnreadableRecord(path: path, reason: error.reason))
            }
        } catch {
            return .unreadable(UnreadableRecord(path: path, reason: error.message))
        }
        let (stems, unreadable) = try stems(in: folder, at: RecordFolder.track(id).path)
        return .track(
            TrackFolder(
                id: id, track: track, audio: try audioFile(in: folder, named: "audio", expected: track.audio),
                stems: stems, unreadableStems: unreadable))
    }

    /// Finds the pointer `<name>.<extension>` of a folder: of several the one that the record leads us to expect, which
    /// is known by its id alone; else the first that can be read.
    private func audioFile(
        in folder: Tree, named name: String, expected: AudioReference?
    ) throws(StoreError) -> TrackFolder.AudioFile? {
        let files = folder.entries.compactMap { entry in
            entry.mode == .tree ? nil : FileExtension(of: entry.name, stem: name).map { (entry, $0) }
        }
        if let expected {
            let pointer = Pointer(oid: expected.oid, size: expected.size)
            let id = ObjectID(ofBlob: pointer.encoded())
            if let (_, fileExtension) = files.first(where: { $0.0.id == id }) {
                return TrackFolder.AudioFile(pointer: pointer, fileExtension: fileExtension)
            }
        }
        for (entry, fileExtension) in files {
            if let pointer = try pointer(entry) {
                return TrackFolder.AudioFile(pointer: pointer, fileExtension: fileExtension)
            }
        }
        return nil
    }

    private func stems(
        in folder: Tree, at path: String
    ) throws(StoreError) -> (stems: [TrackFolder.StemFile], unreadable: [UnreadableRecord]) {
        guard let entry = EntryName.stems.flatMap({ folder[$0] }), entry.mode == .tree else { return ([], []) }
        let tree = try tree(entry.id)
        var stems: [TrackFolder.StemFile] = []
        var unreadable: [UnreadableRecord] = []
        for entry in tree.entries {
            guard let type = StemType(recordName: entry.name) else { continue }
            switch stem(entry, type, at: "\(path)/stems/\(type).json") {
            case .success(let stem):
                let audio = try audioFile(in: tree, named: type.text, expected: stem.audio)
                stems.append(TrackFolder.StemFile(stem: stem, audio: audio))
            case .failure(let record): unreadable.append(record)
            }
        }
        return (stems, unreadable)
    }

    private func stem(_ entry: TreeEntry, _ type: StemType, at path: String) -> Result<Stem, UnreadableRecord> {
        do {
            return .success(try Stem.read(record(entry.id, at: path), expecting: type))
        } catch { return .failure(UnreadableRecord(path: path, reason: "\(error)")) }
    }
}

extension FileExtension {
    /// The extension of an entry named `<stem>.<extension>`; nil for any other, and for records.
    init?(of name: EntryName, stem: String) {
        let text = name.string
        guard text.hasPrefix(stem + "."), let found = FileExtension(String(text.dropFirst(stem.count + 1)))
        else { return nil }
        self = found
    }
}

extension StemType {
    /// The type of a stem whose record has this name.
    init?(recordName name: EntryName) {
        let text = name.string
        guard text.hasSuffix(".json") else { return nil }
        self.init(String(text.dropLast(5)))
    }
}
