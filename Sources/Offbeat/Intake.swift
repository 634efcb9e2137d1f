import Audio
import Blobs
import Catalog
import Files
import Store
import Synchronization

/// Takes files into the store: reads what they say of themselves, and puts their bytes, several at once.
///
/// Nothing here needs the writer's lock: bytes that no record names yet are nobody's concern. A file that was taken
/// before and that nobody touched since is not read again.
struct Intake: Sendable {
    let store: Store
    let decoding: Decoding
    let progress: Progress
    var pace = AddRequest.Pace()
    var recollection: Recollection?

    var blobs: BlobStore { store.blobs }

    /// A file whose bytes are in the store.
    struct Taken: Sendable {
        let candidate: FileSearch.Candidate
        /// The folder that it lies in; nil for one that came as bytes, which nobody can come by again.
        let folder: Folder?
        /// Its state before it was read.
        let status: FileStatus
        let pointer: Pointer
        /// Whether its bytes were in the store before.
        var wasHere = true
        /// The track that it is as of the version of the recollection.
        var track: TrackID?
        /// What it says of itself; nil where that was not asked, because the track is known.
        var contents: Contents?

        var path: FilePath { candidate.path }

        /// What later additions may know of it.
        func sighting(as track: TrackID? = nil) -> KnownFiles.Sighting? {
            folder.map { folder in
                KnownFiles.Sighting(
                    folder: folder.status, name: path.lastComponent ?? path, status: status, pointer: pointer,
                    use: track?.bytes)
            }
        }
    }

    /// What a file says of itself. Apart from the rest, which is small where nothing was read.
    final class Contents: Sendable {
        let fileExtension: FileExtension
        let facts: AudioFacts
        let tags: AudioTags

        /// Reads it; the file's position stays where it is. Whatever is no plain file is no audio.
        init(
            of file: borrowing FileDescriptor, _ path: FilePath, isNamed: Bool, by decoding: Decoding
        ) throws {
            (facts, tags) = try decoding.inspect(file, path, isNamed: isNamed)
            guard let known = FileExtension(facts.fileExtension) else {
                throw Failure(.notAudio, "\(path) has a format without a known extension")
            }
            fileExtension = known
        }
    }

    /// What became of all candidates, in their order.
    struct Outcome: Sendable {
        var taken: [Taken] = []
        var skipped: [FilePath] = []
        var failed: [(path: FilePath, failure: Failure)] = []
        let rounds: IntakeRounds

        /// Before all files were read, by the clock of the file system; nil where none was.
        var moment: FileTime? { rounds.moment }

        /// Begins to make the bytes durable under their names, which must be done before a version names them. The disk
        /// is at work meanwhile, and the processor free for the records.
        func settling() throws -> BackgroundWork? { try rounds.finish() }

        /// Runs the step that makes a version of the files; where that would be more than may be, they are taken away again.
        func keepingQuota<R>(of store: Store, _ step: () throws -> R) throws -> R {
            try store.keepingQuota(by: { rounds.withdraw(from: store) }, step)
        }

        /// Lets go of the files: a version names them, or none will.
        func end() { rounds.end() }
    }

    /// Puts those files that are audio. Their bytes are not durable before they have settled.
    func take(_ search: FileSearch) throws -> Outcome {
        let rounds = IntakeRounds(blobs: blobs, pace: pace, recollection: recollection)
        var outcome = Outcome(skipped: search.skipped, failed: search.failed, rounds: rounds)
        let candidates = search.candidates
        outcome.taken.reserveCapacity(candidates.count)
        let results = try outcome.keepingQuota(of: store) {
            try take(candidates, in: folders(of: search), rounds)
        }
        for (candidate, result) in zip(candidates, results) {
            switch result {
            case .success(let taken)?: outcome.taken.append(taken)
            case .failure(let failure)? where failure.code == .notAudio && !candidate.isNamed:
                outcome.skipped.append(candidate.path)
            case .failure(let failure)?: outcome.failed.append((candidate.path, failure))
            case nil: break
            }
        }
        return outcome
    }

    /// Takes the one file that a person named, and hands it on when its bytes are durable.
    func take<R>(file: FilePath, outside fence: Fence, _ use: (Taken) throws -> R) throws -> R {
        if try FileSystem.status(of: file).kind == .directory {
            throw Failure(.usage, "\(file) is a folder, and one file is needed", hint: "name a file")
        }
        let outcome = try take(FileSearch([file], outside: fence))
        defer { outcome.end() }
        if let failed = outcome.failed.first { throw failed.failure }
        guard let taken = outcome.taken.first else {
            throw Failure(.io, "\(file) was not taken in", hint: "try again")
        }
        return try self.use(taken, of: outcome, use)
    }

    /// Hands a file on when its bytes are durable.
    func use<R>(_ taken: Taken, of outcome: Outcome, _ use: (Taken) throws -> R) throws -> R {
        try outcome.keepingQuota(of: store) {
            try outcome.settling()?.wait()
            try progress.checkStopped()
            return try use(taken)
        }
    }

    private func take(
        _ candidates: [FileSearch.Candidate], in folders: [Folder?], _ rounds: IntakeRounds
    ) throws -> [Result<Taken, Failure>?] {
        let results = Mutex([Result<Taken, Failure>?](repeating: nil, count: candidates.count))
        let done = Atomic(0)
        let lookup = recollection.flatMap { _ in try? BlobLookup(in: blobs) }
        // Hashing keeps a core busy, so one worker a core; more only wait for each other.
        try Parallel.forEach(count: candidates.count, workers: max(1, min(8, Parallel.processors))) { index in
            try progress.checkStopped("interrupted; nothing was changed, and the same call goes on from here")
            let candidate = candidates[index]
            let result = try take(candidate, in: folders[candidate.folder], lookup, rounds)
            results.withLock { $0[index] = result }
            let count = done.add(1, ordering: .relaxed).newValue
            progress.report("Adding", done: Int64(count), of: Int64(candidates.count), .items)
        }
        return results.withLock { $0 }
    }

    /// Takes one file. What is wrong with the file is its own result; what is wrong with the store ends the whole.
    private func take(
        _ candidate: FileSearch.Candidate, in folder: Folder?, _ lookup: BlobLookup?, _ rounds: IntakeRounds
    ) throws -> Result<Taken, Failure> {
        let path = candidate.path
        do {
            let folder = try folder ?? Folder(FileSystem.status(of: path.parent))
            if let taken = known(candidate, in: folder, lookup) { return .success(taken) }
            let file = try FileDescriptor.open(path, .read, nonBlocking: true)
            let status = try file.status()
            let contents = try Contents(of: file, path, isNamed: candidate.isNamed, by: decoding)
            // A decoder takes its time.
            guard try file.status().isUnchanged(since: status) else { throw Self.changed(path) }
            func taken(_ pointer: Pointer) -> Taken {
                Taken(candidate: candidate, folder: folder, status: status, pointer: pointer, contents: contents)
            }
            let put = try rounds.put(file) { taken($0).sighting() }
            var result = taken(put.pointer)
            result.wasHere = put.wasHere
            return .success(result)
        } catch {
            let failure = Failure(error)
            if [.noSpace, .interrupted].contains(failure.code) { throw failure }
            if let error = error as? BlobError, !error.isAbout(path) { throw failure }
            return .failure(failure)
        }
    }
}

// MARK: What is known

extension Intake {
    fileprivate static func changed(_ path: FilePath) -> Failure {
        Failure(.changed, "\(path) was changed meanwhile", hint: "add it again when nothing writes to it")
    }

    /// A folder, and what is known of its files.
    final class Folder: Sendable {
        let status: FileStatus
        fileprivate let files: [FilePath: KnownFiles.Known]

        fileprivate init(_ status: FileStatus, _ files: [FilePath: KnownFiles.Known] = [:]) {
            (self.status, self.files) = (status, files)
        }
    }

    /// The folders of a search; nil where nothing is known, and for one that cannot be looked at.
    private func folders(of search: FileSearch) -> [Folder?] {
        guard let recollection else { return search.folders.map { _ in nil } }
        var named = [[FilePath]](repeating: [], count: search.folders.count)
        for candidate in search.candidates where !search.folders[candidate.folder].isWalked {
            named[candidate.folder].append(candidate.path.lastComponent ?? candidate.path)
        }
        return search.folders.enumerated().map { index, folder in
            guard let status = try? FileSystem.status(of: folder.path) else { return nil }
            return Folder(status, recollection.files(in: folder, status, named: named[index]))
        }
    }

    /// A file that is as it was when it was taken before, and whose bytes are still here. It is opened only where its
    /// track is not known.
    private func known(
        _ candidate: FileSearch.Candidate, in folder: Folder, _ lookup: BlobLookup?
    ) -> Taken? {
        guard let lookup, let name = candidate.path.lastComponent, let known = folder.files[name],
            let status = try? FileSystem.status(of: candidate.path), known.isStill(status),
            lookup.contains(known.pointer)
        else { return nil }
        var taken = Taken(candidate: candidate, folder: folder, status: status, pointer: known.pointer)
        taken.track = known.use.flatMap { TrackID(bytes: $0) }
        if taken.track == nil {
            guard let contents = try? taken.readContents(decoding) else { return nil }
            taken.contents = contents
        }
        return taken
    }
}

extension Intake.Taken {
    /// What the file says of itself, by opening it where that was not done; it must be what it was.
    func readContents(_ decoding: Decoding) throws -> Intake.Contents {
        if let contents { return contents }
        let file = try FileDescriptor.open(path, .read, nonBlocking: true)
        let contents = try Intake.Contents(of: file, path, isNamed: candidate.isNamed, by: decoding)
        guard try file.status().isUnchanged(since: status) else { throw Intake.changed(path) }
        return contents
    }
}

extension BlobError {
    /// Whether it was the source that could not be taken, and not the store that could not take it.
    fileprivate func isAbout(_ source: FilePath) -> Bool {
        switch code {
        case .changed, .notRegular: true
        case .overQuota: false
        default: fileError?.path == source
        }
    }
}
