public import Blobs
import Catalog
public import Files
import Store

/// Audio that can be played, open: a track's own, or that of one of its stems.
public struct OpenAudio: ~Copyable {
    /// The file.
    public let file: FileDescriptor
    /// Its bytes.
    public let pointer: Pointer
    /// What a file of it ends with, such as `wav`.
    public let ending: String
    /// What the file was called where it came from.
    public let name: String?

    /// Hands over the descriptor, for whoever will close it.
    public consuming func release() -> Int32 { file.release() }
}

extension Session {
    /// Finds a track's audio, or that of one of its stems, and opens it for reading.
    public func openAudio(
        of name: String, stem: String? = nil
    ) throws(Failure) -> OpenAudio {
        do {
            let folder = try find(name, in: view())
            let file = try Self.audio(of: folder, stem: stem)
            let reference =
                stem.flatMap { stem in folder.stems.first { $0.stem.type.text == stem }?.stem.audio }
                ?? folder.track.audio
            guard store.blobs.contains(file.pointer) else {
                throw Failure(
                    .notFound, "the audio of track \(folder.id.hex.prefix(8)) is not on this computer",
                    hint: "`offbeat fetch` brings it from the remote")
            }
            return OpenAudio(
                file: try store.blobs.open(file.pointer), pointer: file.pointer, ending: file.fileExtension.text,
                name: reference.name)
        } catch { throw Failure(error) }
    }
}
