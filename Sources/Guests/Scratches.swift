import Files
public import Store

/// The scratch stores over a store.
public struct Scratches: Sendable {
    let store: Store

    /// Those over a store of its own.
    public init(over store: Store) { self.store = store }

    var folder: FilePath { ScratchFolder.path(in: store.path) }

    /// Whether there is the folder yet. A link in its place is never followed: what it leads to is none of this store's.
    func hasFolder() throws -> Bool {
        guard let status = try FileSystem.statusIfExists(of: folder, followingLinks: false) else { return false }
        guard status.kind == .directory else {
            throw GuestError(
                .damaged, "\(folder) is \(status.kind.words), not the folder of guests' stores",
                hint: "move it away; guests whose stores it led to have to be started anew")
        }
        return true
    }

    /// What lies in the folder: a scratch store, or what is left of one.
    struct Place {
        let id: GuestID
        let path: FilePath
        /// Nil where it cannot be read.
        let pass: GuestPass?
    }

    func places() throws -> [Place] {
        guard try hasFolder() else { return [] }
        return try FileSystem.list(folder).compactMap { entry in
            guard entry.kind == .directory, let id = GuestID(entry.name.string) else { return nil }
            let path = folder.appending(entry.name)
            let pass = GuestPass.read(in: path)
            return Place(id: id, path: path, pass: pass?.id == id ? pass : nil)
        }
    }

    /// All of them, the oldest first.
    public func all() throws -> [Scratch] {
        try places().compactMap { place in place.pass.map { Scratch(path: place.path, pass: $0) } }
            .sorted { ($0.pass.started, $0.id) < ($1.pass.started, $1.id) }
    }

    /// Whether a program is at work in one.
    public func isInUse(_ scratch: Scratch) throws -> Bool {
        try ScratchUse.take(scratch.path, shared: false, patience: 0) == nil && FileSystem.exists(scratch.path)
    }

    /// The one of an id, or of the first digits of one.
    public func find(_ id: String) throws -> Scratch {
        let place = try place(id)
        if let pass = place.pass { return Scratch(path: place.path, pass: pass) }
        throw GuestError(
            .damaged, "the store of guest \(place.id) cannot be read",
            hint: "`offbeat guest end \(place.id)` takes it away")
    }

    func place(_ id: String) throws -> Place {
        let missing = GuestError(
            .notFound, "there is no guest \(id)", hint: "`offbeat guest ls` lists those that there are")
        // Anything else is never made a path of.
        guard GuestID.isPrefix(id) else { throw missing }
        let found = try places().filter { $0.id.hex.hasPrefix(id) }
        guard let first = found.first else { throw missing }
        guard found.count == 1 else {
            let list = found.map(\.id.hex).sorted().joined(separator: ", ")
            throw GuestError(.ambiguous, "\(id) can be several guests: \(list)", hint: "give more digits")
        }
        return first
    }
}

extension Scratches {
    /// How much a guest has made.
    public func usage(of scratch: Scratch) throws -> ScratchUsage? {
        try scratch.store(store.context, within: nil).scratchUsage()
    }
}
