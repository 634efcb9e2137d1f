import Audio
import Blobs
import Catalog
import Files
import Store

extension Cataloguer {
    typealias Fact = (field: String, value: JSON?, isSaid: Bool)

    /// What the person says goes before what the file says of itself; a file without a title is called by its name.
    func facts(of file: Intake.Taken, _ tags: AudioTags) -> [Fact] {
        [
            ("title", text(request.title ?? line(tags.title) ?? line(file.path.stem)), request.title != nil),
            ("artist", text(request.artist ?? line(tags.artist)), request.artist != nil),
            ("album", text(request.album ?? line(tags.album)), request.album != nil),
            ("genre", text(line(tags.genre)), false), ("comment", text(tags.comment), false),
            ("year", tags.year.map { .integer(Int64($0)) }, false),
            ("trackNumber", tags.trackNumber.map { .integer(Int64($0)) }, false),
        ]
    }

    /// A person's own words must be right; what a file says and no record takes is left out.
    func set(_ fact: Fact, of track: inout Track, at stamp: Stamp) throws {
        if fact.isSaid {
            try track.set(fact.field, to: fact.value, at: stamp)
        } else {
            _ = try? track.set(fact.field, to: fact.value, at: stamp)
        }
    }

    /// Words that nobody chose, made fit for a field of one line: names of files may hold anything.
    private func line(_ text: String?) -> String? {
        guard let text else { return nil }
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Limits.title) {
            line.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return line.allSatisfy { $0 == " " } ? nil : String(line)
    }

    private func text(_ value: String?) -> JSON? { value.flatMap { $0.isEmpty ? nil : .string($0) } }
}

extension Intake.Taken {
    /// What a record says of the file.
    var reference: AudioReference {
        AudioReference(oid: pointer.oid, size: pointer.size, name: path.lastComponent?.string)
    }
}

extension Intake.Contents {
    /// The file's place in a track's folder.
    func audioFile(_ pointer: Pointer) -> TrackFolder.AudioFile {
        TrackFolder.AudioFile(pointer: pointer, fileExtension: fileExtension)
    }

    /// What a record knows of the audio.
    func facts(of pointer: Pointer) -> Facts {
        Facts(
            of: pointer.oid, format: facts.format, frames: facts.frames, sampleRate: facts.sampleRate,
            channels: facts.channels, bits: facts.bits)
    }
}
