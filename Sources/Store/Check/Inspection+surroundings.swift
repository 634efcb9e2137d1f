import Blobs
import Files
import Git

/// What lies around the versions and files: settings, the journal, the copy's own id, locks, half-written things.
extension Inspection {
    func inspectConfiguration() throws {
        let fault = try StoreError.wrapping("read", "config") { () throws(GitError) in
            try Repository.faultInConfiguration(at: path)
        }
        guard let fault else { return }
        add(
            Problem(
                .config, "config",
                "git's settings of this store cannot be read: \(fault)",
                "`offbeat fsck --repair` keeps the lines that can",
                remedy: .configuration))
    }

    // MARK: The journal

    func inspectJournal() throws {
        try watch.checkStopped()
        switch try blobs.journal.look(copyingTo: request.scratch, patient: request.isPatient) {
        case .missing: addJournal("the list of which files are here is missing")
        case .unreadable(let reason): addJournal("the list of which files are here cannot be read: \(reason)")
        case .read(let differences): try tell(differences)
        }
    }

    private func addJournal(_ what: String) {
        add(
            Problem(
                .journal, "lfs/journal",
                what, "`offbeat fsck --repair`, or the next command that needs it, makes it anew",
                remedy: .journal))
    }

    /// A file that versions name is told as a file, not once more as a line of the journal.
    private func tell(_ differences: [BlobJournal.Difference]) throws {
        var wrong = 0
        for difference in differences {
            switch difference {
            case .missing(let pointer):
                vanished.insert(pointer)
                if named[pointer.oid] == nil { wrong += 1 }
            case .unlisted: wrong += 1
            case .wrongSize(let oid, let journal, let file):
                if named[oid]?.pointer.size != journal || file == journal { wrong += 1 }
            case .foreign: counts.leftovers += 1
            }
        }
        guard wrong > 0 else { return }
        add(
            Problem(
                .journal, "lfs/journal",
                "the list of which files are here differs from the files in \(wrong) of them",
                "`offbeat fsck --repair` makes it anew",
                remedy: .journal))
    }

    // MARK: The replica

    func inspectReplica() throws {
        let state = try StoreError.wrappingFiles { () throws(FileError) in
            try Replica.state(in: path, context: context)
        }
        switch state {
        case .own, .missing: break
        case .unreadable:
            addReplica("this copy's id and clock cannot be read")
        case .foreign:
            addReplica("this is a copy of a store from another place or computer")
        }
    }

    private func addReplica(_ detail: String) {
        add(
            Problem(
                .replica, "replica", detail, "the next change takes a new id, and so does `offbeat fsck --repair`",
                remedy: .replica))
    }

    // MARK: Locks

    /// Tells of the locks that nobody at work seems to hold: a git at work is done with one in no time.
    func inspectLocks() throws {
        var waiting = try standingLocks()
        let watch = Stopwatch()
        while !waiting.isEmpty, watch.seconds < 1 {
            try self.watch.checkStopped()
            SystemClock.sleep(seconds: 0.05)
            let now = try standingLocks()
            waiting = waiting.filter { now[$0.key]?.isSameFile(as: $0.value) == true }
        }
        guard !waiting.isEmpty, try !WriterLock.isHeld(in: path) else { return }
        for (name, status) in waiting.sorted(by: { $0.key < $1.key }) {
            let isOld = context.bootTime.map { status.changed.seconds < $0 } ?? false
            let advice =
                isOld
                ? "it is older than this computer has been running, so nobody holds it; `offbeat fsck --repair` removes it"
                : "end the git that holds it, or remove the file if there is none; `offbeat fsck --repair` removes it if a killed offbeat left it"
            add(
                Problem(
                    .lock, name.string, "git's lock stands in the way of changes", advice, remedy: .lock(name)))
        }
    }

    private func standingLocks() throws(StoreError) -> [FilePath: FileStatus] {
        try StoreError.wrappingFiles { () throws(FileError) in try GitLocks(at: path).standing() }
    }

    // MARK: Leftovers

    func countLeftovers() throws {
        let place = Store.temporaryParent(in: path)
        guard FileSystem.exists(place) else { return }
        for entry in try FileSystem.list(place) where entry.kind == .directory {
            if try !TemporaryDirectory.isAlive(entry.name.string, in: place),
                FileSystem.exists(place.appending(entry.name))
            {
                counts.leftovers += 1
            }
        }
    }
}
