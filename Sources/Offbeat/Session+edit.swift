public import Catalog
public import Store

/// Which tracks an edit is for.
public enum EditTarget: Sendable {
    /// The one track that a word names.
    case one(String)
    /// Every track that a query matches.
    case matches(String)
}

/// One change of what is known of a track.
public enum TrackChange: Sendable, Hashable {
    /// `field=value`; an empty value clears the field.
    case field(String)
    /// `+tag`.
    case addTag(String)
    /// `-tag`.
    case removeTag(String)
    /// A field and its value as a document has it; `null` takes the field away.
    case value(String, JSON)
    /// Exactly these tags.
    case tags([String])

    /// Reads `field=value`, `+tag` or `-tag`.
    public init(parsing text: String) throws(Failure) {
        switch text.utf8.first {
        case UInt8(ascii: "+") where text.utf8.count > 1: self = .addTag(String(text.dropFirst()))
        case UInt8(ascii: "-") where text.utf8.count > 1: self = .removeTag(String(text.dropFirst()))
        case _ where text.utf8.contains(UInt8(ascii: "=")): self = .field(text)
        default: throw Failure(.usage, "\(text) is no change", hint: "write field=value, +tag or -tag")
        }
    }
}

/// What is to change, and of which tracks.
public struct EditRequest: Sendable {
    /// The tracks.
    public var target: EditTarget
    /// The changes, in their order.
    public var changes: [TrackChange]
    /// Only say what would change.
    public var isDryRun = false
    /// Refuse unless the store is still at this version.
    public var expectedVersion: String?
    /// Refuse unless the tracks' records are still those of one of these tags, see ``TrackSummary/recordTag``.
    public var expectedRecords: Set<String>?

    /// Asks for changes of some tracks.
    public init(_ target: EditTarget, changes: [TrackChange]) {
        self.target = target
        self.changes = changes
    }
}

/// The version after a change, and the tracks that it changed.
public struct EditOutcome: Sendable {
    /// The version.
    public internal(set) var version: Version
    /// The tracks as they are now; removed ones as they were.
    public internal(set) var tracks: [TrackSummary]
}

extension Session {
    /// Shows one track.
    public func show(_ name: String) throws(Failure) -> TrackSummary {
        do {
            let view = try view()
            return TrackSummary(try find(name, in: view), session: self, in: view)
        } catch { throw Failure(error) }
    }

    /// Changes what is known of tracks: all of them in one version.
    public func edit(_ request: EditRequest) throws(Failure) -> EditOutcome {
        guard !request.changes.isEmpty else {
            throw Failure(
                .usage, "nothing is said to change", hint: "say field=value, +tag or -tag")
        }
        return try change(subject: "Edit", isDryRun: request.isDryRun) { view, draft in
            try self.check(request.expectedVersion, against: view.snapshot.version)
            return try self.targets(of: request.target, in: view).compactMap { folder in
                try folder.requireRecord(request.expectedRecords)
                var track = folder.track
                var changed = false
                for change in request.changes {
                    changed = try self.apply(change, to: &track, in: view, draft) || changed
                }
                guard changed else { return nil }
                try draft.put(track)
                return folder.with(track)
            }
        }
    }

    private func check(_ expected: String?, against version: Version) throws {
        guard let expected else { return }
        guard try store.version(named: expected) == version else {
            throw Failure(
                .wrongState, "the store is at \(version.short), no longer at \(expected)",
                hint: "look at what changed with `offbeat diff \(expected) HEAD` and try again")
        }
    }

    private func targets(of target: EditTarget, in view: View) throws -> [TrackFolder] {
        switch target {
        case .one(let name): [try find(name, in: view)]
        case .matches(let query): try matches(of: Self.pointed(query), in: view)
        }
    }

    /// A query that asks for nothing matches everything, which is never what an edit is meant for.
    private static func pointed(_ text: String) throws -> Query {
        let query = try Query(parsing: text)
        guard !query.terms.isEmpty else {
            throw Failure(.usage, "the query \(text) asks for nothing", hint: "say which tracks are meant")
        }
        return query
    }

    private func apply(_ change: TrackChange, to track: inout Track, in view: View, _ draft: Draft) throws -> Bool {
        switch change {
        case .addTag(let tag):
            return try track.add(tag, to: "tags", at: draft.stamp(after: track.stamp(of: tag, in: "tags")))
        case .removeTag(let tag):
            return try track.remove(tag, from: "tags", at: draft.stamp(after: track.stamp(of: tag, in: "tags")))
        case .field(let text): return try set(fieldEdit(text, in: view), of: &track, in: view, draft)
        case .value(let field, let json):
            let edit = try fieldEdit(in: view) { person in try FieldEdit(field: field, json: json, person: person) }
            return try set(edit, of: &track, in: view, draft)
        case .tags(let wanted):
            var changed = false
            for tag in track.tags where !wanted.contains(where: { $0.utf8.elementsEqual(tag.utf8) }) {
                changed = try apply(.removeTag(tag), to: &track, in: view, draft) || changed
            }
            for tag in wanted { changed = try apply(.addTag(tag), to: &track, in: view, draft) || changed }
            return changed
        }
    }

    private func set(_ edit: FieldEdit, of track: inout Track, in view: View, _ draft: Draft) throws -> Bool {
        if edit.field == "owner" { try requireMayGive(track, away: edit.value, in: view) }
        return try track.set(edit.field, to: edit.value, at: draft.stamp(after: track.stamp(of: edit.field)))
    }

    func fieldEdit(_ text: String, in view: View) throws -> FieldEdit {
        try fieldEdit(in: view) { person in try FieldEdit(parsing: text, person: person) }
    }

    private func fieldEdit(
        in view: View, _ make: ((String) -> PersonID?) throws -> FieldEdit
    ) throws -> FieldEdit {
        var ambiguity: Failure?
        let edit = Result {
            try make { name in
                do { return try view.people.one(named: name).id } catch {
                    // A word that is nobody's handle may be an id; the handle of two people is nobody's name.
                    if let failure = error as? Failure, failure.code == .ambiguous { ambiguity = failure }
                    return PersonID(name)
                }
            }
        }
        if let ambiguity { throw ambiguity }
        return try edit.get()
    }

    func requireMayGive(_ track: Track, away owner: JSON?, in view: View) throws {
        guard view.sharing == .workspaces else { return }
        if track.owner != person?.id {
            throw Failure(.notAllowed, "only its owner gives track \(track.id) away", hint: "ask its owner to")
        }
        if owner == nil {
            throw Failure(
                .notAllowed, "nobody would see track \(track.id) without an owner",
                hint: "give it to somebody, or remove it")
        }
    }

    /// Removes tracks: all of them in one version. Earlier versions keep them.
    ///
    /// - Parameter expected: refuse where a track's record is no longer that of one of these tags.
    public func remove(_ names: [String], expecting expected: Set<String>? = nil) throws(Failure) -> EditOutcome {
        try change(subject: "Remove") { view, draft in
            var removed: [TrackFolder] = []
            for name in names {
                let folder = try self.find(name, in: view)
                try folder.requireRecord(expected)
                if removed.contains(where: { $0.id == folder.id }) { continue }
                if view.sharing == .workspaces, folder.track.owner != self.person?.id {
                    throw Failure(
                        .notAllowed, "only its owner removes track \(folder.id)", hint: "ask its owner to")
                }
                draft.remove(folder.id)
                removed.append(folder)
            }
            return removed
        }
    }

    /// Makes one version of a step that changes tracks, and says which.
    func change(
        subject: String, isDryRun: Bool = false, _ step: (View, Draft) throws -> [TrackFolder]
    ) throws(Failure) -> EditOutcome {
        do {
            try requireWriter()
            return try makeChange(subject: subject, isDryRun: isDryRun, step)
        } catch { throw Failure(error) }
    }

    func makeChange(
        subject: String, isDryRun: Bool = false, _ step: (View, Draft) throws -> [TrackFolder]
    ) throws -> EditOutcome {
        var changed: [TrackSummary] = []
        struct DryRun: Error {}
        do {
            let version = try store.write(by: person) { draft in
                let view = try View(draft.base, for: self)
                let folders = try step(view, draft)
                changed = folders.map { TrackSummary($0, session: self, in: view) }
                if isDryRun { throw DryRun() }
                let what = folders.count == 1 ? folders[0].track.title ?? "1 track" : "\(folders.count) tracks"
                return "\(subject) \(what.oneLine)"
            }
            return EditOutcome(version: version, tracks: changed)
        } catch is DryRun {
            return EditOutcome(version: try store.version(), tracks: changed)
        }
    }
}

extension TrackFolder {
    /// The same folder with another record.
    func with(_ track: Track) -> TrackFolder {
        TrackFolder(id: id, track: track, audio: audio, stems: stems)
    }
}

extension String {
    /// Fit for the first line of a commit.
    var oneLine: String {
        let line = String(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return line.count > 60 ? String(line.prefix(59)) + "…" : line
    }
}
