import Files
import Git
import Store

/// What this computer builds at a remote before it has its name there, and what the dead have left of theirs.
struct RemoteScaffold: Sendable {
    let repository: SharedRepository
    /// Who but its owner may use what is written there.
    let modes: SharedModes

    /// A lock that is older was left behind, whoever took it: nobody holds one for more than an instant.
    private static let lockAge: Int64 = 600
    /// Packs that are younger may be in use by who does not look again.
    private static let packAge: Int64 = 86_400

    init(in repository: SharedRepository) {
        self.repository = repository
        modes = SharedModes(configValue: repository.sharing)
    }

    private var place: FilePath { repository.path.appending("lfs/tmp") }

    /// Makes a directory for what is half done; what others have left there by dying is cleared away before.
    func temporaryDirectory(locking branches: [String]) throws(SyncError) -> TemporaryDirectory {
        do {
            let mine = try TemporaryDirectory(shared: place, inside: repository.path, modes: modes)
            let others = try FileSystem.list(place).contains {
                $0.kind == .directory && $0.name.string != mine.name
            }
            for name in branches + lockedReferences() { try clearLock(of: name, mine) }
            // Only then: it is by these directories that a lock is known to be a dead one's.
            if others { try TemporaryDirectory.sweep(shared: place) }
            return mine
        } catch let error as GitError {
            throw SyncError(error, at: repository.path)
        } catch let error as FileError {
            throw SyncError(error)
        } catch {
            throw SyncError(.io, "\(error)")
        }
    }

    /// Clears away what programs of this computer have left there by dying, and others a day ago.
    func clearAway(locking branches: [String]) {
        do throws(SyncError) {
            // By the directory of who has taken it a lock is known to be a dead one's, so the lock goes first.
            if try isLocked(branches) { _ = try temporaryDirectory(locking: branches) }
        } catch { return }
        for name in ["lfs/tmp", "lfs/leases"] {
            _ = try? TemporaryDirectory.sweep(shared: repository.path.appending(name))
        }
    }

    private func isLocked(_ branches: [String]) throws(SyncError) -> Bool {
        do throws(GitError) {
            for branch in branches where try repository.lockStatus(of: branch) != nil { return true }
            return !lockedReferences().isEmpty
        } catch { throw SyncError(error, at: repository.path) }
    }

    /// The references beside the branches that are locked now. Whoever sweeps next, for whatever it is, takes with the
    /// directory of the dead what tells that such a lock is theirs.
    private func lockedReferences() -> [String] {
        ["refs/offbeat/", "refs/offbeat/claims/"].flatMap { folder in
            let files = (try? FileSystem.list(repository.path.appending(FilePath(folder)))) ?? []
            return files.map(\.name.string).filter { $0.hasSuffix(".lock") }.map { folder + $0.dropLast(5) }
        }
    }

    /// Breaks a branch's lock if whoever took it is gone: the process, or the computer, ten minutes ago by the clock of
    /// whoever keeps the remote.
    private func clearLock(of branch: String, _ mine: TemporaryDirectory) throws {
        guard let lock = try repository.lockStatus(of: branch), lock.kind == .regular else { return }
        let age = try FileSystem.clock(of: place).seconds - lock.modified.seconds
        let isOfTheDead = try owner(of: lock).map { try !TemporaryDirectory.isAlive($0, in: place) } ?? false
        if isOfTheDead || age > Self.lockAge {
            try repository.breakLock(of: branch, lookedAt: lock, temporary: mine)
        }
    }

    /// The temporary directory in which the lock has its first name.
    private func owner(of lock: FileStatus) throws -> String? {
        for entry in try FileSystem.list(place) where entry.kind == .directory {
            let directory = place.appending(entry.name)
            guard let files = try? FileSystem.list(directory) else { continue }
            for file in files {
                let status = try? FileSystem.status(of: directory.appending(file.name), followingLinks: false)
                if status?.isSameFile(as: lock) == true { return entry.name.string }
            }
        }
        return nil
    }

    /// Puts small packs and loose objects together where they have become many.
    func consolidate(_ temporary: TemporaryDirectory) throws {
        guard try repository.objects.mayNeedConsolidation() else { return }
        _ = try repository.objects.consolidate(
            temporary: temporary, keepPacksYoungerThan: Self.packAge, modes: modes)
    }
}
