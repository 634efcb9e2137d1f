import Catalog
import Publishing
import Store
import Sync

extension Session {
    /// Brings posts out, each once, however many computers are about to.
    ///
    /// - Parameter environment: the variables of this computer's environment, in which a token may be.
    /// - Throws: `.offline` where something is to be done and the repository cannot be reached that decides who does it.
    public func publish(
        _ request: PublishRequest, environment: @escaping @Sendable (String) -> String?, progress: Progress = .none
    ) throws(Failure) -> PublishOutcome {
        do {
            try library.refuseGuests("publish")
            let person = try requirePerson()
            let desk = PublishingDesk(of: library)
            let named = try posts(of: request, by: person)
            if case .due = request, try isNothingDue(), try !desk.journal.isCutOff { return PublishOutcome() }
            // Nobody waits for what others are told of it.
            defer { library.tellTransitions { progress.isStopped } }
            return try library.telling.later {
                try desk.held { try publish(request, named, by: person, at: desk, environment, progress) }
            }
        } catch { throw Failure(error) }
    }

    private func publish(
        _ request: PublishRequest, _ named: [ReviewedPost], by person: Person, at desk: PublishingDesk,
        _ environment: @escaping @Sendable (String) -> String?, _ progress: Progress
    ) throws -> PublishOutcome {
        let records = PublishingRecords(session: self, person: person)
        try desk.recordLeftResults(records)
        let arbiter = try library.arbiter(by: person)
        try library.pull(from: arbiter)
        try desk.releaseLeftClaims(at: arbiter, records)
        let run = PublishingRun(
            self, by: person, with: arbiter, at: desk,
            targets: TargetMaker(session: self, environment: environment), progress)
        switch request {
        case .due: try run.publishDue()
        case .posts: try run.publish(named)
        }
        return try run.tell(remarks: finish(with: arbiter, at: desk, progress))
    }

    private func isNothingDue() throws -> Bool {
        try DuePosts(session: self, zones: Zones(), now: library.context.now()).find(in: view()).isEmpty
    }

    /// The posts that are named, each of which has to be one that may be brought out.
    private func posts(of request: PublishRequest, by person: Person) throws -> [ReviewedPost] {
        guard case .posts(let names) = request else { return [] }
        let view = try view()
        return try names.map { name in
            let found = try post(named: name, in: view)
            // One that is out follows at the targets that are left.
            if found.review.state != .published || found.review.remainingTargets.isEmpty {
                try require(.publish, of: found, by: person)
            } else {
                try requireRole(.approver, in: found.workspace, to: "publish")
            }
            return found
        }
    }

    /// Brings the results to everybody. What was done is done, whether or not that works now: the next sync goes on.
    private func finish(with arbiter: ReferenceArbiter, at desk: PublishingDesk, _ progress: Progress) throws
        -> [String]
    {
        do {
            if let remote = arbiter.remote {
                var request = SyncRequest()
                request.remote = remote.name
                _ = try library.syncBesidePublishing(request, progress: progress)
            }
            try desk.tidy(arbiter)
            return []
        } catch {
            return ["the results are only here so far: \(Failure(error).message)"]
        }
    }
}

extension Library {
    /// Takes in what is new at the arbiter, so that what is decided is decided by what everybody can know.
    func pull(from arbiter: ReferenceArbiter) throws {
        guard let remote = arbiter.remote else { return }
        try RoundLock.held(for: store) {
            let link = try link(to: remote)
            let round = try Round(
                of: store, with: remote.name, versions: link.versions, files: link.files(of: store),
                transfers: .none)
            _ = try round.pull()
        }
    }

    /// What a sync does for publishing: it lets the remote decide from now on where this store has done so, and takes away
    /// the claims whose results have arrived there.
    func settlePublishing(with remote: Remote, after round: RoundReport) {
        let desk = PublishingDesk(of: self)
        // Who publishes elsewhere, or who settled something, may have left claims too; where nothing moved none is over now.
        guard !desk.journal.isIdle || round.pulled + round.pushed > 0,
            (try? store.snapshot().info().arbiter) != nil
        else { return }
        // Who is publishing just now does it.
        _ = try? desk.heldIfFree(atMost: 0) {
            let arbiter = try arbiter(by: nil)
            if arbiter.remote == remote { try desk.tidy(arbiter) }
        }
    }
}
