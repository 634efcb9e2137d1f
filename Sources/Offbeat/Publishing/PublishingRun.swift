import Catalog
import Publishing
import Store
import Sync

/// Brings posts out, one after the other, while nobody else in this store does.
///
/// A post that fails stops none of the others.
final class PublishingRun {
    private let session: Session
    private let person: Person
    private let arbiter: ReferenceArbiter
    private let desk: PublishingDesk
    private let records: PublishingRecords
    private let targets: TargetMaker
    private let progress: Progress
    private let due: DuePosts
    private(set) var outcome = PublishOutcome()
    /// What is to be told of each post once all is done; the posts are looked at again then.
    private var results: [(place: Place, target: String?, result: Result)] = []

    private struct Place: Hashable {
        let post: PostID
        let workspace: WorkspaceID
    }

    private enum Result {
        case published
        case failed(String)
        case lost(String)
        case attention(String)
    }

    init(
        _ session: Session, by person: Person, with arbiter: ReferenceArbiter, at desk: PublishingDesk,
        targets: TargetMaker, _ progress: Progress
    ) {
        self.session = session
        self.person = person
        self.arbiter = arbiter
        self.desk = desk
        self.targets = targets
        self.progress = progress
        records = PublishingRecords(session: session, person: person)
        due = DuePosts(session: session, zones: Zones(), now: session.library.context.now())
    }

    private var now: Timestamp { Timestamp(milliseconds: Int64(clamping: session.library.context.now())) }

    // MARK: All of them

    /// Brings out what is due.
    func publishDue() throws {
        let all = try due.find(in: session.view())
        try forEach(all.map { Place(post: $0.post.id, workspace: $0.workspace.id) }) { found in
            guard let zone = due.unknownZone(of: found) else { return try publish(found, asked: false) }
            let why = "its time zone, \(zone), is not known on this computer"
            note(Place(post: found.post.id, workspace: found.workspace.id), nil, .failed(why))
        }
    }

    /// Brings out posts that a person has named, whatever their time.
    func publish(_ posts: [ReviewedPost]) throws {
        try forEach(posts.map { Place(post: $0.post.id, workspace: $0.workspace.id) }) { found in
            try publish(found, asked: true)
        }
    }

    /// Goes through posts until something stops all of them. What was done by then is told all the same.
    private func forEach(_ places: [Place], _ body: (ReviewedPost) throws -> Void) throws {
        for place in places {
            do {
                try progress.checkStopped()
                guard let found = try current(place, in: session.view()) else {
                    note(place, nil, .lost("it is gone"))
                    continue
                }
                try body(found)
            } catch {
                let failure = Failure(error)
                if results.isEmpty { throw failure }
                outcome.isInterrupted = failure.code == .interrupted
                if !outcome.isInterrupted { note(place, nil, .failed(failure.description)) }
                return
            }
        }
    }

    private func publish(_ found: ReviewedPost, asked isAsked: Bool) throws {
        let place = Place(post: found.post.id, workspace: found.workspace.id)
        if isAsked, let why = reasonAgainst(found) { return note(place, nil, .lost(why)) }
        let targets = found.workspace.publishingTargets.filter { found.review.remainingTargets.contains($0.name) }
        var missing: [(target: String, why: String)] = []
        for target in targets {
            // What became of it at the target before may have changed what is to be done at this one.
            guard let found = try current(place, in: session.view()), isWanted(found, target.name, isAsked) else {
                continue
            }
            do { try publish(found, to: target, asked: isAsked) } catch let error as Failure {
                // What is missing for this one says nothing of the others.
                guard [.notFound, .wrongState, .notAllowed, .usage, .overLimit].contains(error.code) else {
                    throw error
                }
                missing.append((target.name, error.description))
            }
        }
        // Some targets are set up on one computer, and others on another: each does its own.
        let isForOthers = !isAsked && (missing.count < targets.count || found.review.state == .published)
        for one in isForOthers ? [] : missing { note(place, one.target, .failed(one.why)) }
    }

    /// Whether a post is still to come out at a target.
    private func isWanted(_ found: ReviewedPost, _ target: String, _ isAsked: Bool) -> Bool {
        guard let role = found.workspace.standing(of: person.id), role >= .approver,
            found.review.remainingTargets.contains(target)
        else { return false }
        return isAsked ? reasonAgainst(found) == nil : due.isDue(found)
    }

    /// Why a post that was named is not to come out any more; nil where it is.
    private func reasonAgainst(_ found: ReviewedPost) -> String? {
        if found.review.state == .published {
            return found.review.remainingTargets.isEmpty ? "it is published already" : nil
        }
        return found.refusal(of: .publish, by: person) == nil ? nil : "it is \(found.review.state.rawValue) by now"
    }

    // MARK: One of them

    private func publish(_ found: ReviewedPost, to target: Workspace.Target, asked isAsked: Bool) throws {
        let place = Place(post: found.post.id, workspace: found.workspace.id)
        let claim = makeClaim(on: found, target.name)
        let isTooLate = try !isAsked && due.isLate(found) && !isClaimed(claim, found)
        if isTooLate, found.review.state != .published { return try sayTooLate(for: found) }
        let maker = PublicationMaker(session: session)
        if !isTooLate { try maker.bringFiles(of: found, in: session.view(), progress) }
        let receiver: any PublishingTarget =
            isTooLate
            ? TooLate(reason: reasonOfLateness(of: found)) : try targets.target(target, of: found.workspace)
        let first = try maker.publication(of: found, in: session.view(), to: target.name, at: now)
        if let obstacle = receiver.obstacle(to: first) { return note(place, target.name, .failed(obstacle)) }
        let progress = progress
        let delivery = Delivery(with: arbiter, journal: desk.journal) { (try? progress.checkStopped()) == nil }
        let came = try delivery.deliver(
            claim, to: receiver, at: now,
            isOver: { [self] attempt in
                (try? current(place, in: session.view()))?.post.handOffs.isOver(attempt) ?? false
            },
            current: { [self] in
                try session.library.pull(from: arbiter)
                let view = try session.view()
                guard let found = try current(place, in: view), isWanted(found, target.name, isAsked),
                    makeClaim(on: found, target.name).isSame(attempt: claim)
                else { return nil }
                return try maker.publication(of: found, in: view, to: target.name, at: now)
            })
        try settle(came, claim, place)
    }

    private func makeClaim(on found: ReviewedPost, _ target: String) -> Claim {
        var random = session.library.context.random
        return Claim(
            on: HandOffs.Attempt(found.post.handOffs.next(at: target), at: target), of: found.post.id,
            in: found.workspace.id, content: found.content.hash, stamps: found.content.stamps, by: person.id,
            nonce: .random(using: &random), at: now)
    }

    /// Whether somebody is at it, or was until they vanished.
    private func isClaimed(_ claim: Claim, _ found: ReviewedPost) throws -> Bool {
        try arbiter.claims().contains { $0.isAboutTheSame(as: claim) && !found.post.handOffs.isOver($0.attempt) }
    }

    private func settle(_ came: Delivery.Outcome, _ claim: Claim, _ place: Place) throws {
        let target = claim.attempt.target
        switch came {
        case .lost(let other): note(place, target, .lost("\(try name(of: other)) is publishing it"))
        case .abandoned(let other):
            let why = "\(try name(of: other)) began to publish it at \(other.at) and was not heard of again"
            try records.ask(about: other, because: why)
            note(place, target, .attention(why))
        case .withdrawn:
            let state = try current(place, in: session.view())?.review.state
            note(place, target, .lost(state.map { "it is \($0.rawValue) by now" } ?? "it is gone"))
        case .repeated:
            let why = "this computer has handed it over before, and nothing says what became of it"
            try records.ask(about: claim, because: why)
            note(place, target, .attention(why))
        case .handedOver(let result):
            if case .unreached(let why) = result { return note(place, target, .failed(why)) }
            try records.say(result, of: claim)
            try desk.journal.note(claim, .told)
            switch result {
            case .sent: note(place, target, .published)
            case .refused(let why): note(place, target, .failed(why))
            case .unknown(let why): note(place, target, .attention(why))
            case .unreached: break
            }
        }
    }

    /// Of a post that is out nowhere it is said without any attempt: what it speaks of is the time.
    private func sayTooLate(for found: ReviewedPost) throws {
        let why = reasonOfLateness(of: found)
        let place = Place(post: found.post.id, workspace: found.workspace.id)
        try records.say(
            .init(kind: .needsAttention, note: why, subject: "Say that it is too late for"),
            of: place.post, in: place.workspace)
        note(place, nil, .attention(why))
    }

    private func reasonOfLateness(of found: ReviewedPost) -> String {
        let moment = due.moment(of: found).map { " at \($0)" } ?? ""
        return "it was to go out\(moment), and that is longer ago than the workspace allows"
    }

    private func name(of claim: Claim) throws -> String { try session.view().handle(of: claim.person) }

    private func current(_ place: Place, in view: View) throws -> ReviewedPost? {
        guard let workspace = try view.snapshot.workspace(place.workspace),
            case .post(let folder)? = try view.snapshot.read(place.post, in: place.workspace)
        else { return nil }
        return try view.reviewed(folder, of: workspace)
    }

    // MARK: What is told

    private func note(_ place: Place, _ target: String?, _ result: Result) {
        results.append((place, target, result))
    }

    /// Tells each post as it is now. One that is gone is told of no more.
    func tell(remarks: [String]) throws -> PublishOutcome {
        outcome.remarks += remarks
        let view = try session.view()
        var told: Set<Place> = []
        for (place, target, result) in results {
            guard let found = try current(place, in: view) else { continue }
            let post = try PostSummary(found, in: view, zones: due.zones)
            func undone(_ reason: String) -> PublishOutcome.Undone {
                .init(post: post, target: target, reason: reason)
            }
            switch result {
            case .published: if told.insert(place).inserted { outcome.published.append(post) }
            case .failed(let why): outcome.failed.append(undone(why))
            case .lost(let why): outcome.lost.append(undone(why))
            case .attention(let why): outcome.attention.append(undone(why))
            }
        }
        return outcome
    }
}

extension Claim {
    /// Whether it is the same attempt with the same content.
    fileprivate func isSame(attempt other: Claim) -> Bool {
        key == other.key && attempt == other.attempt && stamps == other.stamps
    }
}
