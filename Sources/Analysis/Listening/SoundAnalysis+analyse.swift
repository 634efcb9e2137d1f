import Audio
public import Digest

extension SoundAnalysis {
    /// Listens to an audio file from its beginning to its end, once.
    ///
    /// The memory that it takes grows with the length only by what is found out. The same file gives the same result.
    ///
    /// - Parameters:
    ///   - descriptor: the open file; it stays the caller's.
    ///   - source: the hash of its bytes.
    ///   - progress: told how many frames are done, and how many were announced; answers whether to go on.
    public static func analyse(
        descriptor: Int32, source: ContentHash, settings: AnalysisSettings = AnalysisSettings(),
        progress: (_ done: Int64, _ all: Int64) -> Bool = { _, _ in true }
    ) throws(AnalysisError) -> SoundAnalysis {
        guard AnalysisSettings.hops.contains(settings.hop) else {
            throw AnalysisError(
                .badSettings, "cannot be analysed with a hop of \(settings.hop): 64 to 65,536 frames can be")
        }
        let found: SoundAnalysis?
        do throws(AudioError) {
            var reader = try SampleReader(descriptor: descriptor)
            var listener = Listener(channels: reader.channels, sampleRate: reader.sampleRate, settings)
            var goesOn = true
            while goesOn, try listener.fill({ (buffer) throws(AudioError) in try reader.read(into: buffer) }) {
                goesOn = progress(listener.frames, reader.announcedFrames)
            }
            if goesOn { try reader.finish(afterReading: listener.frames) }
            found = goesOn ? listener.finish(source) : nil
        } catch { throw AnalysisError(error) }
        guard let found else { throw AnalysisError(.cancelled, "was not analysed to its end") }
        return found
    }
}

extension AnalysisError {
    init(_ error: AudioError) {
        let code: Code =
            switch error.code {
            case .notAudio, .notRegular: .notAudio
            case .damaged, .absurd: .damaged
            case .changed: .changed
            case .io: .io
            }
        self.init(code, error.reason)
    }
}
