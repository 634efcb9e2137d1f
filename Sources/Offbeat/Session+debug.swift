import Blobs
public import Catalog
import Digest
public import Files
import Git
import Store

/// Looking at what lies below tracks and versions, for whoever searches for a mistake. Nothing is changed, and what
/// sharing hides from a person is hidden here too.
extension Session {
    /// What a version consists of.
    public func debugVersion(_ name: String) throws(Failure) -> JSON {
        do {
            let version = try store.version(named: name)
            let found = try store.inspect(version)
            let parents = found.commit.parents.map(Version.init)
            let visible = try visiblePaths(from: parents.first, to: version)
            return [
                "version": .string(version.description), "tree": .string(found.commit.tree.hex),
                "parents": .array(parents.map { .string($0.description) }),
                "author": Self.json(found.commit.author), "committer": Self.json(found.commit.committer),
                "subject": .string(found.commit.summary),
                "trailers": .array(
                    found.commit.trailers.map { ["key": .string($0.key), "value": .string($0.value)] }),
                "size": .integer(Int64(found.size)),
                "entries": .array(found.entries.filter { visible($0.change.path.description) }.map(Self.json)),
            ]
        } catch { throw Failure(error) }
    }

    /// Tells which paths of a version this person may see.
    private func visiblePaths(from old: Version?, to new: Version) throws -> (String) -> Bool {
        let view = try view()
        let changes = try visibleChanges(from: old, to: new, in: view)
        if try changes.count == store.changes(from: old, to: new).count { return { _ in true } }
        let folders = Set(changes.map(\.path))
        return { path in folders.contains { path == $0 || path.hasPrefix("\($0)/") } }
    }

    private static func json(_ signature: Signature) -> JSON {
        [
            "name": .string(signature.name), "email": .string(signature.email),
            "at": .string(Timestamp(milliseconds: signature.seconds * 1000).description),
            "offsetMinutes": .integer(Int64(signature.offsetMinutes)),
        ]
    }

    private static func json(_ entry: VersionInspection.Entry) -> JSON {
        [
            "path": .string(entry.change.path.description),
            "old": entry.change.old.map { .string($0.id.hex) } ?? .null,
            "new": entry.change.new.map { .string($0.id.hex) } ?? .null,
            "size": entry.size.map { .integer(Int64($0)) } ?? .null,
        ]
    }

    // MARK: A record

    /// What a record says, place by place, with the stamps of each; of one that cannot be read, why.
    ///
    /// - Parameters:
    ///   - name: what names a track, or the path of any record in the tree.
    ///   - versionName: the version to look at; the head without it.
    public func debugRecord(_ name: String, at versionName: String? = nil) throws(Failure) -> JSON {
        do {
            let version = try versionName.map { try store.version(named: $0) }
            let view =
                try version.map { try View(store.snapshot(of: $0), for: self, under: self.view().sharing) }
                ?? self.view()
            let path = try recordPath(of: name, in: view)
            guard try isVisible(path, in: view), let found = try view.snapshot.inspect(path) else {
                throw Failure(
                    .notFound, "there is no record at \(path) in version \(view.snapshot.version.short)",
                    hint: "`offbeat debug version` lists the paths that a version changed")
            }
            return [
                "version": .string(view.snapshot.version.description), "path": .string(path.text),
                "blob": .string(found.blob.hex), "fault": found.fault.map(JSON.string) ?? .null,
                "fields": .array(found.decisions.map(Self.json)), "files": .array(found.files.map(json)),
                "record": found.json ?? .null,
            ]
        } catch { throw Failure(error) }
    }

    /// A damaged track is found by its digits, though nobody can say its title.
    private func recordPath(of name: String, in view: View) throws -> RecordPath {
        if RecordPath(name).isRecord { return RecordPath(name) }
        if !view.hidesTracks {
            let ids = try view.snapshot.trackIDs(withPrefix: name)
            if ids.count == 1, name.utf8.count >= 4 { return .track(ids[0]) }
        }
        return .track(try find(name, in: view).id)
    }

    private func isVisible(_ path: RecordPath, in view: View) throws -> Bool {
        try path.folder.map { try view.maySee($0) } ?? true
    }

    private static func json(_ decision: RecordInspection.Decision) -> JSON {
        let stamps = decision.stamps.map { stamp -> JSON in
            [
                "stamp": .string(stamp.description), "at": .string(stamp.time.description),
                "replica": .string(stamp.replica.description),
            ]
        }
        return [
            "field": .string(decision.place), "value": decision.value ?? .null, "stamps": .array(stamps),
        ]
    }

    private func json(_ file: RecordInspection.File) -> JSON {
        [
            "name": .string(file.name), "oid": file.pointer.map { .string($0.oid.hex) } ?? .null,
            "size": file.pointer.map { .integer($0.size) } ?? .null,
            "here": .bool(file.pointer.map { store.blobs.contains($0) } ?? false),
        ]
    }

    // MARK: The journal and the replica

    /// What the journal of files says, and where it differs from the files; it is copied to `scratch` and read there.
    public func debugJournal(copyingTo scratch: FilePath) throws(Failure) -> JSON {
        do {
            if library.guest != nil { try library.fence.requireWritable(scratch) }
            let account = try store.blobs.journal.account(copyingTo: scratch)
            var (differences, fault): ([JSON], JSON) = ([], .null)
            switch try store.blobs.journal.look(copyingTo: scratch) {
            case .missing: fault = "it is missing"
            case .unreadable(let reason): fault = .string(reason)
            case .read(let found): differences = found.map(Self.json)
            }
            let notes = account?.notes.map { note -> JSON in
                [
                    "owner": .string(note.owner), "alive": .bool(note.isAlive),
                    "files": .array(note.files.map { .string($0.hex) }),
                ]
            }
            return [
                "files": account.map { .integer(Int64($0.totals.files)) } ?? .null,
                "bytes": account.map { .integer($0.totals.bytes) } ?? .null, "fault": fault,
                "notes": .array(notes ?? []), "differences": .array(differences),
            ]
        } catch { throw Failure(error) }
    }

    private static func json(_ difference: BlobJournal.Difference) -> JSON {
        switch difference {
        case .missing(let pointer): ["what": "missing", "file": .string(pointer.oid.hex)]
        case .unlisted(let pointer): ["what": "unlisted", "file": .string(pointer.oid.hex)]
        case .wrongSize(let oid, _, _): ["what": "wrong-size", "file": .string(oid.hex)]
        case .foreign(let path): ["what": "foreign", "file": .string(path.string)]
        }
    }

    /// What this copy of the store knows of itself.
    public func debugReplica() throws(Failure) -> JSON {
        guard let found = store.inspectReplica() else {
            throw Failure(
                .notFound, "this copy's id and clock are missing or cannot be read",
                hint: "the next change makes new ones")
        }
        return [
            "id": .string(found.id.description), "clock": found.clock.map { .string($0.description) } ?? .null,
            "at": found.clock.map { .string($0.time.description) } ?? .null, "machine": .string(found.machine),
            "inode": .string(found.inode), "own": .bool(found.isOwn),
        ]
    }
}
