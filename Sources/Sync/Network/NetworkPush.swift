import Blobs
import Git
import Network
import Store

/// Branches that move together, and the versions that the remote lacks for it.
struct NetworkParcel {
    let commands: [PushCommand]
    let versions: PackedVersions
}

/// What is about to be sent to a git server.
final class NetworkPush: PreparedPush {
    private let parcels: [NetworkParcel]
    private let versions: NetworkVersions
    private var remote: NetworkRemote { versions.remote }

    init(_ parcels: [NetworkParcel], through versions: NetworkVersions) {
        self.parcels = parcels
        self.versions = versions
    }

    var files: [Pointer] { Array(Set(parcels.flatMap(\.versions.files))).sorted { $0.oid < $1.oid } }
    var commits: Int { parcels.reduce(0) { $0 + $1.versions.outcome.commits } }

    func send() throws {
        for parcel in parcels { try send(parcel) }
    }

    private func send(_ parcel: NetworkParcel) throws {
        let conversation = try GitConversation(with: .receivePack, at: remote)
        let lines = ServerWords()
        let session = PushSession(
            over: conversation.channel, after: conversation.advertisement, agent: remote.agent
        ) {
            progress in
            if let words = progress.words { lines.add(words) }
        }
        let outcomes: [PushOutcome]
        do { outcomes = try session.push(parcel.commands, pack: parcel.versions.pack) } catch {
            // The answer was lost on the way, perhaps, and not the push.
            if let error = error as? WireError, error.code == .unanswered, try haveMoved(parcel.commands) { return }
            if let error = error as? WireError, error.code == .refusedByServer, let command = parcel.commands.first
            {
                throw HostRefusal(error.description, lines.all, of: command.name, at: remote.place).error
            }
            throw SyncError.ofTravel(error, at: remote.place)
        }
        if outcomes.allSatisfy({ $0 == .done }) { return versions.noteMove() }
        try explain(outcomes, of: parcel.commands, lines)
    }

    /// Whether all branches stand where they should by now, whoever moved them.
    private func haveMoved(_ commands: [PushCommand]) throws -> Bool {
        let standing = try GitConversation(with: .uploadPack, at: remote)
        defer { standing.leave() }
        return commands.allSatisfy { standing.advertisement[$0.name] == $0.new }
    }

    /// What the server's words mean is told by where the branches stand: for a lost race servers have many of them, and some
    /// mean something else as well.
    private func explain(_ outcomes: [PushOutcome], of commands: [PushCommand], _ lines: ServerWords) throws {
        let standing = try GitConversation(with: .uploadPack, at: remote)
        standing.leave()
        let now = standing.advertisement
        if commands.allSatisfy({ now[$0.name] == $0.new }) { return }
        if commands.contains(where: { now[$0.name] != $0.old && now[$0.name] != $0.new }) { throw lost() }
        // Nobody was faster.
        let failed = zip(outcomes, commands).filter { $0.0 != .done && $0.0 != .withheld }
        let named = failed.first { _, command in lines.all.contains { $0.contains(command.name) } }
        let refused = failed.first { if case .refused = $0.0 { true } else { false } }
        guard let (outcome, command) = refused.map({ named ?? $0 }) ?? failed.first else { throw lost() }
        let refusal = HostRefusal(outcome.reason, lines.all, of: command.name, at: remote.place)
        let isForce = refusal.isOfForce || outcomes.contains(.notFastForward)
        if isForce, !versions.deniesNonFastForwards {
            versions.noteDenial()
            throw lost()
        }
        // Servers speak of a lost race also where a name is in the way, or a disk is full.
        if refused == nil, !isForce, versions.mayTryUnmoved() { throw lost() }
        throw refusal.error
    }

    private func lost() -> SyncError {
        SyncError(.raceLost, "somebody else was faster at \(remote.place)", hint: "try again")
    }
}

extension PushOutcome {
    /// The server's reason, as far as it is kept; for a person.
    var reason: String {
        switch self {
        case .refused(let reason): reason
        case .notFastForward: "it does not allow a branch to be rewritten"
        case .moved, .withheld, .done: "it does not move the branch"
        }
    }
}
