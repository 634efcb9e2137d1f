import Catalog
import Files
import Publishing
import Store
import TestSupport
import Testing

@testable import Offbeat

/// Bringing posts out, and bringing computers together.
extension PublishingRig {
    /// Somebody publishes, and the receiver ends as chance will have it.
    func publish(_ computer: Computer, _ who: String, onlyDue: Bool, _ post: String? = nil) throws {
        let names = try computer.posts().map(\.post.id.hex).sorted()
        guard let name = post ?? names.randomElement(using: &chance) else { return }
        let ending = dice(3) == 0 ? Receiver.Ending.sent : try pick(Receiver.Ending.allCases)
        try receiver.set(ending)
        let hadRemote = isRemoteThere
        var came = ""
        do {
            let request = onlyDue ? PublishRequest.due : .posts([name])
            let outcome = try computer.session(who).publish(request, environment: { _ in nil })
            came = Self.told(outcome)
        } catch let error as Failure {
            let isKnown = [.wrongState, .notAllowed, .notFound, .offline, .raceLost].contains(error.code)
            hold(isKnown, "publishing by \(who) ended in \(error)")
            came = error.message
        }
        note("\(computer.name): \(who) publishes \(onlyDue ? "what is due" : name), \(ending): \(came)")
        try revive(computer, hadRemote: hadRemote)
        for given in try receiver.given(after: seen.handed.count) {
            try check(given, at: computer, onlyDue: onlyDue)
            count("handed over, \(given.ending)")
        }
        try see(computer, byPeople: false)
    }

    private static func told(_ outcome: PublishOutcome) -> String {
        let undone = [("failed", outcome.failed), ("lost", outcome.lost), ("attention", outcome.attention)]
        let rest = undone.flatMap { name, list in
            list.map { "\(name) \($0.post.post.id.hex.prefix(6)) \($0.target ?? "") \($0.reason)" }
        }
        let published = outcome.published.map { "published \($0.post.id.hex.prefix(6))" }
        return (published + rest + outcome.remarks).joined(separator: "; ")
    }

    func sync(_ computer: Computer) throws {
        do {
            _ = try computer.library.sync()
            count("sync")
            note("\(computer.name): sync")
        } catch let error as Failure {
            hold([.offline, .usage].contains(error.code), "sync ended in \(error)")
        }
        try see(computer, byPeople: false)
    }

    // MARK: Copies from before

    func backUp(_ computer: Computer) throws {
        guard computers.count > 1, let number = computers.firstIndex(where: { $0 === computer }) else { return }
        let path = folder.appending("backup-\(log.count)")
        try Computer.copy(computer.path, to: path)
        backup = (number, path)
        note("\(computer.name): a copy is kept")
    }

    /// A computer's disk breaks, and what was kept of it is put back: what it alone knew is lost.
    func restoreBackup() throws {
        guard let backup else { return }
        self.backup = nil
        let computer = computers[backup.computer]
        let open = try computer.journal.entries()
        try computer.restore(from: backup.path)
        seen.lostClaims.formUnion(open.map(\.claim))
        var left: Set<DecisionID> = []
        for computer in computers {
            left.formUnion(try computer.posts().flatMap(\.post.decisions).map(\.id))
        }
        for (post, decisions) in seen.decisions {
            let rest = decisions.intersection(left)
            seen.decisions[post] = rest.isEmpty ? nil : rest
        }
        count("restored")
        note("\(computer.name): the copy is put back")
    }
}
