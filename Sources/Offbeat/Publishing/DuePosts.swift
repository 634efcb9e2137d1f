import Cache
import Catalog
import Store

/// Finds the posts whose time has come.
struct DuePosts {
    let session: Session
    let zones: Zones
    /// Milliseconds since 1970.
    let now: UInt64

    /// No clock on earth is further from UTC.
    private static let farthestZone: Int64 = 26 * 3_600

    /// The posts of a version that are to go out by now, of the workspaces in which this person may publish; the earliest
    /// first.
    func find(in view: View) throws -> [ReviewedPost] {
        guard let person = session.person else { return [] }
        let workspaces = try view.workspaces.own().filter { workspace in
            workspace.standing(of: person.id).map { $0 >= .approver } ?? false
        }
        if workspaces.isEmpty { return [] }
        return try (fromIndex(workspaces, in: view) ?? withoutIndex(workspaces, in: view)).filter(isDue)
    }

    /// Whether a post goes out by itself, and its time has come: in whatever zone, where this computer does not know its own.
    func isDue(_ found: ReviewedPost) -> Bool {
        guard found.review.isToGoOut else { return false }
        guard let schedule = found.post.schedule else { return true }
        let latest = Timestamp(milliseconds: (schedule.local.secondsAsUTC + Self.farthestZone) * 1_000)
        return (moment(of: found) ?? latest).milliseconds <= Int64(clamping: now)
    }

    /// The zone of a post that this computer does not know, so that nobody here can tell when it goes out.
    func unknownZone(of found: ReviewedPost) -> String? {
        found.post.schedule == nil || moment(of: found) != nil
            ? nil : found.post.schedule?.zone ?? found.workspace.zone ?? "none"
    }

    /// Whether it should have been out for longer than its workspace allows.
    func isLate(_ found: ReviewedPost) -> Bool {
        guard let moment = moment(of: found) else { return false }
        return Int64(clamping: now) - moment.milliseconds > Int64(found.workspace.lateness) * 1_000
    }

    /// When it goes out; nil without a time, and where this computer does not know the zone.
    func moment(of found: ReviewedPost) -> Timestamp? {
        found.post.schedule.flatMap { zones.moment(of: $0, in: found.workspace) }
    }

    /// Nil where there is no index of this version.
    private func fromIndex(_ workspaces: [Workspace], in view: View) throws -> [ReviewedPost]? {
        let latest = LocalTime(secondsAsUTC: Int64(clamping: now / 1_000) + Self.farthestZone)
        let answer = try session.library.indexed { index in
            try index.refresh { reader -> [RecordFolder]? in
                // The head may have moved since the view was opened; then the rows are of another version.
                guard reader.version == view.snapshot.version else { return nil }
                return try reader.posts(dueUntil: latest, in: workspaces.map(\.id))
            }
        }
        guard let folders = answer?.value else { return nil }
        return try folders.compactMap { folder in
            guard case .post(let workspace, let id) = folder,
                let home = workspaces.first(where: { $0.id == workspace }),
                case .post(let found)? = try view.snapshot.read(id, in: workspace)
            else { return nil }
            return try view.reviewed(found, of: home)
        }
    }

    private func withoutIndex(_ workspaces: [Workspace], in view: View) throws -> [ReviewedPost] {
        try view.posts(of: workspaces).posts.sorted {
            ($0.post.schedule?.local.description ?? "", $0.post.id)
                < ($1.post.schedule?.local.description ?? "", $1.post.id)
        }
    }
}
