import Files

/// Where a new store is built before it appears at its place.
///
/// A place that does not exist gets the temporary directory that the store is built in, by one rename. An empty
/// directory is kept, since a shell may stand in it: the store is built in a temporary directory inside, and its parts
/// move up, `HEAD` last; without `HEAD` nothing takes the directory for a store.
final class BuildingSite {
    let building: FilePath
    /// The directory that will be the store's: by its inode, which a rename keeps, the replica knows it again.
    var home: FilePath { inside ? place : building }
    private let place: FilePath
    private let inside: Bool
    private let scaffold: TemporaryDirectory

    init(for place: FilePath) throws(StoreError) {
        self.place = place
        do throws(FileError) {
            inside = try Self.isDirectory(place)
            let around = inside ? place : place.parent
            _ = try? TemporaryDirectory.sweep(in: around)
            if inside { try Self.clearUnfinished(place) }
            scaffold = try TemporaryDirectory(in: around)
        } catch { throw StoreError(error) }
        building = inside ? scaffold.path.appending("store") : scaffold.path
        if inside { try refuseUnlessEmpty() }
    }

    private static func isDirectory(_ place: FilePath) throws(FileError) -> Bool {
        guard let status = try FileSystem.statusIfExists(of: place) else { return false }
        guard status.kind == .directory else { throw FileError(.notDirectory, "make a store at", place) }
        return true
    }

    private func refuseUnlessEmpty() throws(StoreError) {
        let names: [DirectoryEntry]
        do throws(FileError) { names = try FileSystem.list(place) } catch { throw StoreError(error) }
        let others = names.filter { place.appending($0.name) != scaffold.path }
        if others.isEmpty { return }
        let isStore = others.contains { $0.name == "HEAD" }
        throw StoreError(
            .exists, "\(place) \(isStore ? "is a store or a git repository already" : "is not empty")",
            hint: isStore ? "use it with --store, or name another place" : "name a place that does not exist")
    }

    /// Takes away what a creation that was cut off had moved into its place: it says so by a file of its own. Where
    /// `HEAD` has arrived, the creation was done and only that file is left over, and the directory it was built in.
    private static func clearUnfinished(_ place: FilePath) throws(FileError) {
        guard FileSystem.exists(place.appending(marker)) else { return }
        let isDone = try FileSystem.statusIfExists(of: place.appending("HEAD")) != nil
        for name in try FileSystem.read(place.appending(marker), limit: 65_536).split(separator: 0x0A)
        where !isDone && isPlain(name) {
            try FileSystem.removeTree(place.appending(bytes: Array(name)))
        }
        _ = try FileSystem.remove(place.appending(marker))
    }

    /// Takes away what a creation left in a finished store when it was cut off at the very end.
    static func clearLeftovers(in store: FilePath) throws(FileError) {
        guard FileSystem.exists(store.appending(marker)) else { return }
        try TemporaryDirectory.sweep(in: store)
        try FileSystem.remove(store.appending(marker))
    }

    /// Whether it names something in the directory itself: the list may come from anywhere, and what it names goes.
    private static func isPlain(_ name: ArraySlice<UInt8>) -> Bool {
        !name.contains(UInt8(ascii: "/")) && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
    }

    private static let marker = "offbeat.unfinished"

    /// Puts the finished store into its place, durably.
    func moveIn() throws(StoreError) {
        do throws(FileError) {
            try FileSystem.syncFileSystem(containing: building)
            if inside { try moveParts() } else { try scaffold.become(place) }
            try FileSystem.syncDirectory(inside ? place : place.parent)
            guard inside else { return }
            scaffold.remove()
            // Last, and only then: whoever finds it looks for the directory as well.
            if !FileSystem.exists(scaffold.path) { _ = try FileSystem.remove(place.appending(Self.marker)) }
        } catch { throw StoreError(error) }
    }

    private func moveParts() throws(FileError) {
        let head: FilePath = "HEAD"
        let parts = try FileSystem.list(building).map(\.name).filter { $0 != head }
        let list = parts.map { $0.bytes + [0x0A] }.joined()
        // Written in the scaffold, which is swept: what is left of a cut here would make the place look taken.
        let draft = scaffold.newPath()
        try FileSystem.replaceAtomically(draft, with: Array(list), mode: 0o644, durable: true)
        try FileSystem.rename(draft, to: place.appending(Self.marker))
        try FileSystem.syncDirectory(place)
        for name in parts {
            try FileSystem.rename(building.appending(name), to: place.appending(name))
        }
        try FileSystem.syncDirectory(place)
        try FileSystem.rename(building.appending(head), to: place.appending(head))
    }
}
