import Blobs
public import Catalog
public import Files
public import Store

/// What an export wrote.
public struct ExportOutcome: Sendable {
    /// One file that was written, or was there already.
    public struct File: Sendable {
        /// The file's name below the folder.
        public let name: String
        /// The track.
        public let id: TrackID
    }

    /// How the bytes came there.
    public enum Means: String, Sendable { case reflink, copy }

    /// The version that was exported.
    public let version: Version
    /// The files, in the order of names.
    public internal(set) var files: [File] = []
    /// The bytes that were written.
    public internal(set) var bytes: Int64 = 0
    /// How the last of them came there; nil where nothing had to be written.
    public internal(set) var means: Means?
    /// Tracks that could not be exported, and why.
    public internal(set) var failed: [(id: TrackID, reason: String)] = []
}

extension Session {
    /// Writes the tracks that a query matches into a folder, under names that people know, with a list of which file
    /// is which track. Files that are there with the right bytes stay. No other file is touched, and none that somebody
    /// changed since it was exported.
    public func export(
        to folder: FilePath, matching text: String, progress: Progress = .none
    ) throws(Failure) -> ExportOutcome {
        do {
            try library.fence.requireWritable(folder)
            let view = try view()
            let tracks = try matches(of: Query(parsing: text), in: view)
            try FileSystem.makeDirectories(folder)
            var manifest = try ExportManifest(in: folder)
            let desk = try ExportDesk(in: folder)
            var outcome = ExportOutcome(version: view.snapshot.version)
            do {
                for (index, track) in tracks.enumerated() {
                    try progress.checkStopped("interrupted; the files that were written stay")
                    try export(track, to: folder, by: desk, &manifest, &outcome)
                    progress.report("Exporting", done: Int64(index + 1), of: Int64(tracks.count), .items)
                }
            } catch {
                // What was written is ours: the next export must know it, or would write it again beside.
                if (try? manifest.write(in: folder, by: desk)) != nil { desk.clear() }
                throw error
            }
            try manifest.write(in: folder, by: desk)
            desk.clear()
            outcome.files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            return outcome
        } catch { throw Failure(error) }
    }

    private func export(
        _ track: TrackFolder, to folder: FilePath, by desk: ExportDesk, _ manifest: inout ExportManifest,
        _ outcome: inout ExportOutcome
    ) throws {
        guard let audio = track.audio else { return outcome.failed.append((track.id, "it has no audio")) }
        guard store.blobs.contains(audio.pointer) else {
            return outcome.failed.append((track.id, "its file is not on this computer"))
        }
        let entry = ExportManifest.Entry(id: track.id, oid: audio.pointer.oid, size: audio.pointer.size)
        let name = try manifest.name(for: track, extension: audio.fileExtension, in: folder)
        if !manifest.isUnchanged(name, audio.pointer, in: folder) {
            guard try manifest.mayReplace(name, in: folder) else {
                let reason = "\(name) was changed since it was exported; move it away, or `offbeat replace` with it"
                return outcome.failed.append((track.id, reason))
            }
            let draft = desk.newPath()
            outcome.means = try copy(audio.pointer, to: draft)
            try desk.note(name, entry)
            try FileSystem.rename(draft, to: folder.appending(name))
            outcome.bytes += audio.pointer.size
        }
        manifest.record(name, entry)
        outcome.files.append(ExportOutcome.File(name: name, id: track.id))
    }

    /// Copies a stored file to a path that nothing is at.
    func copy(_ pointer: Pointer, to path: FilePath) throws -> ExportOutcome.Means {
        let target = try FileDescriptor.open(path, .write, create: .exclusive, mode: 0o644)
        if try target.reflink(from: store.blobs.open(pointer)) { return .reflink }
        try store.blobs.forEachPiece(of: pointer) { try target.write(all: $0) }
        return .copy
    }
}
