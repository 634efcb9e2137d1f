import Blobs
import Catalog
public import Store

/// How a library stands on this computer.
public struct Status: Sendable {
    /// The version.
    public let version: Version
    /// Who acts.
    public let user: String?
    /// How many tracks this person sees.
    public internal(set) var tracks = 0
    /// How many posts this person sees.
    public internal(set) var posts = 0
    /// How many of them wait for this person.
    public internal(set) var waiting = 0
    /// How it stands with the remote that it is synced with; nil without one.
    public internal(set) var remote: RemoteStatus?
    /// Files that only versions name which the remote was not seen to have, and their bytes.
    public internal(set) var toUpload = (files: 0, bytes: Int64(0))
    /// Files that records name and that are here, and those that are not.
    public internal(set) var files = (here: 0, missing: 0)
    /// Fields that wait for a person to decide, as many as `conflicts` lists.
    public internal(set) var conflicts = 0
    /// Records that cannot be read.
    public internal(set) var unreadable: [UnreadableRecord] = []
}

extension Session {
    /// Looks the library over. This reads every record.
    public func status() throws(Failure) -> Status {
        do {
            let view = try view()
            var status = Status(version: view.snapshot.version, user: person?.handle?.text)
            try view.snapshot.forEachTrack { reading in
                switch reading {
                case .unreadable(let record):
                    if !view.hidesTracks { status.unreadable.append(record) }
                case .track(let folder):
                    guard try view.maySee(folder.track) else { return }
                    status.tracks += 1
                    status.unreadable += folder.unreadableStems
                    status.conflicts += folder.openConflicts.count
                    for file in [folder.audio] + folder.stems.map(\.audio) {
                        guard let file else { continue }
                        if store.blobs.contains(file.pointer) {
                            status.files.here += 1
                        } else {
                            status.files.missing += 1
                        }
                    }
                }
            }
            status.conflicts += try openConflictsBesideTracks(in: view).count
            try count(postsIn: view, &status)
            try library.describeRemote(in: &status)
            status.unreadable += try view.snapshot.unreadablePeopleAndWorkspaces()
            return status
        } catch { throw Failure(error) }
    }

    private func count(postsIn view: View, _ status: inout Status) throws {
        let (posts, unreadable) = try view.posts(of: view.workspaces.own())
        status.posts = posts.count + unreadable.count
        status.waiting = posts.count { $0.isAwaited(by: person) }
        status.unreadable += unreadable
        for image in posts.compactMap(\.folder.image) {
            if store.blobs.contains(image.pointer) { status.files.here += 1 } else { status.files.missing += 1 }
        }
    }
}
