import Audio
import Blobs
public import Catalog
import Files
public import Store

/// What is to stand in a field that waits for a person.
public enum ResolveChoice: Sendable, Equatable {
    /// What stands already.
    case current
    /// The one of this number among those that lost, beginning with 1.
    case other(Int)
    /// What the person writes; nothing takes the value away.
    case value(String)
}

/// A record of which a field was decided.
public struct ResolveOutcome: Sendable {
    /// What became of it.
    public enum Result: Sendable {
        /// The track as it is now.
        case track(TrackSummary)
        /// Another record as it is now.
        case record(JSONObject)
        /// It was removed after all.
        case removed
    }

    /// The version after it.
    public let version: Version
    /// The record's id.
    public let id: String
    /// What it is called.
    public let name: String?
    /// What became of it.
    public let result: Result
}

extension Session {
    /// Decides a field that waits for a person. What lost goes from the record and does not return with an older branch;
    /// earlier versions keep it.
    ///
    /// A file that is taken back need not be on this computer; what is known of it is read off it if it is.
    public func resolve(
        _ name: String, field: String, taking choice: ResolveChoice
    ) throws(Failure) -> ResolveOutcome {
        do {
            try requireWriter()
            var resolved: (conflict: OpenConflict, name: String?)?
            let version = try store.write(by: person) { draft in
                let view = try View(draft.base, for: self)
                let conflict = try findConflict(of: name, field, in: view)
                let choice = try read(choice, for: conflict, in: view)
                try requireMayResolve(conflict, choice, in: view)
                try draft.resolve(conflict, with: choice, facts: facts)
                let title = try view.name(of: conflict.folder)
                resolved = (conflict, title)
                return subject(of: conflict, choice, title ?? "1 \(conflict.folder.kindName)")
            }
            guard let (conflict, title) = resolved else { throw Failure(.io, "nothing was decided") }
            return ResolveOutcome(
                version: version, id: conflict.folder.idText, name: title,
                result: try result(for: conflict.folder, at: version))
        } catch { throw Failure(error) }
    }

    private func subject(of conflict: OpenConflict, _ choice: ConflictChoice, _ name: String) -> String {
        if conflict.isAboutRemoval, conflict.path == conflict.folder.record {
            return if case .other = choice { "Remove \(name.oneLine)" } else { "Keep \(name.oneLine)" }
        }
        return "Decide \(conflict.field) of \(name.oneLine)"
    }

    private func result(for folder: RecordFolder, at version: Version) throws -> ResolveOutcome.Result {
        let snapshot = try store.snapshot(of: version)
        if case .track(let id) = folder {
            let view = try View(snapshot, for: self)
            return try snapshot.track(id).map { .track(TrackSummary($0, session: self, in: view)) } ?? .removed
        }
        let fields = try snapshot.fields(at: folder.record.text)
        return fields.isEmpty ? .removed : .record(fields)
    }

    /// What can be read off a file that is here.
    private func facts(of pointer: Pointer) -> Facts? {
        guard let file = try? store.blobs.open(pointer),
            let found = try? decoding().inspect(file, file.path, isNamed: true).facts
        else { return nil }
        return Facts(
            of: pointer.oid, format: found.format, frames: found.frames, sampleRate: found.sampleRate,
            channels: found.channels, bits: found.bits)
    }

    // MARK: What is meant

    /// Finds the conflict that a record's name and a field name: an id, digits of one, a handle, a slug, or words of a
    /// track. Who is named by handle or slug is meant before a track that has the word.
    private func findConflict(of name: String, _ field: String, in view: View) throws -> OpenConflict {
        func conflicts(in folders: [RecordFolder]) throws -> [OpenConflict] {
            try folders.flatMap { try view.snapshot.openConflicts(in: $0) }
                .filter { $0.field.utf8.elementsEqual(field.utf8) }
        }
        let beside = try view.snapshot.foldersBesideTracks().filter { try view.maySee($0) }
        let named = try beside.filter { try isName(name, of: $0, in: view) }
        var found = try conflicts(in: named)
        if found.isEmpty {
            let others = beside.filter { name.utf8.count >= 4 && $0 != .store && $0.idText.hasPrefix(name) }
            found = try conflicts(
                in: others + track(named: name, isNeeded: named.isEmpty && others.isEmpty, in: view))
        }
        guard let conflict = found.first else {
            throw Failure(
                .notFound, "nothing is to be decided about \(field) of \(name)",
                hint: "`offbeat conflicts` lists what is")
        }
        if found.count == 1 { return conflict }
        let kinds = found.map { "a \($0.folder.kindName) (\($0.folder.idText))" }
        throw Failure(
            .ambiguous, "\(name) names \(kinds.joined(separator: " and "))", hint: "give more digits of the id")
    }

    private func isName(_ name: String, of folder: RecordFolder, in view: View) throws -> Bool {
        if folder.idText == name { return true }
        switch folder {
        case .person, .workspace: return try view.name(of: folder)?.utf8.elementsEqual(name.utf8) ?? false
        case .track, .post, .store: return false
        }
    }

    private func track(named name: String, isNeeded: Bool, in view: View) throws -> [RecordFolder] {
        do { return [.track(try find(name, in: view).id)] } catch let failure as Failure
            where failure.code == .notFound && !isNeeded
        { return [] }
    }

    private func read(
        _ choice: ResolveChoice, for conflict: OpenConflict, in view: View
    ) throws -> ConflictChoice {
        let others = conflict.dispute.others
        switch choice {
        case .current: return .current
        case .other(let number):
            guard others.indices.contains(number - 1) else {
                throw Failure(
                    .usage, "\(conflict.field) has no value \(number) to take",
                    hint: others.count == 1 ? "there is 1" : "there are 1 to \(others.count)")
            }
            return .other(others[number - 1])
        case .value(let text):
            guard case .track = conflict.path else { return .text(text) }
            guard FieldEdit.fields.contains(conflict.field) || ExtensionField.isValid(conflict.field) else {
                throw Failure(
                    .usage, "\(conflict.field) is nothing that is written as one text", hint: "decide with --take")
            }
            return .value(try fieldEdit("\(conflict.field)=\(text)", in: view).value)
        }
    }

    // MARK: What is allowed

    /// Who may edit a field may decide it.
    private func requireMayResolve(_ conflict: OpenConflict, _ choice: ConflictChoice, in view: View) throws {
        let isRemoval = conflict.isAboutRemoval && conflict.path == conflict.folder.record
        var step = ReversalStep.change
        if isRemoval, case .other = choice { step = .remove }
        switch try reversalPermissions(in: view)(conflict.folder, step) {
        case .all: break
        case .except(let fields, let reason):
            // A record that lost as a whole may have had another owner.
            guard fields.contains(conflict.field) || conflict.dispute.field == Conflict.wholeRecord else { break }
            throw Failure(.notAllowed, "\(conflict.field) is not for you to decide: \(reason)")
        case .none(let reason):
            throw Failure(.notAllowed, "\(conflict.field) is not for you to decide: \(reason)")
        }
        guard conflict.field == "owner", case .track(let id) = conflict.path, let track = try view.track(id)?.track
        else { return }
        switch choice {
        case .current: break
        case .other(let other): try requireMayGive(track, away: other.value, in: view)
        case .value(let value): try requireMayGive(track, away: value, in: view)
        case .text: break
        }
    }
}
