import Catalog
import Files
public import Git
import Synchronization
import Trace

/// Who holds a store's lock, and so may move its head.
///
/// One writer at a time, over all processes: `flock` on `offbeat.lock`, which dies with its process. The lock file
/// also says what its holder is about to do to a ref, so that a git `.lock` that a killed holder left behind can be
/// told from one that plain git holds now.
public struct Writer: ~Copyable {
    /// The store.
    public let store: Store
    private let lock: FileLock
    private let moves: Moves

    private init(store: Store, lock: consuming FileLock, moves: Moves) {
        self.store = store
        self.lock = lock
        self.moves = moves
    }

    /// Waits for the lock and tidies up behind a writer that died with it.
    static func entering(_ store: Store, _ moves: Moves) throws(StoreError) -> Writer {
        let lock = try acquireLock(of: store.path, store.context)
        let writer = Writer(store: store, lock: lock, moves: moves)
        try writer.clearWhatTheDeadLeft()
        return writer
    }

    /// Takes the lock alone, for whoever mends a store that cannot be opened.
    static func acquireLock(of path: FilePath, _ context: StoreContext) throws(StoreError) -> FileLock {
        do throws(FileError) {
            let lock = try context.trace.measure(.store, "waited for the lock") { () throws(FileError) in
                try FileLock.acquire(WriterLock.file(in: path), timeout: context.patience)
            }
            if let lock { return lock }
        } catch { throw StoreError(error) }
        throw StoreError(
            .locked, "another program has been writing to \(path) for \(Int(context.patience)) s",
            hint: "try again when it is done")
    }

    /// What a holder is about to do that leaves a git lock behind if it is killed.
    enum Intent: Equatable {
        /// Moving the head to a commit.
        case head(ObjectID)
        /// Moving the branch of analyses to a commit.
        case analyses(ObjectID)
        /// Changing the store's configuration.
        case configuration
        /// Mending the file of packed references.
        case packedReferences
        /// Removing a reference of this name.
        case removal(String)

        /// The branch that was to be moved, and to which commit.
        var move: (branch: String, commit: ObjectID)? {
            switch self {
            case .head(let id): (Store.head, id)
            case .analyses(let id): (Store.analyses, id)
            case .configuration, .packedReferences, .removal: nil
            }
        }

        var note: [UInt8] {
            switch self {
            case .head(let id): Array("\(id.hex)\n".utf8)
            case .analyses(let id): Array("\(Self.analysesMark)\(id.hex)\n".utf8)
            case .configuration: Array("config\n".utf8)
            case .packedReferences: Array("packed-refs\n".utf8)
            case .removal(let name): Array("\(Self.removalMark)\(name)\n".utf8)
            }
        }

        private static let analysesMark = "analyses "
        private static let removalMark = "remove "

        init?(note: [UInt8]) {
            let text = String(decoding: note.last == 0x0A ? note.dropLast() : note[...], as: UTF8.self)
            if text == "config" {
                self = .configuration
            } else if text == "packed-refs" {
                self = .packedReferences
            } else if let id = ObjectID(hex: text) {
                self = .head(id)
            } else if text.hasPrefix(Self.analysesMark),
                let id = ObjectID(hex: String(text.dropFirst(Self.analysesMark.count)))
            {
                self = .analyses(id)
            } else if text.hasPrefix(Self.removalMark) {
                self = .removal(String(text.dropFirst(Self.removalMark.count)))
            } else {
                return nil
            }
        }
    }

    func announce(_ intent: Intent) throws(StoreError) {
        do throws(FileError) { try lock.setNote(intent.note) } catch { throw StoreError(error) }
    }

    /// A note that stays by mistake does no harm: there is no git lock that it could explain.
    func announceDone() { try? lock.setNote([]) }

    /// Temporary files whose owner is gone, and the git locks that a killed writer left.
    private func clearWhatTheDeadLeft() throws(StoreError) {
        let intent: Intent?
        do throws(FileError) {
            try TemporaryDirectory.sweep(in: store.temporaryParent)
            try BuildingSite.clearLeftovers(in: store.path)
            intent = Intent(note: try lock.note())
        } catch { throw StoreError(error) }
        let bootTime = store.context.bootTime
        for branch in [Store.head, Store.analyses] {
            let intended = intent?.move.flatMap { $0.branch == branch ? $0.commit : nil }
            _ = try StoreError.wrapping("clear the lock of", branch) { () throws(GitError) in
                try store.repository.clearDeadLock(of: branch, intended: intended, bootTime: bootTime)
            }
        }
        try StoreError.wrapping("clear the lock of", "the configuration") { () throws(GitError) in
            try store.repository.clearDeadConfigurationLock(isDead: intent == .configuration, bootTime: bootTime)
        }
        if case .removal(let name) = intent {
            _ = try StoreError.wrapping("clear the lock of", name) { () throws(GitError) in
                try store.repository.clearDeadLock(of: name, intended: .zero, bootTime: bootTime)
            }
        } else if intent != .packedReferences {
            return
        }
        // Who removes a reference takes it out of the packed ones first.
        try StoreError.wrapping("clear the lock of", "the packed references") { () throws(GitError) in
            try Repository.clearDeadPackedReferencesLock(at: store.path)
        }
        // The next such lock is not a dead one's.
        announceDone()
    }

    /// The store as it is now, and stays while this writer holds the lock.
    public func snapshot() throws(StoreError) -> Snapshot { try store.snapshot() }

    /// Moves the head from one version to the next: the one door, for local edits, merges, undos and all else.
    ///
    /// Everything that `new` names must be durable before. Throws `.raceLost` if the head is not at `old`.
    public func advance(
        from old: Version?, to new: Version, because reason: String, by author: Signature
    ) throws(StoreError) {
        try carryOut(.head(new.id), from: old, because: reason, by: author)
        moves.add(from: old, to: new)
    }

    /// Moves the branch of analyses. Observers are told nothing: it is no version of the library.
    ///
    /// Everything that `new` names must be durable before. Throws `.raceLost` if the branch is not at `old`.
    func moveAnalyses(
        from old: Version?, to new: Version, because reason: String, by author: Signature
    ) throws(StoreError) {
        try carryOut(.analyses(new.id), from: old, because: reason, by: author)
    }

    private func carryOut(
        _ intent: Intent, from old: Version?, because reason: String, by author: Signature
    ) throws(StoreError) {
        guard let (branch, commit) = intent.move else { return }
        try store.makeScaffoldDurable()
        try announce(intent)
        // Whatever comes of it, this writer lives on, and the next must not take the note for a dead one's.
        defer { announceDone() }
        let words = "moved \(branch == Store.head ? "the head" : branch) to \(Version(commit).short)"
        try store.context.trace.measure(.store, words) { () throws(StoreError) in
            try StoreError.wrapping("move", branch) { () throws(GitError) in
                try store.repository.moveReference(branch, from: old?.id, to: commit, message: reason, by: author)
            }
        }
    }
}

/// The moves that one writer made, to be told when it has let go of the lock: an observer may want to write itself.
final class Moves {
    private(set) var all: [(from: Version?, to: Version)] = []

    func add(from old: Version?, to new: Version) { all.append((old, new)) }
}

extension Store {
    /// Runs a step while this process, and no other, may move the head; then, when the lock is let go, tells observers
    /// of its moves. The step must not ask for the lock again: it would wait for itself, and be told `.locked`.
    public func exclusively<R>(_ step: (borrowing Writer) throws -> R) throws -> R {
        let moves = Moves()
        let result = Result { try locked(moves, step) }
        // The moves are made, whatever becomes of the telling; who missed one finds out by comparing versions.
        for move in moves.all { try? tellObservers(from: move.from, to: move.to) }
        if !moves.all.isEmpty { for callback in observers.withLock({ $0.plainCallbacks }) { callback() } }
        return try result.get()
    }

    private func locked<R>(_ moves: Moves, _ step: (borrowing Writer) throws -> R) throws -> R {
        let writer = try Writer.entering(self, moves)
        return try step(writer)
    }

    private func tellObservers(from old: Version?, to new: Version) throws(StoreError) {
        let callbacks = observers.withLock { $0.callbacks }
        guard !callbacks.isEmpty else { return }
        let move = Move(from: old, to: new, changes: try changes(from: old, to: new))
        for callback in callbacks { callback(move) }
    }
}
