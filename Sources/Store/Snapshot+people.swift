public import Catalog
import Git

/// What folders hold their records under; the names are plain, so git takes them.
extension EntryName {
    static let workspaceRecord = EntryName("workspace.json")
    static let trackRecord = EntryName("track.json")
    static let postRecord = EntryName("post.json")
    static let stems = EntryName("stems")
}

extension Snapshot {
    /// Everybody in this store whose record can be read, by handle.
    public func people() throws(StoreError) -> [Person] {
        var people: [Person] = []
        for entry in try folder(at: "people")?.entries ?? [] where entry.mode == .blob {
            let name = entry.name.string
            guard name.hasSuffix(".json"), let id = PersonID(String(name.dropLast(5))),
                let bytes = try? record(entry.id, at: "people/\(name)"),
                let person = try? Person.read(bytes, expecting: id)
            else { continue }
            people.append(person)
        }
        return people.sorted { ($0.handle?.text ?? "", $0.id) < ($1.handle?.text ?? "", $1.id) }
    }

    /// A person; nil where there is none of this id, or none whose record can be read.
    public func person(_ id: PersonID) throws(StoreError) -> Person? {
        let path = RecordPath.person(id).text
        guard let entry = try entry(at: path) else { return nil }
        return try? Person.read(record(entry.id, at: path), expecting: id)
    }

    /// What of people and workspaces cannot be read, and why.
    public func unreadablePeopleAndWorkspaces() throws(StoreError) -> [UnreadableRecord] {
        var found: [UnreadableRecord] = []
        for entry in try folder(at: "people")?.entries ?? [] {
            if case .person(let id) = RecordPath("people/\(entry.name.string)") {
                check("people/\(entry.name.string)", entry, &found) { bytes throws(Unreadable) in
                    try Person.read(bytes, expecting: id)
                }
            }
        }
        for entry in try folder(at: "workspaces")?.entries ?? [] where entry.mode == .tree {
            guard let id = WorkspaceID(entry.name.string), let name = EntryName.workspaceRecord else { continue }
            let path = RecordPath.workspace(id).text
            guard let record = try tree(entry.id)[name] else {
                found.append(UnreadableRecord(path: path, reason: "the record is missing"))
                continue
            }
            check(path, record, &found) { bytes throws(Unreadable) in try Workspace.read(bytes, expecting: id) }
        }
        return found
    }

    /// What of a person or workspace cannot be read, and why; nil where it can, or is not there.
    public func unreadable(_ folder: RecordFolder) throws(StoreError) -> UnreadableRecord? {
        let path = folder.record.text
        guard let entry = try entry(at: path) else {
            // A workspace is its folder; without its record nobody knows whose it is.
            guard case .workspace(let id) = folder, try self.folder(at: "workspaces/\(id)") != nil else {
                return nil
            }
            return UnreadableRecord(path: path, reason: "the record is missing")
        }
        var found: [UnreadableRecord] = []
        switch folder {
        case .person(let id):
            check(path, entry, &found) { bytes throws(Unreadable) in try Person.read(bytes, expecting: id) }
        case .workspace(let id):
            check(path, entry, &found) { bytes throws(Unreadable) in try Workspace.read(bytes, expecting: id) }
        default: break
        }
        return found.first
    }

    private func check<R>(
        _ path: String, _ entry: TreeEntry, _ found: inout [UnreadableRecord],
        _ read: ([UInt8]) throws(Unreadable) -> R
    ) {
        do { _ = try read(record(entry.id, at: path)) } catch {
            found.append(UnreadableRecord(path: path, reason: "\(error)"))
        }
    }

    /// The workspaces whose record can be read, by slug.
    public func workspaces() throws(StoreError) -> [Workspace] {
        var workspaces: [Workspace] = []
        for entry in try folder(at: "workspaces")?.entries ?? [] where entry.mode == .tree {
            guard let id = WorkspaceID(entry.name.string),
                let name = EntryName.workspaceRecord, let record = try tree(entry.id)[name],
                let bytes = try? self.record(record.id, at: "workspaces/\(id)/workspace.json"),
                let workspace = try? Workspace.read(bytes, expecting: id)
            else { continue }
            workspaces.append(workspace)
        }
        return workspaces.sorted { ($0.slug?.text ?? "", $0.id) < ($1.slug?.text ?? "", $1.id) }
    }
}
