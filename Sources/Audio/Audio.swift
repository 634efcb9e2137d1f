/// Tells what an audio file holds: its facts (format, channels, rate, length) and the tags that its maker wrote.
///
/// This target wraps libsndfile. It never names a track, never writes a file, and never believes a header that
/// cannot be true.
public enum AudioFile {
    /// Reads the facts and the tags of an open file.
    ///
    /// The descriptor stays the caller's and open; its position is left alone. Only regular files are
    /// looked at, so a pipe cannot make this wait. May be called from several threads for different descriptors.
    ///
    /// - Parameter mustBeWhole: whether a file that is cut off is an error, and not read as far as it goes.
    /// - Throws: `AudioError` if the file is no audio, is damaged beyond use, or announces what cannot be.
    public static func inspect(
        descriptor: Int32, mustBeWhole: Bool = false
    ) throws(AudioError) -> (facts: AudioFacts, tags: AudioTags) {
        let source = try Source(descriptor: descriptor)
        return try source.whileReadable { () throws(AudioError) in
            let sound = try decodable(source)
            if mustBeWhole { try sound.checkWhole(in: source) }
            return (try AudioFacts(sound, size: source.size), AudioTags(sound))
        }
    }

    /// Opens a file for decoding, if it can be audio.
    static func open(_ source: Source) throws(AudioError) -> SoundFile {
        try source.whileReadable { () throws(AudioError) in try decodable(source) }
    }

    private static func decodable(_ source: Source) throws(AudioError) -> SoundFile {
        let head = source.bytes(at: 0, count: FileKind.length)
        let kind = FileKind(beginning: head)
        if ChunkLayout.of(head)?.hasEndlessList(in: source) == true {
            throw AudioError(.damaged, "has a list of tags with sizes that cannot be true")
        }
        if let reason = kind.refusal { throw AudioError(.notAudio, reason) }
        // Looked at first, for libsndfile takes too much for MP3 and its decoder talks on standard error.
        if kind.mayBeMPEG, !MPEGFrames.begin(in: source) { throw AudioError(.notAudio, FileKind.unknownReason) }
        return try SoundFile(source, kind: kind)
    }
}
