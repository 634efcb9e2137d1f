import Git

/// Finds out whether a tree can be walked in reasonable time, without walking it.
///
/// A few small folders that hold each other many times are a tree of any number of files. So each folder is read once, and
/// what it comes to is added up. One that stands at the same place in our own tree is not read: the cost follows the change.
struct ShapeCheck {
    /// So many files and folders that differ are the most. A library of a million tracks with stems has about half.
    static let entryLimit = 20_000_000
    /// So many bytes a path has at most: no file system takes a longer one.
    static let pathLimit = 4096

    private let repository: Repository
    private var known: [Pair: Extent] = [:]
    /// Where the check is.
    private var path: [EntryName] = []
    private(set) var treesRead = 0

    /// A folder, and ours at the same place.
    private struct Pair: Hashable {
        let id: ObjectID
        let own: ObjectID?
    }

    /// What a folder comes to.
    private struct Extent {
        /// How many files and folders differ below it.
        var entries = 0
        /// How many folders are inside each other, itself included.
        var levels = 1
        /// How many bytes the longest path below it has.
        var longestPath = 0
    }

    init(in repository: Repository) { self.repository = repository }

    /// Refuses a tree that is too deep or too large beside our own.
    mutating func check(_ root: ObjectID, over own: ObjectID?) throws(StoreError) {
        if root != own { _ = try extent(of: Pair(id: root, own: own), entriesAbove: 0) }
    }

    private mutating func extent(of folder: Pair, entriesAbove: Int) throws(StoreError) -> Extent {
        if let known = known[folder] { return known }
        let entries = try read(folder.id)
        let own = try ownFolders(folder.own)
        var extent = Extent(entries: entries.count)
        var folders: [(name: EntryName, pair: Pair)] = []
        for entry in entries {
            extent.longestPath = max(extent.longestPath, entry.name.bytes.count + 1)
            guard entry.isTree else { continue }
            let ownID = own[entry.name]
            if entry.id != ownID { folders.append((entry.name, Pair(id: entry.id, own: ownID))) }
        }
        try refuseUnlessBounded(extent, entriesAbove)
        // Most folders hold files alone. To read one again costs no more than to remember it.
        if folders.isEmpty { return extent }
        for (name, pair) in folders {
            path.append(name)
            let inside = try self.extent(of: pair, entriesAbove: entriesAbove + extent.entries)
            path.removeLast()
            extent.entries += inside.entries
            extent.levels = max(extent.levels, inside.levels + 1)
            extent.longestPath = max(extent.longestPath, name.bytes.count + 1 + inside.longestPath)
            try refuseUnlessBounded(extent, entriesAbove)
        }
        known[folder] = extent
        return extent
    }

    /// Each number stays within its limit or ends the check, so none of them can overflow.
    private func refuseUnlessBounded(_ extent: Extent, _ entriesAbove: Int) throws(StoreError) {
        if extent.entries + entriesAbove > Self.entryLimit {
            throw Self.refusal(path, "holds more than \(Self.entryLimit) files and folders")
        }
        if path.count + extent.levels > Git.maximumDepth {
            throw Self.refusal(path, "holds folders deeper than \(Git.maximumDepth) levels")
        }
        if path.reduce(extent.longestPath, { $0 + $1.bytes.count + 1 }) > Self.pathLimit + 1 {
            throw Self.refusal(path, "holds paths longer than \(Self.pathLimit) bytes")
        }
    }

    private mutating func read(_ id: ObjectID) throws(StoreError) -> [TreeEntry] {
        treesRead += 1
        return try ArrivalCheck.refusing(Self.text(of: path)) { () throws(GitError) in
            try repository.readTree(id).entries
        }
    }

    /// The folders in one of ours, by name.
    private mutating func ownFolders(_ id: ObjectID?) throws(StoreError) -> [EntryName: ObjectID] {
        guard let id else { return [:] }
        treesRead += 1
        let entries = try StoreError.wrapping("read", "tree \(id.hex)") { () throws(GitError) in
            try repository.readTree(id).entries
        }
        return Dictionary(
            entries.filter(\.isTree).map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Telling

    private static func refusal(_ path: [EntryName], _ what: String) -> StoreError {
        ArrivalCheck.refusal("\(text(of: path)) of what has arrived \(what)")
    }

    /// A path that was made to do harm may be as long as a message must not be.
    private static func text(of path: [EntryName]) -> String {
        if path.isEmpty { return "the root" }
        let text = TreePath(path).description
        return text.count <= 200 ? text : text.prefix(200) + "…"
    }
}
