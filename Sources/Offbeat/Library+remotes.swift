import Catalog
public import Files
import Network
public import Store
import Sync

extension Library {
    /// The remotes that this store is synced with.
    public func remotes() throws(Failure) -> [Remote] {
        do { return try store.remotes() } catch { throw Failure(error) }
    }

    /// Writes down a remote, and makes it where there is none yet: only here, since a folder that is missing later is a
    /// disk that is not there.
    ///
    /// - Parameters:
    ///   - url: as git writes it; a relative path begins at `base`.
    ///   - endpoint: where git-lfs's server is, if git-lfs would not find it by itself.
    /// - Returns: the remote, and whether it was made.
    public func addRemote(
        _ name: String, at url: String, from base: FilePath, endpoint: String? = nil
    ) throws(Failure) -> (remote: Remote, isMade: Bool) {
        do {
            try refuseGuests("have remotes")
            guard Remote.isName(name) else {
                throw Failure(
                    .usage, "\"\(name)\" cannot be a remote's name",
                    hint: "use letters, digits and dashes, for example origin")
            }
            if let known = try store.remotes().first(where: { $0.name == name }) {
                throw Failure(
                    .wrongState, "there is a remote \(name) already, at \(known.url)",
                    hint: "`offbeat remote set-url \(name) URL` says where it is now")
            }
            let place = try Self.place(of: url, from: base)
            let isMade = try makeIfMissing(place, name)
            let remote = Remote(name: name, url: place.url)
            try store.put(remote, endpoint: endpoint)
            SyncMemory.forget(name, in: store.path)
            return (remote, isMade)
        } catch { throw Failure(error) }
    }

    /// Makes the remote of a store that is about to be made, before the store: then neither is left without the other. A
    /// new store goes only with an empty remote.
    ///
    /// - Parameter store: where the store will be made; if there is one already, that is for the making of it to refuse.
    public static func makeNewRemote(
        at url: String, from base: FilePath, forStoreAt store: FilePath, context: StoreContext
    ) throws(Failure) {
        do {
            let place = try place(of: url, from: base)
            if try StoreLocator.looksLikeStore(store) { return }
            guard let folder = place.folder else { return try requireEmpty(place, context) }
            switch try FolderRemote(at: folder).state() {
            case .fresh: return
            case .missing, .empty: try make(folder)
            case .store:
                throw Failure(
                    .notAllowed, "\(folder) is the remote of a store already",
                    hint: "`offbeat clone` makes a copy of that store")
            case .otherRepository, .somethingElse: throw unusable(folder)
            }
        } catch { throw Failure(error) }
    }

    private static func unusable(_ folder: FilePath) -> Failure {
        Failure(
            .notAllowed, "\(folder) is no bare git repository with a store in it, and not empty either",
            hint: "name a place that does not exist yet")
    }

    /// Says where a remote is now. It must be there.
    public func setRemote(_ name: String, at url: String, from base: FilePath) throws(Failure) -> Remote {
        do {
            try refuseGuests("have remotes")
            let known = try remote(named: name)
            let place = try Self.place(of: url, from: base)
            if let folder = place.folder {
                if try FolderRemote(at: folder).state() == .missing {
                    throw Failure(
                        .offline, "there is no remote at \(folder)",
                        hint: "mount its disk and try again; `offbeat remote add` makes a new one")
                }
                try refuseForeign(folder)
            } else {
                try lookAt(place, name)
            }
            let remote = Remote(name: known.name, url: place.url)
            try store.put(remote)
            return remote
        } catch { throw Failure(error) }
    }

    /// Forgets a remote; the remote itself stays as it is.
    public func removeRemote(_ name: String) throws(Failure) -> Remote {
        do {
            try refuseGuests("have remotes")
            let known = try remote(named: name)
            try store.forget(known)
            return known
        } catch { throw Failure(error) }
    }

    func remote(named name: String) throws -> Remote {
        let all = try store.remotes()
        if let found = all.first(where: { $0.name == name }) { return found }
        let names = all.map(\.name).joined(separator: ", ")
        throw Failure(
            .notFound, "there is no remote \(name)",
            hint: all.isEmpty ? "`offbeat remote add NAME URL` adds one" : "there is: \(names)")
    }

    /// A URL, and the folder behind it; nil where it is on another computer.
    struct Place {
        let url: String
        let folder: FilePath?
    }

    static func place(of url: String, from base: FilePath) throws -> Place {
        switch RemoteAddress(url, from: base) {
        case .folder(let path):
            // What stands in the configuration must lead there from anywhere.
            let isWhole = url.hasPrefix("file://") || FilePath(url).isAbsolute
            return Place(url: isWhole ? url : try path.absolute().string, folder: path)
        case .nowhere:
            throw Failure(.usage, "the URL is empty", hint: "name the remote's folder, or its ssh or https address")
        case .network:
            do {
                guard try NetworkAddress.read(url).password == nil else {
                    throw Failure(
                        .notAllowed, "the URL has a password in it, which would stand in the store's configuration",
                        hint:
                            "leave it out: `git credential` asks for it, and remembers it where you have set that up"
                    )
                }
            } catch let error as NetworkError {
                throw Failure(.usage, error.message, hint: error.hint)
            }
            return Place(url: url, folder: nil)
        }
    }

    // MARK: What is there

    private func makeIfMissing(_ place: Place, _ name: String) throws -> Bool {
        guard let folder = place.folder else {
            try lookAt(place, name)
            return false
        }
        guard [.missing, .empty].contains(try FolderRemote(at: folder).state()) else {
            try refuseForeign(folder)
            return false
        }
        try Self.make(folder)
        return true
    }

    private static func make(_ folder: FilePath) throws {
        if let program = try Site(folder).synchroniser() {
            throw Failure(
                .notAllowed,
                "\(folder) is inside a folder that \(program) syncs, which would damage a remote",
                hint: "use a folder that nothing else syncs: each laptop syncs with it by `offbeat sync`")
        }
        try FolderRemote(at: folder).make()
    }

    private func refuseForeign(_ folder: FilePath) throws {
        let own = try info().id
        switch try FolderRemote(at: folder).state() {
        case .missing, .empty, .fresh, .store(own): return
        case .store:
            throw Failure(
                .notAllowed, "\(folder) is the remote of another store",
                hint: "name another place; `offbeat clone` makes a copy of that store")
        case .otherRepository, .somethingElse: throw Self.unusable(folder)
        }
    }

    /// Asks a remote on another computer what it is: it must be there, and hold this store or nothing.
    private func lookAt(_ place: Place, _ name: String) throws {
        let remote = try Self.networkRemote(at: place.url, called: name, context, store: path, .none)
        let versions = RemoteLink(to: remote) { false }.versions
        let heads = try versions.heads()
        if heads.main != nil { _ = try versions.fetch(heads, into: store) }
    }

    /// The same for the remote of a store that is to be made.
    private static func requireEmpty(_ place: Place, _ context: StoreContext) throws {
        let remote = try networkRemote(at: place.url, called: "origin", context, store: nil, .none)
        guard try RemoteLink(to: remote, isStopped: { false }).versions.heads().main == nil else {
            throw Failure(
                .notAllowed, "something was pushed to \(place.url) already",
                hint:
                    "`offbeat clone` makes a copy of the store that is there; a new store goes with an empty remote"
            )
        }
    }
}
