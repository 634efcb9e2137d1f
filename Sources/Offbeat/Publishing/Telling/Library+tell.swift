import Catalog
import Files
import Processes
import Store
import Synchronization

/// When people are told of posts that come to stand otherwise: after each move of the head, wherever it came from.
final class Telling: Sendable {
    private let state = Mutex((holders: 0, observation: Observation?.none))
    /// How long the program may take for one post.
    let timeLimit = Mutex(Duration.seconds(30))

    /// Whether it is to wait.
    var isHeld: Bool { state.withLock { $0.holders > 0 } }

    /// Runs a step that holds what others wait for; who calls this tells afterwards.
    func later<R>(_ step: () throws -> R) rethrows -> R {
        state.withLock { $0.holders += 1 }
        defer { state.withLock { $0.holders -= 1 } }
        return try step()
    }

    func keep(_ observation: Observation) { state.withLock { $0.observation = observation } }
}

extension Library {
    /// Sees to it that people are told after each move of the head.
    func tellOfMoves() {
        telling.keep(
            store.observeMoves { [weak self] in
                if let self, !self.telling.isHeld { self.tellTransitions() }
            })
    }

    /// Tells the configured program of each post that stands otherwise than when it was told last.
    ///
    /// It never fails: what was done is done. Where another process is telling already, that one tells this too.
    func tellTransitions(isStopped: () -> Bool = { false }) {
        guard let command = try? settings.get(.notifier), !command.isEmpty else { return }
        do {
            let words = try CommandTemplate(parsing: command).words
            // Who finds the lock taken leaves it to its holder, who looks again after letting go of it.
            while try tellAll(words, isStopped),
                try !isStopped() && ToldVersion.read(in: path)?.version != version()
            {}
        } catch {
            context.announce("nobody was told of what became of posts: \(Failure(error))")
        }
    }

    /// Tells what there is to tell, unless somebody else does; false then.
    private func tellAll(_ words: [[UInt8]], _ isStopped: () -> Bool) throws -> Bool {
        try ToldVersion.makeFolder(in: path)
        guard let lock = try FileLock.acquire(ToldVersion.lock(in: path), timeout: 0) else { return false }
        defer { withExtendedLifetime(lock) {} }
        let head = try version()
        // Nothing is known of what was told: so nothing old is.
        var told = try ToldVersion.read(in: path) ?? ToldVersion(version: head)
        while told.version != head || told.next != nil {
            var next = told.next ?? ToldVersion.Progress(version: head)
            do {
                for transition in try transitions(from: told.version, to: next.version) {
                    if isStopped() { return true }
                    guard !next.told.contains(transition.folder.path) else { continue }
                    run(words, with: transition.document(at: next.version, of: path.string))
                    next.told.insert(transition.folder.path)
                    told.next = next
                    try told.write(in: path)
                }
            } catch let error as StoreError {
                // A version that is gone, or that cannot be read: it will not be better the next time.
                context.announce("some of what became of posts cannot be told: \(error.message)")
                next = ToldVersion.Progress(version: head)
            }
            told = ToldVersion(version: next.version)
            try told.write(in: path)
        }
        try told.write(in: path)
        return true
    }

    /// Runs the program once.
    private func run(_ words: [[UInt8]], with document: JSON) {
        var program = Program(words: words)
        program.input = document.canonical()
        program.output = .discarded
        program.timeLimit = telling.timeLimit.withLock { $0 }
        do throws(ProcessError) {
            let outcome = try program.run()
            guard !outcome.isSuccess else { return }
            let complaint = outcome.lastComplaint.map { ": \($0)" } ?? ""
            context.announce("the program that is told of posts \(outcome.ending)\(complaint)")
        } catch { context.announce("the program that is told of posts: \(error)") }
    }
}

extension StoreSettings {
    /// Looks at the command that is to be told of posts, and begins with what comes from now on.
    func prepareTelling(with command: String) throws(Failure) {
        do {
            if command.isEmpty { return try ToldVersion.forget(in: store.path) }
            _ = try CommandTemplate(parsing: command)
            if try ToldVersion.read(in: store.path) == nil {
                try ToldVersion(version: store.version()).write(in: store.path)
            }
        } catch { throw Failure(error) }
    }
}
