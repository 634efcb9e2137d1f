import Blobs
import Cache
import Catalog
import Files
import Network
import Store
import Sync

extension Library {
    /// Makes this store and a shared remote hold the same version, and moves the files.
    public func sync(
        _ request: SyncRequest = SyncRequest(), progress: Progress = .none
    ) throws(Failure) -> SyncOutcome {
        do {
            try refuseGuests("sync")
            let remote = try remoteToSync(named: request.remote)
            if request.isDryRun { return try sync(with: remote, request, progress) }
            // Others may sync while people are told of what came.
            defer { tellTransitions { progress.isStopped } }
            return try telling.later {
                let outcome = try remembering(remote) {
                    // Before the round, so that it is in what is pushed.
                    try moveArbiter(to: remote, progress)
                    return try round(with: remote, request, progress)
                }
                settlePublishing(with: remote, after: outcome.round)
                return outcome
            }
        } catch { throw Failure(error) }
    }

    /// The same for who is publishing, and settles that itself.
    func syncBesidePublishing(_ request: SyncRequest, progress: Progress) throws -> SyncOutcome {
        let remote = try remoteToSync(named: request.remote)
        return try remembering(remote) { try round(with: remote, request, progress) }
    }

    private func round(with remote: Remote, _ request: SyncRequest, _ progress: Progress) throws -> SyncOutcome {
        let outcome = try RoundLock.held(for: store) { try sync(with: remote, request, progress) }
        cleanAnalysesIfTooMany()
        return outcome
    }

    /// Notes when it was, and how it ended.
    private func remembering(_ remote: Remote, _ round: () throws -> SyncOutcome) throws -> SyncOutcome {
        var memory = SyncMemory.read(of: remote.name, in: store.path)
        do {
            let outcome = try round()
            memory = SyncMemory(lastSync: store.context.now())
            memory.write(of: remote.name, in: store.path)
            return outcome
        } catch {
            memory.lastError = Failure(error).message
            memory.write(of: remote.name, in: store.path)
            throw error
        }
    }

    private func sync(with remote: Remote, _ request: SyncRequest, _ progress: Progress) throws -> SyncOutcome {
        let link = try link(to: remote, progress)
        let files = link.files(of: store)
        let round = try Round(
            of: store, with: remote.name, versions: link.versions, files: files,
            relays: remoteFiles(besides: remote).map(\.files),
            terms: request.terms, transfers: progress.transfer("Uploading files"))
        if request.isDryRun { return try plan(round, remote) }
        let analyses = try store.analyses()
        var outcome = SyncOutcome(remote: remote.name, round: try round.run())
        outcome.invalidated = noteArrival(
            from: outcome.round.from, to: outcome.round.to,
            haveAnalysesChanged: try store.analyses()?.version != analyses?.version)
        outcome.note(try fetch(wantedFiles(at: remote.url), from: files, at: remote.url, progress))
        outcome.newPlace = link.newPlace
        if outcome.invalidated.contains(.analysis) { warmAnalyses(since: analyses, progress) }
        return outcome
    }

    /// Brings the files that this computer wants and that the remote has; those that it does not have are counted.
    func fetch(
        _ wanted: WantedFiles, from files: any FileTransport, at url: String, _ progress: Progress
    ) throws -> (came: Download, absent: Int) {
        if wanted.files.isEmpty { return (Download(), wanted.inVain) }
        let came = try files.download(wanted.files, to: store.blobs, report: progress.transfer("Downloading files"))
        remember(wanted, askedAt: url, came: came.files)
        if !wanted.analyses.isEmpty {
            index.analyses.catchUp()
            index.analyses.noteArrival(
                of: wanted.files.filter { wanted.analyses.contains($0) && store.blobs.contains($0) })
        }
        return (came, came.missing.count + wanted.inVain)
    }

    private func plan(_ round: consuming Round, _ remote: Remote) throws -> SyncOutcome {
        let plan = try round.plan()
        var outcome = SyncOutcome(remote: remote.name, round: plan.report)
        outcome.isPlan = true
        outcome.downloaded = (plan.lacking.count, plan.lacking.reduce(0) { $0 + $1.size })
        return outcome
    }

    // MARK: Remotes

    /// The remote that is meant where none is named: the only one, or the one called origin.
    func remoteToSync(named name: String?) throws -> Remote {
        let all = try store.remotes()
        if let name { return try remote(named: name) }
        if let found = all.first(where: { $0.name == "origin" }) ?? (all.count == 1 ? all.first : nil) {
            return found
        }
        if all.isEmpty {
            throw Failure(
                .usage, "this store has no remote to sync with", hint: "`offbeat remote add origin URL` adds one")
        }
        throw Failure(
            .usage, "this store has several remotes, and none is called origin",
            hint: "name one: \(all.map(\.name).joined(separator: ", "))")
    }

    /// How a remote is reached.
    func link(to remote: Remote, _ progress: Progress = .none) throws -> RemoteLink {
        switch RemoteAddress(remote.url, from: store.path) {
        case .folder(let path): return try RemoteLink(to: FolderRemote(at: path), called: remote.name, of: store)
        case .nowhere:
            throw Failure(
                .usage, "the remote \(remote.name) has no URL", hint: "`offbeat remote set-url` says where it is")
        case .network:
            let other = try Self.networkRemote(
                at: remote.url, called: remote.name, context, store: store.path, progress)
            return RemoteLink(to: other, arriving: progress.arriving) { progress.isStopped }
        }
    }

    /// A remote on another computer, reached as git's configuration says.
    ///
    /// - Parameter store: whose own configuration counts too.
    static func networkRemote(
        at url: String, called name: String, _ context: StoreContext, store: FilePath?, _ progress: Progress
    ) throws -> NetworkRemote {
        do throws(NetworkError) {
            let settings = try NetworkSettings(reading: context.environment(), repository: store)
            return try NetworkRemote(
                at: url, called: name, settings: settings, agent: "offbeat/\(Release.version)",
                mayAsk: context.mayAsk, onQuestion: progress.isAsked
            ) { progress.isStopped }
        } catch { throw SyncError(error) }
    }
}
