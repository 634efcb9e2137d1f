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
            throw SyncError.ofTravel(error, at: remote.place)
        }
        if outcomes.allSatisfy({ $0 == .done }) { return }
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
        if outcomes.contains(.notFastForward) {
            versions.noteDenial()
            throw lost()
        }
        if commands.contains(where: { now[$0.name] != $0.old && now[$0.name] != $0.new }) { throw lost() }
        for (outcome, command) in zip(outcomes, commands) {
            guard case .refused(let reason) = outcome else { continue }
            throw SyncError(
                .denied,
                "\(remote.place) does not let you push to \(command.name.split(separator: "/").last ?? ""): "
                    + lines.telling(reason),
                hint: "ask whoever keeps it to allow that; nothing here was changed")
        }
        throw lost()
    }

    private func lost() -> SyncError {
        SyncError(.raceLost, "somebody else was faster at \(remote.place)", hint: "try again")
    }
}

/// What a server says beside its report: mostly why it refuses.
final class ServerWords {
    private var lines: [String] = []
    private static let limit = 40

    func add(_ line: String) {
        if lines.count < Self.limit, line.contains(where: \.isLetter) { lines.append(line) }
    }

    /// The reason with the line that says most about it: hosts put a rule's name there, and a bare refusal in the report.
    func telling(_ reason: String) -> String {
        let plain = lines.map(Self.withoutHost)
        guard let line = plain.last(where: { !$0.isEmpty && !reason.contains($0) }) else { return reason }
        return "\(reason): \(line)"
    }

    private static func withoutHost(_ line: String) -> String {
        for prefix in ["GitLab: ", "Gitea: ", "Forgejo: ", "error: ", "remote: "] where line.hasPrefix(prefix) {
            return String(line.dropFirst(prefix.count))
        }
        return line
    }
}
