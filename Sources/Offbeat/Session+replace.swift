import Blobs
import Catalog
public import Files
import Store

extension Session {
    /// Gives a track other audio; the track keeps its id.
    public func replace(
        _ name: String, with file: FilePath, progress: Progress = .none
    ) throws(Failure) -> EditOutcome {
        do {
            let intake = try intakeForReplacing(name, progress)
            return try store.takingAgain {
                try intake.take(file: file, outside: library.fence) { try replace(name, with: $0, intake) }
            }
        } catch { throw Failure(error) }
    }

    /// The same with audio that comes as bytes.
    public func replace(
        _ name: String, with arrival: ArrivingAudio, progress: Progress = .none
    ) throws(Failure) -> EditOutcome {
        do {
            let intake = try intakeForReplacing(name, progress)
            return try intake.take(arrival) { try replace(name, with: $0, intake) }
        } catch { throw Failure(error) }
    }

    private func intakeForReplacing(_ name: String, _ progress: Progress) throws -> Intake {
        try requireWriter()
        _ = try find(name, in: view())
        return Intake(store: store, decoding: decoding(progress), progress: progress)
    }

    private func replace(_ name: String, with taken: Intake.Taken, _ intake: Intake) throws -> EditOutcome {
        let contents = try taken.readContents(intake.decoding)
        return try makeChange(subject: "Replace the audio of") { view, draft in
            try [replaceAudio(of: find(name, in: view), with: taken, contents, draft)].compactMap(\.self)
        }
    }

    /// Gives a track the audio that was taken in; nil where it has it already.
    func replaceAudio(
        of folder: TrackFolder, with taken: Intake.Taken, _ contents: Intake.Contents, _ draft: Draft
    ) throws -> TrackFolder? {
        let audio = contents.audioFile(taken.pointer)
        if folder.audio == audio, folder.track.audio.oid == taken.pointer.oid { return nil }
        var track = folder.track
        let at = draft.stamp(after: track.stamp(of: "audio"), track.stamp(of: "facts"))
        try track.setAudio(taken.reference, facts: contents.facts(of: taken.pointer), at: at)
        try draft.put(track, audio: audio, replacing: folder.audio)
        return TrackFolder(id: folder.id, track: track, audio: audio, stems: folder.stems)
    }
}
