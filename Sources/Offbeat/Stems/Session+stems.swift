import Blobs
import Catalog
public import Files
public import Store

/// The version after a stem was put or removed.
public struct StemOutcome: Sendable {
    /// The version.
    public let version: Version
    /// The track.
    public let track: TrackSummary
    /// The stem as it is now; a removed one as it was.
    public let stem: StemSummary
    /// What became of it.
    public let change: StemChange
}

extension Session {
    /// The stems of a track, by type.
    public func stems(of name: String) throws(Failure) -> [StemSummary] {
        do {
            let folder = try find(name, in: view())
            return folder.stems.map { StemSummary($0, of: folder, isHere: isHere($0)) }
        } catch { throw Failure(error) }
    }

    /// Gives a track a stem, or a stem other audio.
    public func addStem(
        _ type: String, to name: String, from file: FilePath, progress: Progress = .none
    ) throws(Failure) -> StemOutcome {
        do {
            let (type, intake) = try intakeForStem(type, of: name, progress)
            return try store.takingAgain {
                try intake.take(file: file, outside: library.fence) { try put($0, as: type, of: name, intake) }
            }
        } catch { throw Failure(error) }
    }

    /// The same with audio that comes as bytes.
    public func addStem(
        _ type: String, to name: String, from arrival: ArrivingAudio, progress: Progress = .none
    ) throws(Failure) -> StemOutcome {
        do {
            let (type, intake) = try intakeForStem(type, of: name, progress)
            return try intake.take(arrival) { try put($0, as: type, of: name, intake) }
        } catch { throw Failure(error) }
    }

    private func intakeForStem(
        _ type: String, of name: String, _ progress: Progress
    ) throws -> (StemType, Intake) {
        try requireWriter()
        let type = try StemType.named(type)
        _ = try find(name, in: view())
        return (type, Intake(store: store, decoding: decoding(progress), progress: progress))
    }

    private func put(
        _ taken: Intake.Taken, as type: StemType, of name: String, _ intake: Intake
    ) throws -> StemOutcome {
        let contents = try taken.readContents(intake.decoding)
        let part = StemDesk.Part(
            type: type, reference: taken.reference, audio: contents.audioFile(taken.pointer),
            facts: contents.facts(of: taken.pointer), madeFrom: nil)
        return try changeStem(of: name, as: "Add") { desk in
            let (stem, change) = try desk.put(part)
            let file = change == .unchanged ? try Self.stem(type.text, of: desk.track) : part.audio
            return (StemSummary(stem, audio: file, of: desk.track, isHere: true), change)
        }
    }

    /// Removes a stem. Earlier versions keep it.
    public func removeStem(_ type: String, of name: String) throws(Failure) -> StemOutcome {
        do {
            try requireWriter()
            return try changeStem(of: name, as: "Remove") { desk in
                _ = try Self.stem(type, of: desk.track)
                guard let file = desk.track.stems.first(where: { $0.stem.type.text == type }) else {
                    throw Failure(.notFound, "there is no stem \(type)")
                }
                desk.draft.remove(file, of: desk.track.id)
                return (StemSummary(file, of: desk.track, isHere: isHere(file)), .removed)
            }
        } catch { throw Failure(error) }
    }

    func isHere(_ stem: TrackFolder.StemFile) -> Bool {
        stem.audio.map { store.blobs.contains($0.pointer) } ?? false
    }

    private func changeStem(
        of name: String, as verb: String, _ step: (StemDesk) throws -> (StemSummary, StemChange)
    ) throws -> StemOutcome {
        var result: (track: TrackSummary, stem: StemSummary, change: StemChange)?
        let version = try store.write(by: person) { draft in
            let view = try View(draft.base, for: self)
            let folder = try find(name, in: view)
            let (stem, change) = try step(StemDesk(track: folder, draft: draft))
            result = (TrackSummary(folder, session: self, in: view), stem, change)
            let title = (folder.track.title ?? "1 track").oneLine
            return "\(verb) the stem \(stem.stem.type) of \(title)"
        }
        guard let result else { throw Failure(.io, "nothing was written") }
        return StemOutcome(version: version, track: result.track, stem: result.stem, change: result.change)
    }
}
