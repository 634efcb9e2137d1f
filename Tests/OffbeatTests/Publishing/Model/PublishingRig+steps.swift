import Catalog
import Files
import Store
import TestSupport
import Testing

@testable import Offbeat

/// What people do.
extension PublishingRig {
    /// Somebody does something somewhere.
    func step() throws {
        let computer = try pick(computers)
        if !isRemoteThere, dice(8) == 0 { try findRemote() }
        let who = try pick(Self.people + ["ana", "ben", "bea", "cara", "ben", "cara"])
        switch dice(100) {
        case 0..<7: try write(computer, who)
        case 7..<12: try edit(computer, who)
        case 12..<14: try editTrack(computer, who)
        case 14..<22: try decide(computer, who)
        case 22..<46: try goOn(computer)
        case 46..<52: try schedule(computer, who)
        case 52..<54: try remove(computer, who)
        case 54..<57: try undo(computer, who)
        case 57..<63: try settle(computer, who)
        case 63..<70: try publish(computer, who, onlyDue: false)
        case 70..<78: try publish(computer, dice(6) == 0 ? who : try pick(["ana", "ben", "bea"]), onlyDue: true)
        case 78..<90: try sync(computer)
        case 90..<94: pass(computer)
        default: try disturb(computer)
        }
    }

    private func disturb(_ computer: Computer) throws {
        switch dice(6) {
        case 0..<2: try dice(2) == 0 ? loseRemote() : findRemote()
        case 2: try findRemote()
        case 3: try backUp(computer)
        case 4: try restoreBackup()
        default: if dice(3) == 0 { try addComputers() }
        }
    }

    /// Tries a step with a post; one that is refused leaves everything as it was. Answers whether it was taken.
    @discardableResult
    private func attempt(
        _ what: String, _ computer: Computer, _ who: String, of post: String? = nil,
        _ step: (Session) throws -> Void
    ) throws -> Bool {
        let before = try computer.library.version()
        do {
            try step(computer.session(who))
            count(what)
            note("\(computer.name): \(who): \(what) \(post?.prefix(6) ?? "")")
            try see(computer, byPeople: true)
            return true
        } catch let error as Failure {
            let isKnown = [.wrongState, .notAllowed, .notFound, .usage].contains(error.code)
            hold(isKnown, "\(what) by \(who) ended in \(error)")
            try hold(computer.library.version() == before, "\(what) was refused and changed something")
            return false
        }
    }

    private func anyPost(_ computer: Computer) throws -> String? {
        try computer.posts().map(\.post.id.hex).sorted().randomElement(using: &chance)
    }

    private func unpublished(_ computer: Computer) throws -> [String] {
        try computer.posts().map(\.post).filter { post in !post.decisions.contains { $0.kind == .published } }
            .map(\.id.hex).sorted()
    }

    // MARK: Words

    private func text() throws -> String {
        (0..<3).map { _ in "line \(dice(9))" }.joined(separator: "\n\n")
    }

    private func change() throws -> PostChange {
        switch dice(5) {
        case 0: .title(dice(4) == 0 ? nil : "title \(dice(20))")
        case 1: .platforms(["bluesky", "mastodon", "web"].filter { _ in dice(2) == 0 })
        case 2: .track(dice(3) == 0 ? nil : "song-\(dice(2) + 1)")
        default: .text(try text())
        }
    }

    private func write(_ computer: Computer, _ who: String) throws {
        guard try unpublished(computer).count < 5 else { return try goOn(computer) }
        var request = PostRequest(in: "band", text: try text())
        request.title = "title \(dice(20))"
        request.platforms = dice(2) == 0 ? ["web"] : []
        if dice(3) == 0 { request.track = "song-\(dice(2) + 1)" }
        if dice(3) == 0 { request.time = time(computer) }
        request.isSubmitted = dice(2) == 0
        let wanted = request
        try attempt("write", computer, who) { _ = try $0.newPost(wanted) }
    }

    private func edit(_ computer: Computer, _ who: String) throws {
        guard let post = try anyPost(computer) else { return }
        let change = try change()
        try attempt("edit", computer, who, of: post) { _ = try $0.editPost(post, [change]) }
    }

    private func editTrack(_ computer: Computer, _ who: String) throws {
        let tracks = try computer.session("ana").list(ListRequest()).tracks.map(\.id.hex).sorted()
        let change = try TrackChange(parsing: "\(pick(["artist", "album"]))=name \(dice(5))")
        let track = try pick(tracks)
        try attempt("edit track", computer, who) {
            _ = try $0.edit(EditRequest(.one(track), changes: [change]))
        }
    }

    // MARK: Decisions

    private func decide(_ computer: Computer, _ who: String) throws {
        guard let post = try anyPost(computer) else { return }
        let step = try pick([PostStep.submit, .submit, .approve, .approve, .reject, .requestChanges])
        try attempt(step.rawValue, computer, who, of: post) { _ = try $0.decide(step, on: post) }
    }

    /// Somebody who may does what is next with a post.
    private func goOn(_ computer: Computer) throws {
        guard let post = try unpublished(computer).randomElement(using: &chance) else {
            return try write(computer, "cara")
        }
        let found = try computer.session("ana").showPost(post)
        switch found.state {
        case .draft, .changesRequested:
            try attempt("submit", computer, "cara", of: post) { _ = try $0.decide(.submit, on: post) }
        case .pending:
            let judge = try pick(["ben", "bea", "ana"])
            try attempt("approve", computer, judge, of: post) { _ = try $0.decide(.approve, on: post) }
        case .approved, .failed: try publish(computer, "ben", onlyDue: false, post)
        case .scheduled:
            if dice(2) == 0 { computer.clock.pass(seconds: UInt64(dice(3_600))) }
            try publish(computer, "bea", onlyDue: true)
        case .needsAttention: try settle(computer, "ben")
        case .rejected, .publishing, .published: break
        }
    }

    /// A time soon, by the computer's clock.
    private func time(_ computer: Computer) -> String {
        let seconds = Int64(computer.now / 1_000) + Int64(dice(2_400) - 60)
        return LocalTime(secondsAsUTC: seconds).description
    }

    private func schedule(_ computer: Computer, _ who: String) throws {
        guard let post = try anyPost(computer) else { return }
        if dice(4) == 0 {
            try attempt("unschedule", computer, who, of: post) { _ = try $0.unschedulePost(post) }
        } else {
            let time = time(computer)
            try attempt("schedule", computer, who, of: post) { _ = try $0.schedulePost(post, at: time) }
        }
    }

    private func remove(_ computer: Computer, _ who: String) throws {
        guard let post = try anyPost(computer) else { return }
        let before = try computer.posts()
        if try attempt("rm", computer, who, of: post, { _ = try $0.removePost(post) }) {
            try seeRemoval(before, at: computer)
        }
    }

    private func undo(_ computer: Computer, _ who: String) throws {
        let before = try computer.posts()
        try attempt("undo", computer, who) { _ = try $0.undo() }
        try seeRemoval(before, at: computer)
    }

    private func settle(_ computer: Computer, _ who: String) throws {
        guard let post = try anyPost(computer) else { return }
        let isSent = dice(2) == 0
        try attempt(isSent ? "settle as sent" : "settle as not sent", computer, who, of: post) {
            _ = try $0.settlePost(post, isSent ? .sent("https://example.org/3") : .notSent)
        }
    }

    // MARK: Clocks

    private func pass(_ computer: Computer) {
        let seconds: Int
        switch dice(6) {
        case 0: seconds = -dice(900)
        case 1: seconds = dice(7_200)
        case 2: seconds = 700
        default: seconds = dice(120)
        }
        computer.now = UInt64(Int64(computer.now) + Int64(seconds) * 1_000)
        note("\(computer.name): \(seconds) s pass")
    }
}
