public import Files

/// How far a transfer is.
public struct WireProgress: Sendable, Hashable {
    /// How many bytes of the pack have come.
    public var bytes = 0
    /// How many objects have come, and how many the pack has.
    public var objects = 0
    /// How many objects there are to be; 0 as long as that is not known.
    public var total = 0
    /// What the server says of what it does, in one line; nil where it says nothing new.
    public var words: String?
}

/// Gets objects from a git server: says what is wanted and what is here, and takes in the pack that comes.
///
/// For one fetch over one channel, after its advertisement. Nothing but the pack and its index is written, and nothing but the
/// pack itself is checked: each object has the id that it is found by, and what is wanted is there or was here. Whether it is
/// whole, and fit to be believed, is to be found out before a reference is moved to it.
public final class FetchSession {
    private let channel: any WireChannel
    private let advertisement: Advertisement
    private let reader: PktReader
    private let agent: String
    private let limits: FetchLimits
    private let isStopped: () -> Bool
    private let progress: (WireProgress) -> Void

    /// Prepares to fetch.
    ///
    /// - Parameters:
    ///   - agent: what this program calls itself, without spaces.
    ///   - isStopped: is asked between two pieces.
    ///   - progress: is told of each piece, on the same thread.
    public init(
        over channel: any WireChannel, after advertisement: Advertisement, agent: String = "offbeat",
        limits: FetchLimits = FetchLimits(), isStopped: @escaping () -> Bool = { false },
        progress: @escaping (WireProgress) -> Void = { _ in }
    ) {
        self.channel = channel
        self.advertisement = advertisement
        self.agent = agent
        self.limits = limits
        self.isStopped = isStopped
        self.progress = progress
        reader = PktReader(channel)
    }

    /// Gets what some objects consist of, commits with all that leads to them, as far as it is not here.
    ///
    /// - Parameters:
    ///   - wants: what is wanted. What one of `tips` leads to is here, as well as a file that is; it is not asked for.
    ///   - repository: where things are that are here; nil where nothing is.
    ///   - tips: commits that are here with all that leads to them.
    ///   - folder: where the pack and its index are put. It is made where it is missing.
    /// - Returns: nil where all is here already; then nothing was asked of the server.
    /// - Throws: `WireError`, `GitError` for the files, what the channel throws. The folder is as it was then.
    public func fetch(
        _ wants: [ObjectID], lackedBy repository: Repository? = nil, knowing tips: [ObjectID] = [],
        into folder: FilePath
    ) throws -> FetchedPack? {
        var seen: Set<ObjectID> = []
        let missing = wants.filter { seen.insert($0).inserted && !Self.isHere($0, in: repository, tips) }
        guard !missing.isEmpty else { return nil }
        guard advertisement.shallow.isEmpty else {
            throw WireError(
                .unsupported, "the repository at the git server is shallow: it lacks the beginning of its history")
        }
        let arrival = try PackArrival(in: folder, limits: limits, lender: repository)
        let walk = repository.map {
            let advertised = Set(advertisement.references.map(\.id) + advertisement.lent)
            return HaveWalk(in: $0, from: tips, advertised: advertised)
        }
        var negotiation = Negotiation(
            for: missing, over: channel, reader, advertisement, agent: agent, isStopped: isStopped)
        try negotiation.run(walk)
        try receive(into: arrival)
        return try arrival.finish(isStopped: isStopped) { came in
            let came = missing.count > 0 ? Set(came) : []
            return missing.first { !came.contains($0) && repository?.contains($0) != true }
        }
    }

    /// A commit that lies here may lack what it is made of, where a transfer was cut off; a file cannot.
    private static func isHere(_ id: ObjectID, in repository: Repository?, _ tips: [ObjectID]) -> Bool {
        guard let repository, repository.contains(id), let header = try? repository.header(id) else { return false }
        switch header.kind {
        case .blob: return true
        case .commit:
            return tips.contains { repository.contains($0) && (try? repository.isAncestor(id, of: $0)) == true }
        case .tree, .tag: return tips.contains(id)
        }
    }

    // MARK: The pack

    private func receive(into arrival: PackArrival) throws {
        do {
            if advertisement.can("side-band-64k") {
                try SideBand(reader).forEach { band in
                    switch band {
                    case .data(let bytes): try bytes.withUnsafeBytes { try take($0, into: arrival) }
                    case .words(let words): tell(arrival, words)
                    }
                    if isStopped() { throw WireError.stopped }
                }
            } else {
                while !arrival.isComplete, try reader.withRest({ try take($0, into: arrival) }) {
                    if isStopped() { throw WireError.stopped }
                }
            }
        } catch let error as WireError where error.code == .cutOff && arrival.isComplete {
            // All that was wanted has come.
        }
        guard arrival.isComplete else { throw WireError.cutOff("in the middle of the pack") }
    }

    private func take(_ bytes: UnsafeRawBufferPointer, into arrival: PackArrival) throws {
        try arrival.receive(bytes)
        tell(arrival, nil)
    }

    private func tell(_ arrival: PackArrival, _ words: String?) {
        progress(
            WireProgress(
                bytes: arrival.size, objects: arrival.objects.ids.count, total: arrival.announced, words: words))
    }
}
