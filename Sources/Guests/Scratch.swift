import Catalog
public import Files
import Git
public import Store

/// A guest's store: a directory `scratch/<id>` in the store that it lies over.
public struct Scratch: Sendable {
    /// The directory.
    public let path: FilePath
    /// What it says of its guest.
    public let pass: GuestPass

    /// The guest.
    public var id: GuestID { pass.id }

    /// The scratch store at a directory; nil where there is a store of another kind, or nothing.
    ///
    /// - Throws: `.damaged` where it lies among scratch stores, or says that it is one, and cannot be.
    public static func at(_ path: FilePath) throws -> Scratch? {
        if let pass = GuestPass.read(in: path) {
            try requirePlace(path, of: pass)
            return Scratch(path: path, pass: pass)
        }
        let isMarked =
            try FileSystem.statusIfExists(of: path.appending(GuestPass.file), followingLinks: false) != nil
        guard isMarked || liesAmongScratches(path) else { return nil }
        throw GuestError(
            .damaged, "\(path) is a guest's store, and does not say whose",
            hint: "end the guest from the store that it lies over, and start another")
    }

    /// Wherever the store below is moved, a guest's lies in its folder `scratch`, under the guest's own id.
    private static func requirePlace(_ path: FilePath, of pass: GuestPass) throws {
        let place = try FileSystem.realPath(path)
        guard place.lastComponent?.string == pass.id.hex, place.parent.lastComponent == "scratch" else {
            throw misplaced(pass.id, place.parent.parent)
        }
    }

    private static func liesAmongScratches(_ path: FilePath) -> Bool {
        guard let place = try? FileSystem.realPath(path), place.parent.lastComponent == "scratch" else {
            return false
        }
        return ["HEAD", "objects", "refs", "lfs"].allSatisfy {
            FileSystem.exists(place.parent.parent.appending($0 as FilePath))
        }
    }

    /// Opens it for its guest, who is at work in it as long as what is given lives.
    ///
    /// - Throws: `.expired` when its time is over, `.damaged` where the store below is not there, or a part of the scratch
    ///   store leads elsewhere.
    public func open(_ context: StoreContext) throws -> (store: Store, use: ScratchUse) {
        let use = try enter(context)
        return (try store(context, within: pass.quota), use)
    }

    /// Holds it in use for its guest, without opening it.
    public func enter(_ context: StoreContext) throws -> ScratchUse {
        guard pass.expires > Int64(clamping: context.now()) else {
            throw GuestError(
                .expired, "the time of guest \(id) was over at \(Timestamp(milliseconds: pass.expires))",
                hint: "start another with `offbeat guest start`; a person can still keep this one's work")
        }
        // Who only asks whether it is in use has the lock alone for a moment, and who ends it, not for long.
        if let use = try ScratchUse.take(path, shared: true, patience: context.patience) { return use }
        if FileSystem.exists(path) {
            throw GuestError(
                .inUse, "the work of guest \(id) is just being kept, or the guest ended",
                hint: "try again when that is done")
        }
        throw GuestError(
            .notFound, "guest \(id) was ended", hint: "start another with `offbeat guest start`")
    }

    /// Its store, for whoever holds it in use.
    func store(_ context: StoreContext, within quota: Quota?) throws -> Store {
        let base = try base
        try requireShape()
        let store: Store
        do {
            store = try Store(at: path, context: context, over: Loan(of: base, at: pass.origin, within: quota))
            guard try store.snapshot(of: Version(pass.origin.main ?? .zero)).info().id == pass.store else {
                throw Self.misplaced(id, base)
            }
        } catch let error as StoreError where error.code == .damaged || error.code == .notAStore {
            let below = try? Store(at: base, context: context).snapshot().info().id
            throw below == pass.store ? error : Self.misplaced(id, base)
        }
        return store
    }

    /// The store below: as for the alternates, it is where its scratch stores are, wherever it was moved.
    public var base: FilePath {
        get throws { try FileSystem.realPath(path).parent.parent }
    }

    private static func misplaced(_ id: GuestID, _ base: FilePath) -> GuestError {
        GuestError(
            .damaged, "the store that guest \(id) works over is not at \(base)",
            hint: "move the guest's directory back into the folder scratch of that store, or start another guest")
    }
}
