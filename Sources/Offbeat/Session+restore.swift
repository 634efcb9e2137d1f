import Catalog
public import Store

/// A track as it was at an earlier version.
public struct RestoreOutcome: Sendable {
    /// The version after it.
    public let version: Version
    /// The track as it is now.
    public let track: TrackSummary
    /// Whether anything differed.
    public let isChanged: Bool
    /// What was left, and why.
    public let kept: [UndoReport.Kept]
}

extension Session {
    /// Makes a track what it was at a version, audio and stems included, as a new version. One that was removed since
    /// returns; a record that cannot be read any more is replaced. Later versions stay in the history.
    ///
    /// A file that is not on this computer any more does not hinder it.
    public func restore(_ name: String, at versionName: String) throws(Failure) -> RestoreOutcome {
        do {
            try requireWriter()
            let version = try store.version(named: versionName)
            let then = try View(store.snapshot(of: version), for: self, under: view().sharing)
            let old = try find(name, then: then)
            var outcome = ReversalOutcome()
            let after = try store.write(by: person) { draft in
                let now = try View(draft.base, for: self)
                outcome = try draft.restore(
                    .track(old.id), from: then.snapshot, permissions: permissions(restoring: old, in: now))
                if let kept = outcome.kept.first, kept.field == nil, case .refused(let why) = kept.cause {
                    throw Failure(
                        .notAllowed, "track \(old.id) cannot be restored: \(why)", hint: "ask its owner to")
                }
                return "Restore \((old.track.title ?? "1 track").oneLine)"
            }
            return RestoreOutcome(
                version: after, track: try summary(of: old.id, at: after), isChanged: !outcome.changes.isEmpty,
                kept: try reasons(for: outcome.kept))
        } catch { throw Failure(error) }
    }

    /// Finds the track in the version from which it is wanted; by a name that it has now, if it had another then.
    private func find(_ name: String, then view: View) throws -> TrackFolder {
        do { return try find(name, in: view) } catch let failure as Failure where failure.code == .notFound {
            guard let now = try findNow(name) else {
                let then = view.snapshot.version.short
                throw Failure(
                    .notFound, "no track is named \(name), neither at version \(then) nor now",
                    hint: "`offbeat log` lists the versions, `offbeat ls` the tracks of now")
            }
            guard let then = try view.track(now.id) else {
                throw Failure(
                    .notFound, "track \(now.id) was not there at version \(view.snapshot.version.short)",
                    hint: "`offbeat log \(now.id)` lists the versions that changed it")
            }
            return then
        }
    }

    /// A name that several tracks have now is refused; one whose record cannot be read now names none here.
    private func findNow(_ name: String) throws -> TrackFolder? {
        do { return try find(name, in: view()) } catch let failure as Failure where failure.code == .ambiguous {
            throw failure
        } catch { return nil }
    }

    /// Where tracks are kept apart, whose it was decides about a track that is gone or cannot be read.
    private func permissions(restoring old: TrackFolder, in view: View) -> ReversalPermissions {
        { folder, step in
            guard view.sharing == .workspaces else { return .all }
            guard case .track(let id) = folder, try view.readable(id) == nil else {
                return try self.reversalPermissions(in: view)(folder, step)
            }
            let isHidden = if case .track? = try view.snapshot.read(old.id) { true } else { false }
            return old.track.owner == self.person?.id && !isHidden ? .all : .none("only its owner brings it back")
        }
    }

    private func summary(of id: TrackID, at version: Version) throws -> TrackSummary {
        let view = try View(store.snapshot(of: version), for: self)
        guard let folder = try view.track(id) else {
            throw Failure(
                .notFound, "track \(id) was restored, and is none of yours any more", hint: "ask its owner")
        }
        return TrackSummary(folder, session: self, in: view)
    }
}
