import Cache
public import Catalog
public import Files
import Guests
public import Store

/// A store, opened for a program that acts for people.
public final class Library: Sendable {
    let store: Store
    /// What lists are made of, kept.
    let index: Index
    /// Analyses that were asked for last.
    let analyses = AnalysisMemory()
    /// Where analyses are computed that somebody waits for.
    let desk = AnalysisDesk()
    /// The guest who is at work, where this is a scratch store.
    let stay: GuestStay?
    /// Who is told of posts that come to stand otherwise.
    let telling = Telling()

    /// Where the store lies.
    public var path: FilePath { store.path }
    /// What the store takes from the world around it.
    public var context: StoreContext { store.context }

    /// Where it is remembered what added files held: derived, and anyone may delete it.
    public var knownFiles: FilePath { Recollection.place(in: path) }

    /// The version that the store is at now.
    public func version() throws(Failure) -> Version {
        do { return try store.version() } catch { throw Failure(error) }
    }

    /// What the store says of itself.
    public func info() throws(Failure) -> StoreRecord {
        do { return try store.snapshot().info() } catch { throw Failure(error) }
    }

    /// Raises the store to the newest format and merge rules that this program writes.
    public func upgrade() throws(Failure) -> UpgradeOutcome {
        try refuseGuests("upgrade a library")
        do { return try store.upgrade() } catch { throw Failure(error) }
    }

    /// Opens the library at a directory; a guest's, which is in use from now on, where a scratch store lies there.
    public convenience init(at path: FilePath, context: StoreContext) throws(Failure) {
        do {
            guard let scratch = try Scratch.at(path) else {
                self.init(store: try Store(at: path, context: context))
                return
            }
            let (store, use) = try scratch.open(context)
            self.init(store: store, stay: GuestStay(pass: scratch.pass, use: use))
        } catch { throw Failure(error) }
    }

    init(store: Store, stay: GuestStay? = nil) {
        self.store = store
        self.stay = stay
        index = Self.index(of: store)
        if stay == nil { tellOfMoves() }
    }

    private static func index(of store: Store) -> Index {
        Index(
            of: store, memory: { StoreSettings(store: store).cacheMemory },
            analyzer: { ownAnalyzer(in: StoreSettings(store: store)) })
    }

    /// Asks the index; nil where it cannot or shall not be used, so that it must be done without.
    func indexed<Value>(_ ask: (Index) throws -> Value) throws -> Value? {
        guard settings.isCacheEnabled else { return nil }
        do { return try ask(index) } catch is CacheError { return nil }
    }

    /// Makes a library. With a handle, its person is made too and becomes the one that commands act for.
    public static func create(
        at path: FilePath, seed: StoreSeed, context: StoreContext, insisting: Bool = false
    ) throws(Failure) -> Library {
        do {
            if !insisting { try Site(path).refuseUnsuitable() }
            var seed = seed
            if let handle = seed.handle { seed.settings[StoreSettings.Key.user.rawValue] = handle.text }
            return Library(store: try Store.create(at: path, seed: seed, context: context).store)
        } catch { throw Failure(error) }
    }

    /// This store's own settings.
    public var settings: StoreSettings { StoreSettings(store: store) }

    /// Starts a session as the person of a handle; without one, as the configured person, else the only one there is.
    public func session(as handle: String? = nil) throws(Failure) -> Session {
        do {
            if let guest { return try guestSession(guest, as: handle) }
            let snapshot = try store.snapshot()
            let info = try snapshot.info()
            let people = try snapshot.people()
            // A configured person who is still to be added must be able to add themselves.
            let wanted = try handle ?? (people.isEmpty ? nil : settings.get(.user))
            guard let wanted else {
                return Session(
                    library: self, person: people.count == 1 ? people[0] : nil, sharing: info.sharing,
                    isOneOfMany: people.count > 1)
            }
            return Session(
                library: self, person: try people.one(named: wanted), sharing: info.sharing, isOneOfMany: false)
        } catch { throw Failure(error) }
    }
}
