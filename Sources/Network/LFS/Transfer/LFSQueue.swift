import Blobs
import HTTP

/// Which files of a transfer are to be asked about, which are to travel, and what became of the others.
struct LFSQueue {
    enum Step: Sendable {
        /// The server is asked about these.
        case ask([LFSItem])
        /// This one travels.
        case travel(LFSItem)
        /// There is nothing to do now.
        case wait
        /// All files have come to their ends.
        case over
    }

    /// The files that nobody has asked about yet, from `position` on.
    private let files: [Pointer]
    private var position = 0
    /// Those that are to be asked about again.
    private var again: [LFSItem] = []
    /// Those that may travel, the next one last.
    private var ready: [LFSItem] = []
    /// Those that may travel from then on.
    private var waiting: [(from: LFSMoment, item: LFSItem)] = []
    private var asking = 0
    /// How many answers there were.
    private var answers = 0
    private var travelling = 0
    private var batchLimit = LFSBatch.limit
    /// How often in a row the server could not be asked, and from when on it may be.
    private var askTries = 0
    private var askFrom: LFSMoment?
    /// Until when servers want to be left alone.
    private var pauses: [String: LFSMoment] = [:]

    private var missing: Set<Pointer> = []
    private var damaged: Set<Pointer> = []
    private var failures: (count: Int, first: NetworkError?) = (0, nil)
    /// Why everything is to end.
    var ending: NetworkError?

    init(_ files: [Pointer]) { self.files = files }

    // MARK: What to do next

    /// What is to be done next; nil where there is nothing now.
    mutating func next() -> Step? {
        if ending != nil { return .over }
        let now = LFSMoment.now
        release(now)
        if let items = takeToAsk(now) { return .ask(items) }
        while let item = ready.popLast() {
            if let end = pause(of: item), end > now {
                waiting.append((end, item))
            } else if item.object?.isExpired == true {
                again.append(item)
            } else {
                travelling += 1
                return .travel(item)
            }
        }
        if let items = takeToAsk(now) { return .ask(items) }
        let isIdle = asking == 0 && travelling == 0
        return isIdle && waiting.isEmpty && again.isEmpty && position == files.count ? .over : nil
    }

    /// Lets those go whose time has come.
    private mutating func release(_ now: LFSMoment) {
        guard waiting.contains(where: { $0.from <= now }) else { return }
        let due = waiting.filter { $0.from <= now }
        waiting.removeAll { $0.from <= now }
        ready += due.map(\.item)
    }

    /// Who is to be asked about now: the next batch while a whole one still travels, so that the line never idles.
    private mutating func takeToAsk(_ now: LFSMoment) -> [LFSItem]? {
        let left = files.count - position + again.count
        guard left > 0, asking < askLimit, ready.count + waiting.count < LFSBatch.limit else {
            return nil
        }
        // A few that are asked about again wait for each other.
        if let askFrom, askFrom > now { return nil }
        let items = Array(again.prefix(batchLimit))
        again.removeFirst(items.count)
        let end = min(files.count, position + batchLimit - items.count)
        let new = files[position..<end].map(LFSItem.init)
        position = end
        asking += 1
        return items + new
    }

    /// How many batches may be under way: more than one where files travel faster than a server says what is to be done with
    /// them, or none travel.
    private var askLimit: Int { ready.isEmpty ? min(answers + 1, 4) : 1 }

    private func pause(of item: LFSItem) -> LFSMoment? { item.place.flatMap { pauses[$0] } }

    /// Until when a server wants to be left alone; nil where none does.
    var pauseEnd: LFSMoment? { [askFrom, pauses.values.max()].compactMap(\.self).max() }

    // MARK: Asked

    /// The server answered.
    mutating func isAnswered() {
        asking -= 1
        answers += 1
        askTries = 0
        askFrom = nil
    }

    /// A file may travel.
    mutating func add(_ item: LFSItem, _ object: LFSObject) {
        var item = item
        item.object = object
        ready.insert(item, at: 0)
    }

    /// There were too many at once: from now on there are half as many.
    mutating func halve(_ items: [LFSItem]) {
        asking -= 1
        batchLimit = max(1, min(batchLimit, items.count / 2))
        again = items + again
    }

    /// There was no answer, or one that says nothing of the files.
    mutating func couldNotAsk(
        _ items: [LFSItem], _ failure: LFSFailure, _ patience: LFSPatience
    ) {
        asking -= 1
        askTries += 1
        guard case .passing(let wish) = failure.kind, askTries < patience.tries else {
            ending = ending ?? failure.error
            return
        }
        if let wish, wish > patience.longestWished {
            ending = ending ?? failure.error.wanting(wish)
            return
        }
        askFrom = .now + max(patience.pause(after: askTries), wish ?? .zero)
        again = items + again
    }

    // MARK: Travelled

    /// A file is where it should be.
    mutating func isDone(_ item: LFSItem) { travelling -= 1 }

    /// A file that was to travel did not get there.
    mutating func failed(
        _ item: LFSItem, _ failure: LFSFailure, _ patience: LFSPatience, since latest: LFSMoment
    ) {
        travelling -= 1
        var item = item
        switch failure.kind {
        case .passing(let wish): wait(&item, failure, wish, patience, since: latest)
        case .another: ready.append(item)
        case .notAllowed where !item.isAskedAgain, .unknown where !item.isAskedAgain:
            item.isAskedAgain = true
            again.append(item)
            if case .unknown = failure.kind { askAgain(at: item.place) }
        case .busy:
            (item.sink, item.wasBusy) = (nil, true)
            waiting.append((.now + .seconds(1), item))
        case .all, .unknown: ending = ending ?? failure.error
        case .notAllowed, .tooLarge, .final, .missing, .damaged: giveUp(item, failure)
        }
    }

    /// What a server no longer believes of one file, it will not believe of the others that it was asked about by then.
    private mutating func askAgain(at place: String?) {
        again += ready.filter { $0.place == place }
        ready.removeAll { $0.place == place }
    }

    private mutating func wait(
        _ item: inout LFSItem, _ failure: LFSFailure, _ wish: Duration?, _ patience: LFSPatience,
        since latest: LFSMoment
    ) {
        item.tries += 1
        let now = LFSMoment.now
        let failing = item.failing ?? now
        item.failing = failing
        if let wish, wish > patience.longestWished {
            // All others would be told the same, and each question counts.
            ending = ending ?? failure.error.wanting(wish)
            return
        }
        guard item.tries < patience.tries else {
            // Where nothing else got anywhere meanwhile, the others would only wait as long.
            if latest <= failing { ending = ending ?? failure.error }
            return giveUp(item, failure)
        }
        if let wish, let place = item.place { pauses[place] = max(pauses[place] ?? now, now + wish) }
        waiting.append((now + max(patience.pause(after: item.tries), wish ?? .zero), item))
    }

    /// A file is given up.
    mutating func giveUp(_ item: LFSItem, _ failure: LFSFailure) {
        switch failure.kind {
        case .missing: missing.insert(item.file)
        case .damaged: damaged.insert(item.file)
        default:
            failures.count += 1
            failures.first = failures.first ?? failure.error
        }
    }

    // MARK: At the end

    /// Which files are missing and damaged; or why others did not get there.
    var outcome: Result<(missing: Set<Pointer>, damaged: Set<Pointer>), NetworkError> {
        if let ending { return .failure(ending) }
        guard let first = failures.first else { return .success((missing, damaged)) }
        guard failures.count > 1 else { return .failure(first) }
        return .failure(
            NetworkError(
                first.code, "\(failures.count) of \(files.count) files did not get there: \(first.message)",
                hint: first.hint))
    }
}

extension LFSItem {
    /// Which server it travels to or from.
    var place: String? { object?.travel?.url.origin }
}

extension LFSObject {
    /// The action by which the file travels.
    var travel: LFSAction? { actions["download"] ?? actions["upload"] }
}

extension NetworkError {
    /// Says the same of a server that wants to be left alone for so long.
    func wanting(_ wish: Duration) -> NetworkError {
        NetworkError(code, message, hint: "it wants to be left alone for \(wish.inWords); try again then")
    }
}
