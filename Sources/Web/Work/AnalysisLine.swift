import Catalog
import Files
import Guests
import Offbeat
import Store
import Synchronization

/// Analyses audio that came in, one portion after the other, and tells how that goes.
///
/// Nothing is lost by a stop in the middle: up to which version all was seen to is noted once nothing is left to do, and what came
/// since is looked at again at the next start.
final class AnalysisLine: Sendable {
    private struct Job: Sendable {
        let library: Library
        let track: TrackID
        /// Another program that added it analyses it too, most likely; it has so much time to begin.
        let earliest: UInt64
        /// How often it was looked at in vain.
        var attempts = 0
    }

    private struct State {
        var jobs: [Job] = []
        var isStopped = false
        var isAtWork = false
        /// Whether more came at once than was told one by one.
        var isAllWanted = false
        /// Up to where all is seen to, once nothing is left.
        var version: Version?
    }

    private let library: Library
    private let tell: @Sendable (Happening, Library) -> Void
    private let log: @Sendable (String) -> Void
    private let bell = Bell()
    private let state = Mutex(State())

    private static let portion = 8
    /// What is not here may be on its way; it is looked for so often, each time after twice as many seconds.
    private static let attempts = 6

    init(
        of library: Library, log: @escaping @Sendable (String) -> Void,
        tell: @escaping @Sendable (Happening, Library) -> Void
    ) {
        (self.library, self.log, self.tell) = (library, log, tell)
    }

    /// Whether there is nothing to do.
    var isIdle: Bool { state.withLock { $0.jobs.isEmpty && !$0.isAtWork && !$0.isAllWanted } }

    // MARK: What is to be done

    /// Has what a step brought analysed.
    func add(_ step: LibraryStep, in library: Library, after seconds: Double = 0) {
        if let tracks = step.tracks {
            add(tracks, in: library, after: seconds)
        } else {
            state.withLock { if library.guest == nil { $0.isAllWanted = true } }
        }
        state.withLock { if library.guest == nil { $0.version = step.to.version } }
        bell.ring()
    }

    /// Has tracks analysed, as far as they are not.
    func add(_ tracks: [TrackID], in library: Library, after seconds: Double = 0) {
        let earliest = SystemClock.monotonicNanoseconds() + UInt64(max(0, seconds) * 1e9)
        state.withLock { state in
            guard !state.isStopped else { return }
            state.jobs += tracks.map { Job(library: library, track: $0, earliest: earliest) }
        }
        bell.ring()
    }

    /// Forgets what was to be done for a guest.
    func forget(_ guest: GuestID) { state.withLock { $0.jobs.removeAll { $0.library.guest?.id == guest } } }

    /// Has the thread end with what it is at.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.jobs = []
        }
        bell.ring()
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    // MARK: The thread

    func run() {
        if let left = library.arrivalsLeft() { add(left, in: library) }
        while !isStopped {
            let (portion, isAllWanted, pause) = take()
            if portion.isEmpty, !isAllWanted {
                bell.wait(seconds: pause)
                continue
            }
            if isAllWanted { analyseAll() }
            for group in Self.groups(portion) { analyse(group.tracks, in: group.library) }
            for job in portion where isOnItsWay(job) { again(job) }
            state.withLock { $0.isAtWork = false }
            noteIfDone()
        }
    }

    private func noteIfDone() {
        let version = state.withLock { state in
            state.jobs.isEmpty && !state.isAllWanted && !state.isStopped ? state.version.take() : nil
        }
        if let version { library.noteArrivals(seenTo: version) }
    }

    /// What may be begun now, and else for how long to wait.
    private func take() -> (jobs: [Job], isAllWanted: Bool, pause: Double) {
        state.withLock { state in
            let now = SystemClock.monotonicNanoseconds()
            var portion: [Job] = []
            for job in state.jobs where job.earliest <= now && portion.count < Self.portion { portion.append(job) }
            let taken = Set(portion.map(\.track))
            state.jobs.removeAll { $0.earliest <= now && taken.contains($0.track) }
            defer { state.isAllWanted = false }
            state.isAtWork = !portion.isEmpty || state.isAllWanted
            let next = state.jobs.map(\.earliest).min()
            let pause = next.map { $0 > now ? Double($0 - now) / 1e9 : 0 } ?? 3600
            return (portion, state.isAllWanted, pause)
        }
    }

    private func isOnItsWay(_ job: Job) -> Bool {
        guard job.attempts < Self.attempts, let session = try? job.library.keeper(of: job.track) else {
            return false
        }
        return (try? session.awaitsAudio(of: job.track)) == true
    }

    private func again(_ job: Job) {
        let pause = UInt64(1 << (job.attempts + 1)) * 1_000_000_000
        state.withLock { state in
            if state.isStopped { return }
            state.jobs.append(
                Job(
                    library: job.library, track: job.track, earliest: SystemClock.monotonicNanoseconds() + pause,
                    attempts: job.attempts + 1))
        }
    }

    private static func groups(_ jobs: [Job]) -> [(library: Library, tracks: [TrackID])] {
        var groups: [(library: Library, tracks: [TrackID])] = []
        for job in jobs {
            if let place = groups.firstIndex(where: { $0.library === job.library }) {
                if !groups[place].tracks.contains(job.track) { groups[place].tracks.append(job.track) }
            } else {
                groups.append((job.library, [job.track]))
            }
        }
        return groups
    }

    private func analyse(_ tracks: [TrackID], in library: Library) {
        // Each in its owner's name, who sees it for certain.
        var portions: [(session: Session, targets: [AnalysisTarget])] = []
        for track in tracks {
            guard let session = try? library.keeper(of: track),
                let targets = try? session.lackingAnalyses(of: track)
            else { continue }
            if let place = portions.firstIndex(where: { $0.session.person?.id == session.person?.id }) {
                portions[place].targets += targets
            } else {
                portions.append((session, targets))
            }
        }
        for (session, targets) in portions where !targets.isEmpty && !isStopped { analyse(targets, by: session) }
    }

    private func analyse(_ targets: [AnalysisTarget], by session: Session) {
        func tell(_ target: AnalysisTarget, _ state: Happening.AnalysisState) {
            self.tell(.analysis(target.track, stem: target.stem, state), session.library)
        }
        for target in targets { tell(target, .computing) }
        let names = Set(targets.map(\.track)).map(\.hex)
        let progress = Progress(stop: { [self] in isStopped })
        var done: AnalyzeOutcome?
        do throws(Failure) { done = try session.analyze(AnalyzeRequest(names), progress: progress) } catch {
            if error.code != .interrupted { log("audio that came in was not analysed: \(error.message)") }
        }
        for target in targets {
            let isThere = done?.analyzed.contains { $0.id == target.track && $0.stem == target.stem } ?? false
            tell(target, isThere ? .cached : .failed)
        }
    }

    private func analyseAll() {
        guard let session = try? library.session() else { return }
        _ = try? session.analyze(AnalyzeRequest(), progress: Progress(stop: { [self] in isStopped }))
    }
}
