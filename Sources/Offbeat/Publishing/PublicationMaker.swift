import Blobs
import Catalog
import Publishing
import Store
import Sync

/// Makes of a post what goes out.
struct PublicationMaker {
    let session: Session

    var library: Library { session.library }

    /// What goes out of a post as it stands in a version.
    ///
    /// - Throws: `.wrongState` where it is about a track that is not there.
    func publication(of found: ReviewedPost, in view: View, to target: String, at time: Timestamp) throws
        -> Publication
    {
        let post = found.post
        let key = PublicationKey(of: post.id, content: found.content.hash, for: target)
        var publication = Publication(of: post.id, key: key, at: time)
        publication.title = post.title
        publication.text = post.body
        publication.platforms = post.platforms
        publication.author = post.author.flatMap { view.people[$0] }.map { $0.name ?? $0.handle?.text ?? "" }
        publication.image = found.folder.image.map { medium($0.pointer, $0.fileExtension.text) }
        publication.track = try post.track.map { try track($0, in: view) }
        return publication
    }

    private func track(_ id: TrackID, in view: View) throws -> PublishedTrack {
        guard case .track(let folder)? = try view.snapshot.read(id), let audio = folder.audio else {
            throw Failure(
                .wrongState, "its track \(id.hex.prefix(8)) is not there",
                hint: "`offbeat post edit ID track=` takes it out of the post")
        }
        let facts = folder.track.facts.flatMap { $0.of == audio.pointer.oid ? $0 : nil }
        return PublishedTrack(
            audio: medium(audio.pointer, audio.fileExtension.text), title: folder.track.title,
            artist: folder.track.artist, milliseconds: facts?.durationMs)
    }

    /// A file, and where its bytes are now.
    func found(_ medium: Medium) -> Medium {
        let pointer = Pointer(oid: medium.oid, size: medium.size)
        return self.medium(pointer, medium.fileExtension)
    }

    private func medium(_ pointer: Pointer, _ fileExtension: String) -> Medium {
        Medium(
            oid: pointer.oid, size: pointer.size, fileExtension: fileExtension,
            file: library.store.blobs.contains(pointer) ? library.store.blobs.path(of: pointer.oid) : nil)
    }

    /// Brings the files of a post here, as far as they are not and a remote has them.
    func bringFiles(of found: ReviewedPost, in view: View, _ progress: Progress) throws {
        var wanted = found.folder.image.map { [$0.pointer] } ?? []
        if let id = found.post.track, case .track(let folder)? = try view.snapshot.read(id) {
            wanted += folder.audio.map { [$0.pointer] } ?? []
        }
        let blobs = library.store.blobs
        wanted.removeAll(where: blobs.contains)
        for remote in wanted.isEmpty ? [] : try library.remoteFiles() where !wanted.isEmpty {
            _ = try? remote.files.download(wanted, to: blobs, report: progress.transfer("Downloading files"))
            wanted.removeAll(where: blobs.contains)
        }
    }
}
