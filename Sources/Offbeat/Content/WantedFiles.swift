public import Blobs
import Cache
import Catalog
import Store

/// The files that this computer wants of the newest version and does not have.
public struct WantedFiles: Sendable {
    /// The files, in the order of their hashes.
    public let files: [Pointer]
    /// Whether all tracks were looked at, and not only what changed since the last search.
    public let isWholePass: Bool
    /// How many more are wanted that the remote was asked for in vain a short while ago.
    public let inVain: Int

    /// The same files with the records that name them.
    fileprivate let absent: [FileOfRecord]
    let analyses: Set<Pointer>
    fileprivate let note: FilesNote
}

extension Library {
    /// Finds the files that the policy wants and that are not here.
    ///
    /// The cost follows what changed since the last search that was remembered, unless the policy or the pins changed.
    /// Whoever has tried to bring the files calls ``remember(_:askedAt:)``.
    ///
    /// - Parameter url: of the remote that will be asked, as far as that is known; a name may come to mean another remote.
    public func wantedFiles(at url: String? = nil) throws(Failure) -> WantedFiles {
        do {
            let wanted = try WantedSurvey(of: self, askedAt: url).wanted()
            if wanted.files.isEmpty { remember(wanted, askedAt: url) }
            return wanted
        } catch { throw Failure(error) }
    }

    /// Remembers which of these files have come: the next search begins there, and looks again for those that have not.
    ///
    /// Very many that the remote does not have are not looked for again for a while.
    ///
    /// - Parameter came: how many of them came, where somebody counted; where that is all, none is looked for.
    public func remember(_ wanted: WantedFiles, askedAt url: String? = nil, came: Int = 0) {
        var note = wanted.note
        if came == wanted.files.count { return note.write(in: path) }
        let lookup = try? BlobLookup(in: store.blobs)
        let isHere = { [store] (file: Pointer) in lookup?.contains(file) ?? store.blobs.contains(file) }
        let absent = wanted.absent.filter { !isHere($0.pointer) }
        // What belongs to no record cannot be looked up again by itself.
        guard absent.allSatisfy({ $0.folder != nil }) else { return }
        let folders = Set(absent.compactMap(\.folder))
        if folders.count <= FilesNote.mostIncomplete {
            note.incomplete = folders
        } else if let url {
            note.vain = FilesNote.Vain(
                count: folders.count + (note.vain?.count ?? 0), remote: url, asked: context.now())
        } else {
            return
        }
        if !wanted.analyses.allSatisfy(isHere) { note.analyses = nil }
        note.write(in: path)
    }
}

/// Looks for the files that the policy wants.
private struct WantedSurvey {
    let store: Store
    let content: ContentPolicy
    let pins: Pins
    let snapshot: Snapshot
    let pinning: Pinning
    /// What is to be remembered if all comes.
    let note: FilesNote
    /// What was remembered of an earlier version; nil where that says nothing about this one.
    let past: FilesNote?
    let library: Library

    init(of library: Library, askedAt url: String?) throws {
        self.library = library
        store = library.store
        content = try library.settings.content()
        pins = try library.pins
        snapshot = try store.snapshot()
        pinning = try Pinning(pins, in: snapshot, now: library.context.now())
        var note = FilesNote(
            version: snapshot.version, analyses: try store.version(ofBranch: "analyses"), content: content,
            pins: pins.digest)
        past = Self.past(of: library, note, pinning, askedAt: url)
        note.vain = past?.vain
        self.note = note
    }

    /// A version that is gone, as after a rewriting of history, is no base.
    private static func past(
        of library: Library, _ note: FilesNote, _ pinning: Pinning, askedAt url: String?
    ) -> FilesNote? {
        guard !pinning.dependsOnClock, let past = FilesNote.read(in: library.path), past.content == note.content,
            past.pins == note.pins, past.vain?.holds(for: url, at: library.context.now()) ?? true,
            (try? library.store.snapshot(of: past.version)) != nil
        else { return nil }
        return past
    }

    func wanted() throws -> WantedFiles {
        let lookup = try? BlobLookup(in: store.blobs)
        let isAbsent = { (file: Pointer) in !(lookup?.contains(file) ?? store.blobs.contains(file)) }
        let absent = try named().filter { isAbsent($0.pointer) }
        let analyses: Set<Pointer> = try content == .all ? ofAnalyses().filter(isAbsent) : []
        let files = Set(absent.map(\.pointer)).union(analyses)
        return WantedFiles(
            files: files.sorted { $0.oid < $1.oid }, isWholePass: past == nil,
            inVain: note.vain?.count ?? 0, absent: Array(absent), analyses: analyses, note: note)
    }

    private func named() throws -> Set<FileOfRecord> {
        switch content {
        case .all: try ofKeptRecords().union(ofPinned { pins.dropped.contains($0) })
        case .pinned: try ofRecords().filter(\.isOfPost).union(ofPinned { _ in true })
        case .none: []
        }
    }

    /// What is named anew, and what was looked for in vain.
    private func ofRecords() throws(StoreError) -> Set<FileOfRecord> {
        var found = Set(try store.filesOfRecords(namedBy: snapshot.version, andNotBy: past?.version))
        for folder in past?.incomplete ?? [] {
            for pointer in try snapshot.files(of: folder) {
                found.insert(FileOfRecord(pointer, of: folder))
            }
        }
        return found
    }

    private func ofKeptRecords() throws -> Set<FileOfRecord> {
        try ofRecords().filter { file in file.track.map { !pins.dropped.contains($0) } ?? true }
    }

    /// The files of pinned tracks among those that changed: a change of words may have pinned one whose files did not.
    private func ofPinned(_ mayCount: (TrackID) -> Bool) throws -> Set<FileOfRecord> {
        var found: Set<FileOfRecord> = []
        for id in try candidates() where try mayCount(id) && pinning.contains(id) {
            for pointer in try snapshot.files(of: .track(id)) {
                found.insert(FileOfRecord(pointer, of: .track(id)))
            }
        }
        return found
    }

    private func candidates() throws -> Set<TrackID> {
        guard let past else { return Set(try pinning.all()) }
        let changed = try store.changes(from: past.version, to: snapshot.version).compactMap(\.folder)
        return Set((changed + past.incomplete).compactMap(\.track))
    }

    private func ofAnalyses() throws(StoreError) -> Set<Pointer> {
        guard let tip = note.analyses else { return [] }
        let named = try blobs(of: tip)
        // What was removed to save space would be removed again.
        let dropped = named.isEmpty ? [] : library.index.analyses.dropped()
        return named.filter { !dropped.contains($0.oid) }
    }

    private func blobs(of tip: Version) throws(StoreError) -> Set<Pointer> {
        do throws(StoreError) {
            return Set(try store.files(namedBy: tip, andNotBy: past?.analyses))
        } catch {
            // What was seen then may be gone.
            guard past?.analyses != nil else { throw error }
            return Set(try store.files(namedBy: tip, andNotBy: nil))
        }
    }
}

extension RecordFolder {
    fileprivate var track: TrackID? {
        if case .track(let id) = self { id } else { nil }
    }
}

extension FileOfRecord {
    fileprivate var track: TrackID? { folder?.track }

    fileprivate var isOfPost: Bool {
        if case .post? = folder { true } else { false }
    }
}
