import Catalog

/// Makes a schedule of what a person wrote: a time on the clock of a zone, in the future.
struct ScheduleReader {
    let zones: Zones
    /// Milliseconds since 1970.
    let now: UInt64

    /// Reads a schedule, and says what there is to know about it.
    ///
    /// - Parameters:
    ///   - text: the time.
    ///   - zone: the zone; without one, the workspace's.
    ///   - workspace: the workspace of the post.
    func read(
        _ text: String, zone: String?, in workspace: Workspace
    ) throws(Failure) -> (schedule: Post.Schedule, remarks: [String]) {
        guard let local = LocalTime(written: text) else {
            throw Failure(.usage, "\(text) is no time of a calendar day", hint: "write it as 2026-11-20T09:00")
        }
        guard let zone = zone ?? workspace.zone else {
            throw Failure(
                .usage, "the workspace \(workspace.slug?.text ?? "") has no time zone",
                hint: "say --zone Europe/Berlin, or set it for all: `offbeat workspace edit … zone=Europe/Berlin`")
        }
        var remarks: [String] = []
        let found = try zones.require(zone).moments(of: local)
        switch found {
        case .once: break
        case .twice(let earlier, let later):
            remarks.append(
                "\(local) comes twice in \(zone), where clocks are put back: \(earlier) is meant, not \(later)")
        case .never(_, let shown):
            throw Failure(
                .usage, "there is no \(local) in \(zone): clocks are put forward over it",
                hint: "say \(shown), or a time before")
        }
        guard found.moment.milliseconds > Int64(clamping: now) else {
            throw Failure(
                .usage, "\(local) in \(zone) is past",
                hint: "it is \(Timestamp(milliseconds: Int64(clamping: now))), and that was \(found.moment)")
        }
        return (Post.Schedule(local: local, zone: zone), remarks)
    }
}
