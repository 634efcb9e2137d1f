import Cache
import Catalog
import Offbeat
import Store

/// Something that browsers are told of, each in its own words: what somebody may not see, they do not hear of.
enum Happening: Sendable {
    /// The library is at another version.
    case moved(LibraryStep)
    /// Something is found out about audio.
    case analysis(TrackID, stem: String, AnalysisState)
    /// How a sync goes.
    case sync(SyncState)
    /// Guests have sent their work, or are gone.
    case guests

    enum AnalysisState: String, Sendable { case computing, cached, failed }

    /// The name of the event and its document, for somebody; nil where there is nothing to hear for them.
    func told(to session: Session) throws -> (event: String, data: JSON)? {
        switch self {
        case .moved(let step):
            let seen = try session.sees(step)
            // That it moved is told in any case: the version is in all answers.
            return ("moved", Self.document(of: step, seen))
        case .analysis(let track, let stem, let state):
            guard try session.maySee(track) else { return nil }
            return (
                "analysis", ["id": .string(track.hex), "stem": .string(stem), "state": .string(state.rawValue)]
            )
        case .sync(let state): return session.library.guest == nil ? ("sync", state.json) : nil
        case .guests: return session.library.guest == nil ? ("guests", [:]) : nil
        }
    }

    private static func document(of step: LibraryStep, _ seen: SeenStep) -> JSON {
        let changes = seen.changes?.map { change -> JSON in
            var fields: JSONObject = [
                "kind": .string(change.kind.rawValue), "id": .string(change.id),
                "what": .string(change.what.rawValue),
            ]
            fields["workspace"] = change.workspace.map(JSON.string)
            return .object(fields)
        }
        return [
            "version": .string(step.to.version.description), "from": .string(step.from.version.description),
            "changes": .array(changes ?? []), "more": .bool(changes == nil),
            "views": .array(seen.views.map { .string($0.description) }),
        ]
    }
}

/// How a sync goes.
struct SyncState: Sendable, Equatable {
    enum State: String, Sendable { case running, done, failed, offline }

    var state: State
    /// What is being done.
    var what: String?
    var done: Int64?
    var total: Int64?
    /// What happened to the versions, in a word, when it is done.
    var result: String?
    /// Why it is not done.
    var message: String?

    var json: JSON {
        func number(_ number: Int64?) -> JSON { number.map(JSON.integer) ?? .null }
        func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
        return [
            "state": .string(state.rawValue), "what": text(what), "done": number(done), "total": number(total),
            "result": text(result), "message": text(message),
        ]
    }
}
