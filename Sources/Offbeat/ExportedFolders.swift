import Blobs
import Catalog
import Digest
import Files
import Store

/// The lists of the exported folders that files are added from.
///
/// By them a file that somebody changed replaces the audio of its track, and one that was only renamed is known again.
struct ExportedFolders {
    /// One folder with its list.
    private struct Folder {
        let path: FilePath
        let status: FileStatus
        var isWalked: Bool
        var list: ExportManifest
        /// What the list said at first, by content.
        let origins: [ContentHash: ExportManifest.Entry]
        var isChanged = false

        init(_ path: FilePath, _ status: FileStatus, isWalked: Bool, _ list: ExportManifest) {
            (self.path, self.status, self.isWalked, self.list) = (path, status, isWalked, list)
            let entries = list.entries.sorted { $0.key < $1.key }.map { ($0.value.oid, $0.value) }
            origins = Dictionary(entries, uniquingKeysWith: { first, _ in first })
        }
    }

    /// A file that was taken, and the track that it is now.
    typealias Result = (file: Intake.Taken, track: TrackID?)

    private var folders: [Folder] = []
    /// Which of them a folder of the search is: one folder may be reached by several paths.
    private var places: [Int: Int] = [:]

    /// Reads the lists; one that is damaged is an error, since without it changed files would pass for new ones.
    init(of search: FileSearch) throws {
        for (place, folder) in search.folders.enumerated() {
            guard let list = try ExportManifest(existingIn: folder.path) else { continue }
            ExportDesk.sweep(in: folder.path)
            let status = try FileSystem.status(of: folder.path)
            if let known = folders.firstIndex(where: { $0.status.isSameFile(as: status) }) {
                folders[known].isWalked = folders[known].isWalked || folder.isWalked
                places[place] = known
            } else {
                places[place] = folders.count
                folders.append(Folder(folder.path, status, isWalked: folder.isWalked, list))
            }
        }
    }

    /// Whether any of the files lies in an exported folder.
    var isEmpty: Bool { folders.isEmpty }

    /// What the list says of the file of that name.
    func entry(of candidate: FileSearch.Candidate) -> ExportManifest.Entry? {
        places[candidate.folder].flatMap { folders[$0].list.entry(named: candidate.path) }
    }

    /// The entry whose bytes the file has, be it under its own name or renamed.
    func origin(of file: Intake.Taken) -> ExportManifest.Entry? {
        guard let place = places[file.candidate.folder] else { return nil }
        if let own = entry(of: file.candidate), own.oid == file.pointer.oid { return own }
        return folders[place].origins[file.pointer.oid]
    }

    /// Whether the list has nothing to say against the track that a file is known to be.
    func agrees(with file: Intake.Taken) -> Bool {
        guard let entry = entry(of: file.candidate) else { return true }
        return entry.oid == file.pointer.oid && entry.id == file.track
    }

    // MARK: What is not there

    /// The files of the lists that are not in their folders, nor found under another name, and whose tracks are there.
    func missing(
        _ results: [Result], where isThere: (TrackID) throws -> Bool
    ) throws -> [(path: FilePath, id: TrackID)] {
        let found = Set(results.map(\.file.pointer.oid))
        var missing: [(path: FilePath, id: TrackID)] = []
        for (place, folder) in folders.enumerated() where folder.isWalked {
            let tracks = tracks(of: results, in: place)
            for (name, entry) in folder.list.entries where !found.contains(entry.oid) {
                let path = folder.path.appending(name)
                let isGone: Bool
                if let track = tracks[FilePath(name)] {
                    // Another track's file may have been moved over it.
                    isGone = track != entry.id
                } else {
                    isGone = try FileSystem.statusIfExists(of: path, followingLinks: false) == nil
                }
                if isGone, try isThere(entry.id) { missing.append((path, entry.id)) }
            }
        }
        return missing.sorted { $0.path < $1.path }
    }

    /// By the names of the files in one of the folders.
    private func tracks(of results: [Result], in place: Int) -> [FilePath: TrackID] {
        var tracks: [FilePath: TrackID] = [:]
        for (file, track) in results where places[file.candidate.folder] == place {
            if let name = file.path.lastComponent { tracks[name] = track }
        }
        return tracks
    }

    // MARK: Writing the lists anew

    /// Has the lists say what the files are now, so that the next change of one replaces again.
    mutating func settle(_ results: [Result]) throws {
        for (file, track) in results {
            guard let track, let place = places[file.candidate.folder], let entry = entry(of: file.candidate),
                entry.id != track
            else { continue }
            forget(file.path, in: place)
        }
        for (file, track) in results {
            guard let track, let place = places[file.candidate.folder], let name = file.path.lastComponent,
                FilePath(name.string) == name
            else { continue }
            let entry = ExportManifest.Entry(id: track, oid: file.pointer.oid, size: file.pointer.size)
            let known = folders[place].list.entry(named: name)
            if known == entry { continue }
            if known == nil, try !makeRoom(for: track, in: place) { continue }
            folders[place].list.record(name.string, entry)
            folders[place].isChanged = true
        }
    }

    /// Whether a track has no other file in the folder; names of it that lead nowhere are forgotten. A copy beside the
    /// track's file is not its file: changed, it is to be a new track.
    private mutating func makeRoom(for track: TrackID, in place: Int) throws -> Bool {
        for name in folders[place].list.names(of: track) {
            let path = folders[place].path.appending(name)
            if try FileSystem.statusIfExists(of: path, followingLinks: false) != nil { return false }
            forget(path, in: place)
        }
        return true
    }

    private mutating func forget(_ path: FilePath, in place: Int) {
        if folders[place].list.forget(path) { folders[place].isChanged = true }
    }

    /// Lets the lists know that files are gone.
    mutating func forget(_ files: [Intake.Taken]) {
        for file in files {
            if let place = places[file.candidate.folder] { forget(file.path, in: place) }
        }
    }

    /// Writes the lists that changed; answers with those that cannot be written.
    mutating func write() -> [(path: FilePath, failure: Failure)] {
        let changed = folders.filter(\.isChanged)
        for place in folders.indices { folders[place].isChanged = false }
        return changed.compactMap { folder in
            do {
                let desk = try ExportDesk(in: folder.path)
                try folder.list.write(in: folder.path, by: desk)
                desk.clear()
                return nil
            } catch {
                let path = folder.path.appending(ExportManifest.fileName)
                return (path, Failure(error))
            }
        }
    }
}
