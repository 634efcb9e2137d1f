import Audio
import Blobs
import Catalog
import Files
import Store
import Synchronization

/// Takes files into the store: finds them, reads what they say of themselves, and puts their bytes, several at once.
///
/// Nothing here needs the writer's lock: bytes that no record names yet are nobody's concern.
struct Intake: Sendable {
    let blobs: BlobStore
    /// The store itself, which a walk must not swallow.
    let store: FilePath
    let progress: Progress

    /// A file that a person named, or that a walk met.
    struct Candidate: Sendable {
        let path: FilePath
        /// A file that is no audio is a failure when a person named it, and passed over when a walk met it.
        let isNamed: Bool
    }

    /// A file whose bytes are in the store.
    struct Taken: Sendable {
        let path: FilePath
        let audio: TrackFolder.AudioFile
        let facts: AudioFacts
        let tags: AudioTags
    }

    /// What became of all candidates, in their order.
    struct Outcome: Sendable {
        var taken: [Taken] = []
        var skipped: [FilePath] = []
        var failed: [(path: FilePath, failure: Failure)] = []
        fileprivate var batch: BlobBatch?

        /// Begins to make the bytes durable under their names, which must be done before a version names them. The disk
        /// is at work meanwhile, and the processor free for the records.
        func settling() -> BackgroundWork {
            BackgroundWork { [batch] in try batch?.commit() }
        }
    }

    /// Finds the files, and puts those that are audio. Their bytes are not durable before they have settled.
    func take(_ paths: [FilePath]) throws -> Outcome {
        var outcome = Outcome()
        let candidates = find(paths, &outcome)
        if candidates.isEmpty { return outcome }
        let batch = try blobs.beginBatch()
        let results = try put(candidates, into: batch)
        outcome.batch = batch
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

    /// Takes the one file that a person named; when this returns its bytes are durable.
    func take(file: FilePath) throws -> Taken {
        if try FileSystem.status(of: file).kind == .directory {
            throw Failure(.usage, "\(file) is a folder, and one file is needed", hint: "name a file")
        }
        let outcome = try take([file])
        if let failed = outcome.failed.first { throw failed.failure }
        guard let taken = outcome.taken.first else {
            throw Failure(.io, "\(file) was not taken in", hint: "try again")
        }
        try outcome.settling().wait()
        return taken
    }

    // MARK: Finding

    private func find(_ paths: [FilePath], _ outcome: inout Outcome) -> [Candidate] {
        var candidates: [Candidate] = []
        let home = try? FileSystem.status(of: store)
        for path in paths {
            do {
                let status = try FileSystem.status(of: path)
                if status.kind == .directory {
                    if home?.isSameFile(as: status) == true {
                        throw Failure(.usage, "\(path) is the store itself", hint: "name the folder of your audio")
                    }
                    walk(path, home, &candidates, &outcome)
                } else {
                    candidates.append(Candidate(path: path, isNamed: true))
                }
            } catch { outcome.failed.append((path, Failure(error))) }
        }
        return candidates
    }

    private func walk(
        _ folder: FilePath, _ home: FileStatus?, _ candidates: inout [Candidate], _ outcome: inout Outcome
    ) {
        let entering: (FilePath) -> Bool = { path in
            guard path.lastComponent?.isHidden != true else { return false }
            guard let home, let status = try? FileSystem.status(of: path) else { return true }
            return !home.isSameFile(as: status)
        }
        for item in DirectoryWalk(folder, entering: entering) {
            switch item {
            // Programs keep their own files there: half-written ones, and what other systems note of each file.
            case .file(let path) where path.lastComponent?.isHidden == true: outcome.skipped.append(path)
            case .file(let path): candidates.append(Candidate(path: path, isNamed: false))
            case .other(let path, _): outcome.skipped.append(path)
            case .unreadable(let path, let error): outcome.failed.append((path, Failure(error)))
            }
        }
    }

    // MARK: Putting

    private func put(_ candidates: [Candidate], into batch: BlobBatch) throws -> [Result<Taken, Failure>?] {
        let results = Mutex([Result<Taken, Failure>?](repeating: nil, count: candidates.count))
        let done = Atomic(0)
        // Hashing keeps a core busy, so one worker a core; more only wait for each other.
        try Parallel.forEach(count: candidates.count, workers: max(1, min(8, Parallel.processors))) { index in
            try progress.checkStopped()
            let result = try take(candidates[index].path, into: batch)
            results.withLock { $0[index] = result }
            let count = done.add(1, ordering: .relaxed).newValue
            progress.report("Adding", done: Int64(count), of: Int64(candidates.count), .items)
        }
        return results.withLock { $0 }
    }

    /// Takes one file. What is wrong with the file is its own result; what is wrong with the store ends the whole.
    private func take(_ path: FilePath, into batch: BlobBatch) throws -> Result<Taken, Failure> {
        do {
            let file = try FileDescriptor.open(path, .read, nonBlocking: true)
            let inspected = try inspect(file, path)
            let put = try batch.put(file)
            guard let fileExtension = FileExtension(inspected.facts.fileExtension) else {
                return .failure(Failure(.notAudio, "\(path) has a format without a known extension"))
            }
            let audio = TrackFolder.AudioFile(
                pointer: Pointer(oid: put.oid, size: put.size), fileExtension: fileExtension)
            return .success(Taken(path: path, audio: audio, facts: inspected.facts, tags: inspected.tags))
        } catch {
            let failure = Failure(error)
            if [.noSpace, .interrupted].contains(failure.code) { throw failure }
            if let error = error as? BlobError, !error.isAbout(path) { throw failure }
            return .failure(failure)
        }
    }

    /// Reads what the file says of itself; its position stays where it is. Whatever is no plain file is no audio.
    private func inspect(
        _ file: borrowing FileDescriptor, _ path: FilePath
    ) throws -> (facts: AudioFacts, tags: AudioTags) {
        do { return try AudioFile.inspect(descriptor: file.raw) } catch {
            let kind = error.code == .notRegular ? (try? file.status().kind) : nil
            let reason = kind.map { "is \($0.words), not a file" } ?? error.reason
            throw Failure(.notAudio, "\(path) \(reason)", hint: "name a file that plays")
        }
    }
}

extension BlobError {
    /// Whether it was the source that could not be taken, and not the store that could not take it.
    fileprivate func isAbout(_ source: FilePath) -> Bool {
        switch code {
        case .changed, .notRegular: true
        default: fileError?.path == source
        }
    }
}
