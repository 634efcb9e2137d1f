import Blobs
import Catalog
import Digest
import Store

extension TrackSummary {
    /// What tells the track's record from what it was before and will be later: for whoever changes only what they have read.
    ///
    /// Nothing goes into it that changes by itself, such as what an analysis finds out.
    public var recordTag: String { folder.recordTag }
}

extension TrackFolder {
    fileprivate var recordTag: String {
        var bytes = (try? track.encode()) ?? []
        bytes += audio.map { Array($0.pointer.oid.hex.utf8) } ?? []
        return String(ContentHash(of: bytes).hex.prefix(16))
    }

    /// Refuses to go on where the record is none of those that somebody has read.
    func requireRecord(_ tags: Set<String>?) throws(Failure) {
        guard let tags, !tags.contains(recordTag) else { return }
        throw Failure(
            .changed, "track \(id.hex.prefix(8)) was changed meanwhile",
            hint: "look at what it is now, and change that")
    }
}
