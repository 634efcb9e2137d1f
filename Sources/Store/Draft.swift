public import Blobs
public import Catalog
public import Digest
import Git

/// A version in the making: what the head holds, and what is to change.
///
/// A draft belongs to one writer who holds the store's lock, so what it reads is what it will replace. Nothing of it
/// is visible before the writer takes the door.
public final class Draft {
    /// What the draft starts from.
    public let base: Snapshot

    private let context: StoreContext
    private let writer: ObjectWriter
    private var edit = TreeEdit()
    private var added: [TrackID: ContentHash] = [:]

    /// The files that the new version names anew, and whether it may name them though they are not here.
    private(set) var namedFiles: [Pointer: Bool] = [:]

    /// The replica that edits; its clock has ticked for each stamp.
    private(set) var replica: Replica
    private(set) var firstStamp: Stamp?
    private(set) var isEmpty = true
    /// Whether nothing is put, as far as this draft has come.
    private(set) var onlyRemoves = true

    init(base: Snapshot, replica: Replica, context: StoreContext, writer: ObjectWriter) {
        self.base = base
        self.replica = replica
        self.context = context
        self.writer = writer
    }

    /// A stamp greater than all that this replica gave or saw, and than the ones it is to replace.
    public func stamp(after replaced: Stamp?...) -> Stamp { stamp(after: replaced) }

    /// A stamp greater than all that this replica gave or saw, and than the ones it is to replace.
    func stamp(after replaced: [Stamp?]) -> Stamp {
        var clock = HybridClock(replica: replica.id, last: replica.last)
        let stamp = clock.tick(now: context.now(), after: replaced.compactMap { $0 })
        replica.last = clock.last
        if firstStamp == nil { firstStamp = stamp }
        return stamp
    }

    /// A fresh random id.
    public func newID<Kind>() -> Identifier<Kind> {
        var random = context.random
        return .random(using: &random)
    }

    // MARK: Records

    /// Writes the store's own record.
    public func put(_ info: StoreRecord) throws(StoreError) {
        try put(info, at: .store)
    }

    /// Writes a person.
    public func put(_ person: Person) throws(StoreError) {
        try put(person, at: .person(person.id))
    }

    /// Writes a workspace.
    public func put(_ workspace: Workspace) throws(StoreError) {
        try put(workspace, at: .workspace(workspace.id))
    }

    /// Writes a track's record; its files stay as they are.
    public func put(_ track: Track) throws(StoreError) {
        try put(track, at: .track(track.id))
    }

    /// Writes a track's record together with the pointer to its audio, in the place of `replaced`.
    ///
    /// The audio is looked for before the version is made, see ``name(_:mayBeAbsent:)``.
    public func put(
        _ track: Track, audio: TrackFolder.AudioFile, replacing replaced: TrackFolder.AudioFile? = nil,
        mayBeAbsent: Bool = false
    ) throws(StoreError) {
        try put(track)
        if let replaced, replaced.fileExtension != audio.fileExtension {
            remove(.trackAudio(track.id, replaced.fileExtension))
        }
        try put(audio.pointer.encoded(), at: .trackAudio(track.id, audio.fileExtension))
        added[track.id] = audio.pointer.oid
        name(audio.pointer, mayBeAbsent: mayBeAbsent)
    }

    /// Says that the new version names a file that the one before may not have named.
    ///
    /// Before the version is made, while no collection can run, the file is looked for, and taken back from quarantine
    /// if it lies there. If it is gone the version is not made (`.fileGone`): whoever put the file must put it again.
    /// Who brings back an old version says `mayBeAbsent`, and the version is made without it.
    public func name(_ file: Pointer, mayBeAbsent: Bool = false) {
        namedFiles[file] = mayBeAbsent && namedFiles[file] ?? true
    }

    /// Removes a track, its stems and its pointers.
    public func remove(_ id: TrackID) {
        isEmpty = false
        edit.remove(TreePath(RecordFolder.track(id)))
    }

    /// The audio of a track that this draft itself has put.
    public func addedAudio(of id: TrackID) -> ContentHash? { added[id] }

    /// Writes the git attributes that make git-lfs see the files.
    func putAttributes() throws(StoreError) {
        try put(Array(Catalog.gitAttributes.utf8), at: .gitAttributes)
    }

    func put<Kind>(_ record: Record<Kind>, at path: RecordPath) throws(StoreError) {
        let bytes: [UInt8]
        do { bytes = try record.encode() } catch {
            throw StoreError(.tooLarge, error.message, hint: "shorten its texts")
        }
        try put(bytes, at: path)
    }

    /// Writes any file of the tree, as a repair has to.
    func put(_ bytes: [UInt8], at path: RecordPath) throws(StoreError) {
        (isEmpty, onlyRemoves) = (false, false)
        let id = try StoreError.wrapping("write", path.description) { () throws(GitError) in
            try writer.write(.blob, bytes)
        }
        edit.set(TreePath(path), blob: id, mode: .blob)
    }

    /// Removes a file of the grammar.
    func remove(_ path: RecordPath) { remove(TreePath(path)) }

    /// Removes whatever is at a path.
    func remove(_ path: TreePath) {
        isEmpty = false
        edit.remove(path)
    }

    /// Puts what an earlier version had at a path, a file or a whole folder.
    ///
    /// The files that it names are taken back from quarantine; where one is gone, the version is made without it.
    func put(_ entry: TreeEntry, at path: TreePath) throws(StoreError) {
        (isEmpty, onlyRemoves) = (false, false)
        for file in try base.pointers(below: entry) { name(file, mayBeAbsent: true) }
        if entry.isTree {
            edit.setTree(path, entry.id)
        } else {
            edit.set(path, blob: entry.id, mode: entry.mode)
        }
    }

    /// The records of which something is to change, or that are to go with their folders.
    var touchedFolders: Set<RecordFolder> {
        Set(
            edit.paths.compactMap { path in
                RecordPath(bytes: path.bytes).folder
                    ?? RecordFolder(path: String(decoding: path.bytes, as: UTF8.self))
            })
    }

    /// Writes the trees; gives the root.
    func writeTrees(over base: ObjectID?, reading repository: Repository) throws(StoreError) -> ObjectID {
        try StoreError.wrapping("write", "the tree") { () throws(GitError) in
            if let root = try edit.apply(to: base, reading: repository, writing: writer) { return root }
            return try writer.write(.tree, [])
        }
    }

    // MARK: Looking up audio

    /// Whether some version of this store ever held this audio. When none did, no track can hold it now: the pointer
    /// to a file has one possible blob, and git knows at once whether it has that.
    public func mayHold(_ pointer: Pointer) -> Bool {
        base.repository.contains(ObjectID(ofBlob: pointer.encoded()))
    }

    /// The tracks of the base that hold these files, whatever their ids. Reads every track's folder.
    public func tracks(holding pointers: [Pointer]) throws -> [ContentHash: [TrackID]] {
        let blobs = Dictionary(
            pointers.map { (ObjectID(ofBlob: $0.encoded()), $0.oid) }, uniquingKeysWith: { first, _ in first })
        let found = try base.tracks(holding: Set(blobs.keys))
        return Dictionary(uniqueKeysWithValues: found.compactMap { blob, id in blobs[blob].map { ($0, id) } })
    }
}
