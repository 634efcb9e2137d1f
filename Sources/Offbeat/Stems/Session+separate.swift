import Blobs
public import Catalog
import Digest
public import Files
public import Store

/// How a track is to be taken apart.
public struct SeparationRequest: Sendable {
    /// The track.
    public var track: String
    /// The command, with `{in}` and `{out}`; nil for the one that is set as `stems.separator`.
    public var command: String?
    /// How long it may take.
    public var timeLimit: Duration?

    /// Asks for a track's stems.
    public init(_ track: String) { self.track = track }
}

/// What a separation came to.
public struct SeparationOutcome: Sendable {
    /// The version.
    public internal(set) var version: Version
    /// The track.
    public let id: TrackID
    /// The stems that are new, have other audio, or are as they were; each by its type.
    public internal(set) var added: [String] = []
    /// The stems that have other audio, or are said to be made from other audio than before.
    public internal(set) var replaced: [String] = []
    /// The stems that are as they were.
    public internal(set) var unchanged: [String] = []
    /// Files that became no stems, by their names below the folder that the separator wrote to.
    public internal(set) var failed: [(path: FilePath, reason: String)] = []
}

extension Session {
    /// Has a program take a track apart, and puts what it made into the track, all in one version.
    ///
    /// The program works on a copy in a temporary directory of the store, so that what it writes can share its space with
    /// the store's files, and what a kill leaves behind goes with the next sweep. Nothing is locked meanwhile. Where it
    /// fails, takes too long, or makes nothing, the store is as it was.
    public func separate(
        _ request: SeparationRequest, progress: Progress = .none
    ) throws(Failure) -> SeparationOutcome {
        do {
            try requireWriter()
            let separator = try separator(request)
            let folder = try find(request.track, in: view())
            let master = try present(folder)
            let temporary = try TemporaryDirectory(in: store.blobs.directory.appending("tmp"))
            defer { temporary.remove() }
            let (work, out) = (temporary.path.appending("in"), temporary.path.appending("out"))
            for place in [work, out] { _ = try FileSystem.makeDirectory(place) }
            let copy = work.appending("audio.\(master.fileExtension)")
            _ = try self.copy(master.pointer, to: copy)
            progress.report("Separating", done: 0, of: nil, .items)
            let limits = Separator.Limits(time: request.timeLimit, bytes: Self.most(folder))
            try separator.run(on: copy, into: out, within: limits, progress)
            return try store.takingAgain {
                try take(from: out, madeFrom: master.pointer.oid, into: folder.id, decoding(progress))
            }
        } catch { throw Failure(error) }
    }

    private func separator(_ request: SeparationRequest) throws(Failure) -> Separator {
        if let command = request.command { return try Separator(command: command) }
        if let command = try library.settings.get(.separator) { return try Separator(command: command) }
        throw Failure(
            .usage, "no separator is named",
            hint: "say --with 'CMD {in} {out}', or once `offbeat config set stems.separator 'CMD {in} {out}'`")
    }

    private func present(_ folder: TrackFolder) throws(Failure) -> TrackFolder.AudioFile {
        guard let audio = folder.audio else {
            throw Failure(
                .damaged, "track \(folder.id) has no pointer to its audio",
                hint: "give it audio again with `offbeat replace`")
        }
        guard store.blobs.contains(audio.pointer) else {
            throw Failure(
                .notFound, "the audio of track \(folder.id) is not on this computer",
                hint: "`offbeat fetch \(folder.id.hex.prefix(8))` brings it here")
        }
        return audio
    }

    /// Sixteen parts in samples of four bytes and two channels or more, and something for short tracks: more is a fault.
    private static func most(_ folder: TrackFolder) -> Int64 {
        let floor: Int64 = 64 << 20
        guard let facts = folder.facts else { return 16 << 30 }
        let part = facts.frames.multipliedReportingOverflow(by: Int64(max(2, facts.channels)) * 4 * 16)
        return part.overflow ? .max : max(floor, part.partialValue + floor)
    }

    // MARK: Taking

    private func take(
        from out: FilePath, madeFrom: ContentHash, into id: TrackID, _ decoding: Decoding
    ) throws -> SeparationOutcome {
        let batch = try store.blobs.beginBatch()
        defer { batch.end() }
        return try store.keepingQuota(of: batch) {
            try take(from: out, madeFrom: madeFrom, into: id, decoding, batch)
        }
    }

    private func take(
        from out: FilePath, madeFrom: ContentHash, into id: TrackID, _ decoding: Decoding, _ batch: BlobBatch
    ) throws -> SeparationOutcome {
        let found = try SeparatedFiles(in: out)
        var parts: [StemDesk.Part] = []
        var failed = found.failed.map { (path: found.name(of: $0.path), reason: $0.reason) }
        for (path, type) in found.files {
            do { parts.append(try part(path, StemType.named(type), madeFrom, batch, decoding)) } catch {
                let failure = Failure(error)
                guard failure.code == .notAudio else { throw failure }
                failed.append((found.name(of: path), "it cannot be read as audio"))
            }
        }
        guard !parts.isEmpty else {
            let first = failed.first.map { "; \($0.path) became no stem: \($0.reason)" } ?? ""
            throw Failure(
                .io, "the separator wrote no audio to its {out}\(first)", hint: "nothing was changed")
        }
        try batch.commit()
        var outcome = try write(parts, into: id)
        outcome.failed = failed
        return outcome
    }

    private func part(
        _ path: FilePath, _ type: StemType, _ madeFrom: ContentHash, _ batch: BlobBatch, _ decoding: Decoding
    ) throws -> StemDesk.Part {
        let file = try FileDescriptor.open(path, .read, noFollow: true, nonBlocking: true)
        let contents = try Intake.Contents(of: file, path, isNamed: true, by: decoding)
        let pointer = try batch.put(file).pointer
        return StemDesk.Part(
            type: type,
            reference: AudioReference(oid: pointer.oid, size: pointer.size, name: path.lastComponent?.string),
            audio: contents.audioFile(pointer), facts: contents.facts(of: pointer), madeFrom: madeFrom)
    }

    private func write(_ parts: [StemDesk.Part], into id: TrackID) throws -> SeparationOutcome {
        var result = SeparationOutcome(version: try store.version(), id: id)
        result.version = try store.write(by: person) { draft in
            let folder = try find(id.hex, in: View(draft.base, for: self))
            let desk = StemDesk(track: folder, draft: draft)
            (result.added, result.replaced, result.unchanged) = ([], [], [])
            for part in parts {
                switch try desk.put(part).change {
                case .added: result.added.append(part.type.text)
                case .replaced: result.replaced.append(part.type.text)
                case .unchanged, .removed: result.unchanged.append(part.type.text)
                }
            }
            return "Separate \((folder.track.title ?? "1 track").oneLine)"
        }
        return result
    }
}
