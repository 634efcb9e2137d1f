import Files
import Store
import Sync

/// The look at a remote: into its folder, or from outside where it is on another computer.
enum RemoteLook {
    case folder(RemoteCheck)
    case network(NetworkCheck)
}

extension Library {
    /// The look at the remote that a sync would take.
    func remoteCheck(_ request: CheckRequest, _ watch: CheckWatch, _ progress: Progress = .none) throws
        -> RemoteLook
    {
        let remote = try remoteToSync(named: nil)
        guard let folder = RemoteAddress(remote.url, from: store.path).folder else {
            return .network(
                try NetworkCheck(
                    of: store, at: link(to: remote, progress), called: remote.name, place: remote.place, request,
                    watch: watch))
        }
        return .folder(
            try RemoteCheck(
                of: store, with: FolderRemote(at: folder), called: remote.name, request, watch: watch))
    }

    /// Throws where the remote of a store cannot be reached: who asks in vain need not wait for the rest. A store that is
    /// too damaged to tell is asked again once it was seen to.
    static func requireRemote(of path: FilePath, _ request: CheckRequest, context: StoreContext) throws {
        do { _ = try Library(at: path, context: context).remoteCheck(request, CheckWatch()) } catch let error
            as SyncError
        {
            throw error
        } catch let failure as Failure where failure.code == .usage || failure.code == .notAllowed {
            throw failure
        } catch {}
    }

    /// Adds to a report what is the matter with the remote, and mends it if `repairing`.
    static func checkRemote(
        of path: FilePath, _ request: CheckRequest, repairing: Bool, context: StoreContext, watch: CheckWatch,
        progress: Progress, into report: inout CheckReport
    ) throws {
        let (library, look): (Library, RemoteLook)
        do {
            library = try Library(at: path, context: context)
            look = try library.remoteCheck(request, watch, progress)
        } catch {
            let failure = Failure(error)
            guard !report.isSound, !(error is SyncError) else { throw failure }
            let problem = Problem(
                .config, "the remote",
                saying: "the remote was not looked at, since this store is damaged: \(failure.message)",
                advising: "`offbeat fsck --deep --repair` mends the store; then check again")
            return report.add([problem], ofRemote: nil)
        }
        let found =
            switch look {
            case .folder(let check): try repairing ? library.mendRemote(check, progress) : check.run()
            case .network(let check): try library.look(check, repairing: repairing, progress)
            }
        report.add(found.problems, ofRemote: found.counts)
    }

    /// Nobody of this store syncs meanwhile, where something may be written.
    private func look(
        _ check: NetworkCheck, repairing: Bool, _ progress: Progress
    ) throws -> RemoteCheckReport {
        let transfers = progress.transfer("Uploading files")
        guard repairing else { return try check.run(repairing: false, transfers: transfers) }
        return try RoundLock.held(for: store) { try check.run(repairing: true, transfers: transfers) }
    }

    /// Nobody of this store syncs meanwhile.
    private func mendRemote(_ check: RemoteCheck, _ progress: Progress) throws -> RemoteCheckReport {
        var means = RemoteRepairMeans()
        let others = try remoteFiles().filter { $0.remote.name != check.name }
        means.relays = others.map(\.files)
        means.otherCopies = RemoteFolders(others.map(\.remote.url), from: path).places
        means.transfers = progress.transfer("Uploading files")
        return try RoundLock.held(for: store) { try RemoteRepair(check, with: means).run() }
    }
}
