public import Catalog
public import Guests
public import Store

/// A guest, as a person of the library sees it.
public struct GuestSummary: Sendable {
    /// Its store, and what that says of it.
    public let scratch: Scratch
    /// The handle of the person for whom it works; nil for nobody.
    public let person: String?
    /// Whether a program is at work as this guest.
    public let isInUse: Bool
    /// How much it has made; nil where that cannot be told.
    public let usage: ScratchUsage?
}

extension Session {
    /// Makes a scratch store over the present version, for a guest who sees what this person sees.
    ///
    /// It is held in use as long as the second value lives.
    public func startGuest(
        _ limits: GuestLimits = GuestLimits(), forOneRun isForOneRun: Bool = false
    ) throws(Failure) -> (guest: Scratch, use: ScratchUse) {
        try library.startGuest(for: person, limits, forOneRun: isForOneRun)
    }
}

extension Library {
    /// Makes a scratch store over the present version, for a guest who sees what a person sees; what a visitor without a name
    /// sees where there is none.
    ///
    /// It is held in use as long as the second value lives.
    public func startGuest(
        for person: Person?, _ limits: GuestLimits = GuestLimits(), forOneRun isForOneRun: Bool = false
    ) throws(Failure) -> (guest: Scratch, use: ScratchUse) {
        do {
            try refuseGuests("start another guest")
            var request = GuestRequest(for: person)
            if let timeToLive = limits.timeToLive { request.timeToLive = timeToLive }
            if let bytes = limits.bytes { request.quota.bytes = bytes }
            if let records = limits.records { request.quota.records = records }
            request.isForOneRun = isForOneRun
            request.settings = try settings.all().filter { $0.key.holdsForGuests }.map {
                ($0.key.rawValue, $0.value)
            }
            let made = try Scratches(over: store).start(request)
            return (made.scratch, made.use)
        } catch { throw Failure(error) }
    }
}

extension Session {
    /// The guests of this library, the oldest first.
    public func guests() throws(Failure) -> [GuestSummary] {
        do {
            try library.refuseGuests("see other guests")
            let scratches = Scratches(over: store)
            let people = PeopleLookup(in: try store.snapshot())
            return try scratches.all().map { scratch in
                GuestSummary(
                    scratch: scratch, person: scratch.pass.person.map { people[$0]?.handle?.text ?? $0.hex },
                    isInUse: try scratches.isInUse(scratch), usage: try? scratches.usage(of: scratch))
            }
        } catch { throw Failure(error) }
    }

    /// Takes a guest's store away with all that is in it; gives the whole id.
    public func endGuest(_ id: String) throws(Failure) -> GuestID {
        try library.endGuest(id)
    }
}

extension Library {
    /// Takes a guest's store away with all that is in it; gives the whole id.
    public func endGuest(_ id: String) throws(Failure) -> GuestID {
        do {
            try refuseGuests("end guests")
            return try Scratches(over: store).end(id)
        } catch { throw Failure(error) }
    }
}

/// How long and how much a guest may; nil for the usual.
public struct GuestLimits: Sendable {
    /// For how many milliseconds it may be used.
    public var timeToLive: Int64?
    /// How many bytes it may make.
    public var bytes: Int64?
    /// How many records it may make or change.
    public var records: Int?

    /// The usual.
    public init() {}
}

extension Library {
    /// Takes away the stores of guests that nobody needs any more; what cannot be taken away now is left to the next who
    /// comes by. Nothing that a guest asks for takes away another's.
    ///
    /// - Parameter spared: the first digits of one that stays.
    public func sweepGuests(sparing spared: String? = nil) {
        guard guest == nil else { return }
        do { try Scratches(over: store).sweep(sparing: spared) } catch {
            context.announce("guests' stores that are over were not taken away: \(error)")
        }
    }
}

extension StoreSettings.Key {
    /// Whether it holds in guests' stores as it is set in the library: what concerns others, or a person, does not.
    var holdsForGuests: Bool {
        switch self {
        case .cacheEnabled, .cacheMemory, .cacheTTL, .cacheMaxSize, .cacheVersion, .cacheCompression, .separator,
            .decoder:
            true
        case .user, .content, .keepHistory, .keepQuarantine, .notifier: false
        }
    }
}
