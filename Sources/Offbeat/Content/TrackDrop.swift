import Blobs
import Catalog
import Store
import Sync

/// The dropping of some tracks' files: remotes are asked first, which takes long; what goes is decided under the lock.
struct TrackDrop {
    private(set) var outcome = ContentOutcome()

    private let library: Library
    private let snapshot: Snapshot
    private var ids: [TrackID]
    /// The files that remotes hold a second time.
    private var held: Set<Pointer> = []
    /// Why remotes do not hold some of the others.
    private var reasons: [Pointer: String] = [:]
    /// The remotes that were asked: what they said holds as long as this does.
    private let remotes: [RemoteFiles]
    /// Who names what was asked for; found before the lock is taken.
    private var owners: [Pointer: Set<RecordFolder?>] = [:]

    private var store: Store { library.store }

    init(of ids: [TrackID], from library: Library, _ snapshot: Snapshot) throws {
        self.library = library
        self.snapshot = snapshot
        self.ids = ids
        remotes = try library.remoteFiles()
        try refusePinned(in: snapshot)
    }

    // MARK: Asking

    /// Asks each remote for the files that none before it holds.
    mutating func confirm(reading isReading: Bool) throws {
        var asked: Set<Pointer> = []
        for id in ids { asked.formUnion(try snapshot.files(of: .track(id)).filter(store.blobs.contains)) }
        owners = try owners(of: asked, in: snapshot)
        for remote in remotes where !asked.isSubset(of: held) {
            let open = asked.subtracting(held)
            let unpushed = try unpushed(to: remote.remote).intersection(open)
            for file in unpushed { reasons[file] = "it was not pushed to \(remote.remote.name) yet" }
            do throws(SyncError) {
                held.formUnion(
                    try remote.files.confirmed(
                        Array(open.subtracting(unpushed)), apart: store.blobs, verifying: isReading))
            } catch {
                for file in open { reasons[file] = error.message }
            }
        }
        let none =
            try store.remotes().isEmpty ? "there is no remote that holds it" : "no remote holds it a second time"
        for file in asked.subtracting(held) where reasons[file] == nil { reasons[file] = none }
    }

    /// What no version names that the remote was seen at: it keeps what its versions name, and nothing else.
    private func unpushed(to remote: Remote) throws(StoreError) -> Set<Pointer> {
        let seen = try store.lastSeen("main", of: remote.name)
        return Set(try store.files(namedBy: snapshot.version, andNotBy: seen))
    }

    // MARK: Deciding

    /// Decides by the version of this moment, and frees.
    mutating func carryOut(_ writer: borrowing Writer) throws {
        let now = try writer.snapshot()
        try refusePinned(in: now)
        var files: [TrackID: [Pointer]] = [:]
        for id in ids { files[id] = try now.files(of: .track(id)).filter(store.blobs.contains) }
        refuse { [held, reasons] id in
            files[id]?.first { !held.contains($0) }.map { reasons[$0] ?? "it has just changed; try again" }
        }
        let mine = Set(ids.flatMap { files[$0] ?? [] })
        if now.version != snapshot.version { owners = try owners(of: mine, in: now) }
        let folders = Set(ids.map { Optional(RecordFolder.track($0)) })
        let wanted = mine.filter { owners[$0]?.isSubset(of: folders) ?? false }
        let marked = try mark(writer)
        let gone = try writer.free(wanted.sorted { $0.oid < $1.oid })
        refuse { id in
            let isInUse = files[id]?.contains { wanted.contains($0) && !gone.contains($0) } ?? false
            return isInUse ? "somebody is at work with it; try again" : nil
        }
        outcome.bytes = gone.reduce(0) { $0 + $1.size }
        outcome.changed = ids.filter { id in
            marked.contains(id) || files[id]?.contains(where: gone.contains) ?? false
        }
    }

    /// Where all files are wanted, says that these are not; gives the tracks of which that was not said before.
    private func mark(_ writer: borrowing Writer) throws -> Set<TrackID> {
        guard try library.settings.content() == .all else { return [] }
        let marked = Set(ids).subtracting(try library.pins.dropped)
        try library.changePins(writer) { $0.dropped.formUnion(marked) }
        return marked
    }

    /// Which records name these files at a version.
    private func owners(
        of files: Set<Pointer>, in snapshot: Snapshot
    ) throws(StoreError) -> [Pointer: Set<RecordFolder?>] {
        if files.isEmpty { return [:] }
        var owners: [Pointer: Set<RecordFolder?>] = [:]
        for file in try store.filesOfRecords(namedBy: snapshot.version, andNotBy: nil)
        where files.contains(file.pointer) {
            owners[file.pointer, default: []].insert(file.folder)
        }
        return owners
    }

    /// Lets the remotes do with the files what they like.
    func release() {
        for remote in remotes { remote.files.release() }
    }

    // MARK: Refusing

    private mutating func refusePinned(in snapshot: Snapshot) throws {
        let pinning = try Pinning(library.pins, in: snapshot, now: library.context.now())
        var reasons: [TrackID: String] = [:]
        for id in ids { reasons[id] = try pinning.reason(for: id) }
        refuse { reasons[$0] }
    }

    private mutating func refuse(_ reason: (TrackID) -> String?) {
        var rest: [TrackID] = []
        for id in ids {
            if let reason = reason(id) { outcome.refused.append((id, reason)) } else { rest.append(id) }
        }
        ids = rest
    }
}
