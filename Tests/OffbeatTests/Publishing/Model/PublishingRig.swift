import Catalog
import Files
import Publishing
import Store
import TestSupport
import Testing

@testable import Offbeat

/// Several computers that share a remote, the people at them, and what has to hold whatever they do.
final class PublishingRig {
    var chance: SeededRandom
    let folder: FilePath
    let receiver: Receiver
    let plan: Plan
    private(set) var computers: [Computer] = []
    /// What was done, to be read where something does not hold.
    private(set) var log: [String] = []
    var seen = Seen()
    /// Whether anything did not hold: then what follows says nothing.
    private(set) var isBroken = false
    /// How often each thing was done with success.
    var done: [String: Int] = [:]
    /// A copy of a computer's folder, from before.
    var backup: (computer: Int, path: FilePath)?

    /// How the workspace is.
    struct Plan {
        let approval: Workspace.Approval
        let allowsSelfApproval: Bool
        let hasFeed: Bool
        let lateness: String
        let computers: Int
        let hasRemoteFromTheStart: Bool

        init(_ chance: inout SeededRandom) {
            approval = Int.random(in: 0..<3, using: &chance) == 0 ? .none : .required
            allowsSelfApproval = Int.random(in: 0..<3, using: &chance) == 0
            hasFeed = Bool.random(using: &chance)
            lateness = ["PT1H", "PT15M", "P1D"].randomElement(using: &chance) ?? "PT1H"
            computers = Int.random(in: 2...4, using: &chance)
            hasRemoteFromTheStart = Int.random(in: 0..<3, using: &chance) > 0
        }
    }

    /// Everybody; Zoe does not belong to the workspace.
    static let people = ["ana", "ben", "bea", "cara", "cyd", "vera", "zoe"]
    static let roles: [String: Role] = [
        "ben": .approver, "bea": .approver, "cara": .editor, "cyd": .editor, "vera": .viewer,
    ]

    init(in folder: FilePath, seed: UInt64) throws {
        chance = SeededRandom(seed: seed)
        self.folder = folder
        receiver = try Receiver(in: folder)
        plan = Plan(&chance)
        let first = try Computer(
            "one", at: folder.appending("one"), seed: chance.next(), people: Self.people)
        computers = [first]
        try makeWorkspace(at: first)
        if plan.hasRemoteFromTheStart { try addComputers() }
    }

    var title: String { "\(chance), \(plan)" }

    private func makeWorkspace(at computer: Computer) throws {
        let owner = try computer.session("ana")
        var request = WorkspaceRequest(slug: try #require(Slug("band")))
        request.zone = "UTC"
        _ = try owner.addWorkspace(request)
        for (name, role) in Self.roles.sorted(by: { $0.key < $1.key }) {
            _ = try owner.addMember(name, to: "band", as: role)
        }
        _ = try owner.editWorkspace(
            "band",
            [
                .field("approval", plan.approval.rawValue), .field("lateness", plan.lateness),
                .field("selfApproval", plan.allowsSelfApproval ? "true" : "false"),
            ])
        for number in 1...2 {
            let sound = folder.appending("song-\(number).wav")
            let sounds = wav(seconds: 0.01, frequency: Double(200 * number), sampleRate: 8000)
            try FileSystem.write(sounds, to: sound)
            _ = try owner.add(AddRequest(paths: [sound]))
        }
        try setTargets(at: computer)
    }

    func setTargets(at computer: Computer) throws {
        let owner = try computer.session("ana")
        var program = TargetRequest(.command)
        program.command = receiver.words(for: computer.path)
        _ = try owner.setTarget("band", program)
        guard plan.hasFeed else { return }
        var feed = TargetRequest(.feed)
        feed.folder = folder.appending("feed-\(computer.name)")
        _ = try owner.setTarget("band", feed)
    }

    /// The first computer gets a remote, and the others are copies of it.
    func addComputers() throws {
        guard computers.count == 1, let first = computers.first else { return }
        _ = try first.library.addRemote("origin", at: receiver.remote.string, from: folder)
        _ = try first.library.sync()
        for name in ["two", "three", "four"].prefix(plan.computers - 1) {
            let path = folder.appending(name)
            try Computer.copy(first.path, to: path)
            let computer = try Computer(name, at: path, seed: chance.next())
            computer.now = first.now
            try setTargets(at: computer)
            computers.append(computer)
        }
        note("there are \(computers.count) computers")
    }

    func note(_ what: String) { log.append("\(log.count) \(what)") }

    func count(_ what: String) { done[what, default: 0] += 1 }

    /// Says what does not hold.
    func complain(_ what: String) {
        isBroken = true
        Issue.record("\(what)\n\(title)\n\(log.suffix(400).joined(separator: "\n"))")
    }

    func hold(_ isSo: Bool, _ what: @autoclosure () -> String) {
        if !isSo { complain(what()) }
    }

    // MARK: Chance

    func pick<T>(_ list: [T]) throws -> T { try #require(list.randomElement(using: &chance)) }

    func dice(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &chance) }

    // MARK: What goes wrong

    /// Whether the remote can be reached.
    var isRemoteThere: Bool { FileSystem.exists(receiver.remote) }

    func loseRemote() throws {
        guard isRemoteThere else { return }
        try FileSystem.rename(receiver.remote, to: receiver.awayRemote)
        note("the remote is away")
    }

    func findRemote() throws {
        guard FileSystem.exists(receiver.awayRemote) else { return }
        try FileSystem.rename(receiver.awayRemote, to: receiver.remote)
        note("the remote is back")
    }

    /// Everything at a computer died while it handed a post over: it goes on from there.
    func revive(_ computer: Computer, hadRemote: Bool) throws {
        guard FileSystem.exists(receiver.died) else { return }
        try computer.goBack(to: receiver.died)
        try FileSystem.removeTree(receiver.died)
        if hadRemote { try findRemote() }
        let journal = computer.journal
        let entry = try #require(try journal.entries().first { $0.stage == .handing })
        let wasTaken = try receiver.given(after: seen.handed.count).last?.ending == .diedAfter
        switch dice(4) {
        case 0 where wasTaken: try journal.note(entry.claim, .over(.sent(links: [:])))
        case 1 where wasTaken: try journal.note(entry.claim, .over(.unknown("it was cut off")))
        case 0 where !wasTaken, 1 where !wasTaken:
            try journal.forget(entry.claim)
            try journal.note(entry.claim, .claiming)
            if dice(2) == 0 { try release(entry.claim, at: computer) }
        default: break
        }
        count("died")
        let stages = try journal.entries().map { "\($0.claim.attempt) \($0.stage)" }
        note("\(computer.name) had died: \(stages)")
    }

    /// As if it had died before it made the claim that it had written down.
    private func release(_ claim: Claim, at computer: Computer) throws {
        guard let arbiter = try? computer.library.arbiter(by: nil) else { return }
        try arbiter.release(claim)
    }
}
