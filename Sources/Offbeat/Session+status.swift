import Blobs
import Cache
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
    /// Files that records name and that are here, and those that are not. In a large library the journal of files is
    /// believed.
    public internal(set) var files = (here: 0, missing: 0)
    /// Fields that wait for a person to decide, as many as `conflicts` lists.
    public internal(set) var conflicts = 0
    /// The guest whose store this is; nil in a store of its own.
    public internal(set) var guest: GuestStanding?
    /// Records that cannot be read.
    public internal(set) var unreadable: [UnreadableRecord] = []
}

extension Session {
    /// Looks the library over.
    public func status() throws(Failure) -> Status {
        do {
            var status = try library.indexed { index in try self.status(from: index) } ?? statusWithoutIndex()
            try library.describeRemote(in: &status)
            status.guest = library.guest.map { GuestStanding(pass: $0, usage: library.guestUsage()) }
            return status
        } catch { throw Failure(error) }
    }

    private func status(from index: Index) throws -> Status {
        let (found, scope) = try index.survey { reader in
            let view = try View(store.snapshot(of: reader.version), for: self)
            var status = Status(version: reader.version, user: person?.handle?.text)
            status.tracks = try reader.trackCount(in: view.scope)
            status.conflicts = try reader.conflictCount(in: view.scope)
            for (folder, number) in try reader.conflictsBesideTracks() where try view.maySee(folder) {
                status.conflicts += number
            }
            status.unreadable = try reader.unreadable().filter { try view.maySeeUnreadable($0.folder) }.map(
                \.record)
            let workspaces = try view.workspaces.own()
            let unreadablePosts = try reader.unreadablePosts(in: workspaces.map(\.id))
            status.unreadable += unreadablePosts
            status.posts = try reader.postCount(HistoryRequest(of: workspaces)) + unreadablePosts.count
            if let person {
                status.waiting = try reader.postCount(HistoryRequest(of: workspaces, awaitedBy: person.id))
            }
            count(try reader.images(ofPostsIn: workspaces.map(\.id)), &status)
            return (status, view.scope)
        }
        var status = found
        let files = try index.fileCounts(in: scope)
        status.files.here += files.here
        status.files.missing += files.missing
        return status
    }

    /// The same by reading every record: what the index must agree with, and what is done where there is none.
    func statusWithoutIndex() throws -> Status {
        let view = try view()
        var status = Status(version: view.snapshot.version, user: person?.handle?.text)
        var files = FileCounts()
        try view.snapshot.forEachTrack { reading in
            switch reading {
            case .unreadable(let record):
                if !view.hidesTracks { status.unreadable.append(record) }
            case .track(let folder):
                guard try view.maySee(folder.track) else { return }
                status.tracks += 1
                status.unreadable += folder.unreadableStems
                status.conflicts += folder.openConflicts.count
                for file in Set(([folder.audio] + folder.stems.map(\.audio)).compactMap { $0?.pointer }) {
                    files.count(isHere: store.blobs.contains(file))
                }
            }
        }
        status.files = (files.here, files.missing)
        status.conflicts += try openConflictsBesideTracks(in: view).count
        status.unreadable += try view.snapshot.unreadablePeopleAndWorkspaces()
        try count(postsIn: view, &status)
        return status
    }

    private func count(postsIn view: View, _ status: inout Status) throws {
        let (posts, unreadable) = try view.posts(of: view.workspaces.own())
        status.posts = posts.count + unreadable.count
        status.waiting = posts.count { $0.isAwaited(by: person) }
        status.unreadable += unreadable
        count(posts.compactMap { $0.folder.image?.pointer }, &status)
    }

    private func count(_ images: [Pointer], _ status: inout Status) {
        for image in images {
            if store.blobs.contains(image) { status.files.here += 1 } else { status.files.missing += 1 }
        }
    }
}

extension View {
    /// Whether this person is told of what cannot be read in a folder. Whose a track is, nobody can tell whose record cannot
    /// be read.
    fileprivate func maySeeUnreadable(_ folder: RecordFolder) throws(StoreError) -> Bool {
        switch folder {
        case .track: try maySee(folder)
        case .person, .workspace, .store: true
        case .post: false
        }
    }
}
