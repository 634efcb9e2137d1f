import Blobs
public import Catalog

extension Draft {
    /// Writes a stem's record together with the pointer to its audio, in the place of `replaced`.
    ///
    /// The audio is looked for before the version is made, see ``name(_:mayBeAbsent:)``.
    public func put(
        _ stem: Stem, of track: TrackID, audio: TrackFolder.AudioFile,
        replacing replaced: TrackFolder.AudioFile? = nil
    ) throws(StoreError) {
        try put(stem, at: .stem(track, stem.type))
        if let replaced, replaced.fileExtension != audio.fileExtension {
            remove(.stemAudio(track, stem.type, replaced.fileExtension))
        }
        try put(audio.pointer.encoded(), at: .stemAudio(track, stem.type, audio.fileExtension))
        name(audio.pointer)
    }

    /// Removes a stem and its pointer.
    public func remove(_ stem: TrackFolder.StemFile, of track: TrackID) {
        remove(.stem(track, stem.stem.type))
        if let audio = stem.audio { remove(.stemAudio(track, stem.stem.type, audio.fileExtension)) }
    }
}
