import Blobs
import Catalog
import Files
import Store

extension Session {
    /// Hands the bytes of a track's audio, or of one of its stems, to `receive`, piece by piece.
    public func cat(
        _ name: String, stem: String? = nil, _ receive: (UnsafeRawBufferPointer) throws -> Void
    ) throws(Failure) {
        do {
            let folder = try find(name, in: view())
            let file = try Self.audio(of: folder, stem: stem)
            try store.blobs.forEachPiece(of: file.pointer, receive)
        } catch { throw Failure(error) }
    }

    /// A track's own audio, or that of one of its stems.
    static func audio(of folder: TrackFolder, stem: String?) throws(Failure) -> TrackFolder.AudioFile {
        let file: TrackFolder.AudioFile?
        if let stem { file = try Self.stem(stem, of: folder) } else { file = folder.audio }
        if let file { return file }
        throw Failure(
            .damaged, "track \(folder.id) has no pointer to its audio",
            hint: "give it audio again with `offbeat replace`")
    }

    static func stem(_ type: String, of folder: TrackFolder) throws(Failure) -> TrackFolder.AudioFile? {
        if let found = folder.stems.first(where: { $0.stem.type.text == type }) { return found.audio }
        let types = folder.stems.map(\.stem.type.text).joined(separator: ", ")
        throw Failure(
            .notFound, "track \(folder.id) has no stem \(type)",
            hint: types.isEmpty ? "it has no stems" : "it has: \(types)")
    }
}
