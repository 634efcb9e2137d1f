import Blobs
import Catalog
import Git

/// Looks at the records and pointers of one version, folder by folder. What git cannot read was told before, and is
/// passed over here.
struct HeadInspection {
    let snapshot: Snapshot
    let inspection: Inspection

    /// Prepares to look at a version; throws `.newerFormat` for one that a later program wrote, and `.notAStore` for
    /// one that never was a library's.
    init(of version: Version, for inspection: Inspection) throws(StoreError) {
        let root = try StoreError.wrapping("read", "version \(version.short)") { () throws(GitError) in
            try inspection.repository.readCommit(version.id).tree
        }
        snapshot = Snapshot(version: version, root: root, repository: inspection.repository)
        self.inspection = inspection
    }

    func run() throws {
        guard let root = try? snapshot.tree(snapshot.root) else { return }
        try inspectStoreRecord()
        inspectAttributes(in: root)
        try inspectPeople()
        try inspectWorkspaces()
        try inspectTracks()
    }

    // MARK: The store's own files

    private func inspectStoreRecord() throws {
        inspection.counts.records += 1
        do throws(StoreError) { _ = try snapshot.info() } catch {
            if error.code == .newerFormat { throw error }
            let last = try lastReadable(.store) { (try? StoreRecord.readStore($0)) != nil }
            if last == nil, error.code == .notAStore { throw error }
            let advice = last.map {
                "`offbeat fsck --repair` takes it back from version \($0.short), the last in which it could be read"
            }
            inspection.add(
                Problem(
                    .config, "offbeat.json", error.message, advice ?? "take it from a backup or another copy",
                    remedy: last == nil ? .none : .storeRecord))
        }
    }

    /// Each of our lines must be there; a team may have added others.
    private func inspectAttributes(in root: Tree) {
        let entry = EntryName(".gitattributes").flatMap { root[$0] }
        let bytes = entry.flatMap { try? snapshot.record($0.id, at: ".gitattributes") } ?? []
        let lines = Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
        guard !Catalog.gitAttributes.split(separator: "\n").allSatisfy(lines.contains) else { return }
        inspection.add(
            Problem(
                .pointer, ".gitattributes",
                "lines are missing by which git-lfs knows the audio, so plain git would commit it raw",
                "`offbeat fsck --repair` adds them",
                remedy: .attributes))
    }

    // MARK: People and workspaces

    private func inspectPeople() throws {
        for entry in folder("people")?.entries ?? [] {
            guard case .person(let id) = RecordPath("people/\(entry.name.string)") else { continue }
            try inspect(entry, at: .person(id), as: Person.self, id)
        }
    }

    private func inspectWorkspaces() throws {
        for entry in folder("workspaces")?.entries ?? [] {
            guard entry.mode == .tree, let id = WorkspaceID(entry.name.string),
                let folder = try? snapshot.tree(entry.id)
            else { continue }
            let record = EntryName.workspaceRecord.flatMap { folder[$0] }
            try inspect(record, at: .workspace(id), as: Workspace.self, id)
            try inspectPosts(of: id)
        }
    }

    private func inspectPosts(of workspace: WorkspaceID) throws {
        for shelf in folder("workspaces/\(workspace)/posts")?.entries ?? [] where shelf.mode == .tree {
            for entry in (try? snapshot.tree(shelf.id))?.entries ?? [] where entry.mode == .tree {
                guard let id = PostID(entry.name.string), let folder = try? snapshot.tree(entry.id) else {
                    continue
                }
                try PostInspection(id: id, workspace: workspace, folder: folder, head: self).run()
            }
        }
    }

    // MARK: Tracks

    private func inspectTracks() throws {
        guard let tracks = folder("tracks") else { return }
        try descend(tracks, path: "tracks", depth: 3)
    }

    private func descend(_ tree: Tree, path: String, depth: Int) throws {
        for entry in tree.entries where entry.mode == .tree {
            guard let folder = try? snapshot.tree(entry.id) else { continue }
            let path = "\(path)/\(entry.name.string)"
            if depth > 0 {
                try descend(folder, path: path, depth: depth - 1)
            } else if case .track(let id)? = RecordFolder(path: path) {
                inspection.counts.tracks += 1
                try inspection.advance("Checking tracks", inspection.counts.tracks)
                try TrackInspection(id: id, folder: folder, head: self).run()
            }
        }
    }

    // MARK: Records

    func folder(_ path: String) -> Tree? { try? snapshot.folder(at: path) }

    /// Reads a record; tells why it cannot be read, and where it last could. Git's own damage was told before.
    @discardableResult
    func inspect<Kind: RecordKind>(
        _ entry: TreeEntry?, at path: RecordPath, as kind: Record<Kind>.Type, _ id: Kind.Identity
    ) throws -> Record<Kind>? {
        inspection.counts.records += 1
        let fault: String
        do {
            guard let entry else { throw Fault(reason: "it is missing") }
            return try Record<Kind>.read(bytes(of: entry), expecting: id)
        } catch let error as Unreadable { fault = error.reason } catch let error as Fault {
            fault = error.reason
        } catch { return nil }
        let last = try lastReadable(path) { (try? Record<Kind>.read($0, expecting: id)) != nil }
        tell(path, fault, last)
        return nil
    }

    /// Why a record cannot be read that git can read.
    private struct Fault: Error {
        let reason: String
    }

    private func bytes(of entry: TreeEntry) throws -> [UInt8] {
        do throws(GitError) { return try snapshot.repository.readBlob(entry.id, limit: Catalog.recordLimit) } catch
        {
            switch error.code {
            case .tooLarge: throw Fault(reason: "it is larger than a record may be")
            case .wrongKind: throw Fault(reason: "it is no file")
            default: throw error
            }
        }
    }

    private func tell(_ path: RecordPath, _ reason: String, _ last: Version?) {
        let advice =
            switch (path.folder, last?.short) {
            case (.track(let id)?, let last?): "take it back with `offbeat restore \(id) --at \(last)`"
            case (_, let last?): "it could last be read in version \(last)"
            case (_, nil): "no version has it in a form that can be read"
            }
        inspection.add(Problem(.record, path.text, "the record cannot be read: \(reason)", advice))
    }

    private func lastReadable(_ path: RecordPath, where isReadable: ([UInt8]) -> Bool) throws -> Version? {
        try LastReadable(path: path, in: snapshot.repository).find(before: snapshot.version, where: isReadable)
    }
}
