import Synchronization

/// Files that become durable together and get their names only then.
///
/// The files are written under temporary names and added. ``flush()`` makes all their bytes durable at the price of one
/// flush, ``publish()`` gives them their names, ``syncDirectories()`` makes the names durable: in this order, so that
/// after a power cut a name never leads to half a file. ``commit()`` does the three. After a failure no file is half
/// named; what was not published goes with the temporary directory.
///
/// Files may be added from several threads. The three steps are for one of them, after all have been added.
public final class WriteBatch: Sendable {
    /// So many files are flushed one by one; more of them by one flush of the whole file system.
    public static let individualFlushLimit = 64

    private struct Item: Sendable {
        let temporary: FilePath
        let destination: FilePath
        let replacing: Bool
        /// Whether it keeps the name that it has: then it only gets a second one.
        var isKept = false
    }

    private final class OpenFile: Sendable {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }

    private struct State: Sendable {
        var items: [Item] = []
        /// The added files while they are few enough to be flushed one by one.
        var open: [OpenFile] = []
        var published = 0
        /// How many of the items only get a second name: they need no flush.
        var links = 0
        /// Bytes that were added since the disk was last told to begin.
        var waiting: Int64 = 0
        var knownDirectories: Set<FilePath> = []
        var touchedDirectories: Set<FilePath> = []
    }

    private let temporary: TemporaryDirectory
    private let isDurable: Bool
    private let modes: SharedModes
    private let root: FilePath
    private let state = Mutex(State())
    private let early: BackgroundFlush

    /// After so many bytes the disk begins with what there is, while more is being added.
    private static let earlyFlushBytes: Int64 = 96 << 20

    /// Begins a batch whose files are written in `temporary`; without `durable` nothing is flushed.
    ///
    /// Files and directories get the permissions that `modes` makes of theirs. Directories are made inside `root` only,
    /// which has to be there.
    public init(
        temporary: TemporaryDirectory, durable: Bool = true, modes: SharedModes = .unshared,
        inside root: FilePath = "/"
    ) {
        self.temporary = temporary
        isDurable = durable
        self.modes = modes
        self.root = root
        early = BackgroundFlush(containing: temporary.path)
    }

    /// How many files were added.
    public var count: Int { state.withLock { $0.items.count } }

    /// Adds a file that is completely written; it gets exactly the permissions `mode`, or what the batch makes of them.
    ///
    /// Where `destination` exists, it stays as it is and counts as success, unless `replacing`. Who says the file's
    /// `size` lets the disk begin with many files before the last is added.
    public func add(
        _ descriptor: consuming FileDescriptor, at temporary: FilePath, to destination: FilePath,
        mode: UInt32 = 0o444, size: Int64 = 0, replacing: Bool = false
    ) throws(FileError) {
        try descriptor.setMode(modes.file(mode))
        let file = isDurable ? OpenFile(descriptor) : nil
        let item = Item(temporary: temporary, destination: destination, replacing: replacing)
        let (isKept, isDue) = state.withLock { state in
            state.items.append(item)
            guard let file, state.items.count - state.links <= Self.individualFlushLimit else {
                state.open = []
                state.waiting += size
                return (false, isDurable && state.waiting >= Self.earlyFlushBytes)
            }
            state.open.append(file)
            return (true, false)
        }
        // One by one they are waited for, so the disk begins now.
        if isKept { file?.descriptor.startWriteback() }
        if isDue {
            state.withLock { $0.waiting = 0 }
            early.begin()
        }
    }

    /// Adds a file that lies elsewhere on the same disk, durably, and is to have a second name.
    public func add(linkTo original: FilePath, at destination: FilePath, replacing: Bool = false) {
        let item = Item(temporary: original, destination: destination, replacing: replacing, isKept: true)
        state.withLock { state in
            state.items.append(item)
            state.links += 1
        }
    }

    /// Adds a file that already has its name, so that its bytes and its name become durable with the others.
    public func add(existing path: FilePath) throws(FileError) {
        guard isDurable else { return }
        try FileDescriptor.open(path, .read, nonBlocking: true).sync()
        state.withLock { _ = $0.touchedDirectories.insert(path.parent) }
    }

    /// Waits until the bytes of all added files are on the disk.
    public func flush() throws(FileError) {
        guard isDurable else { return }
        let (files, isAll) = state.withLock { state in
            defer { state.open = [] }
            return (state.open, state.open.count == state.items.count - state.links)
        }
        if isAll {
            for file in files { try file.descriptor.sync() }
        } else {
            try flushAll()
        }
    }

    /// One flush for all. The processor makes the directories that the names will need while the disk is at work on
    /// what was begun early.
    private func flushAll() throws(FileError) {
        early.begin()
        let directories = Set(state.withLock { $0.items[$0.published...].map(\.destination.parent) })
        for directory in directories.sorted() { try prepare(directory) }
        try early.finish()
        try FileSystem.syncFileSystem(containing: temporary.path)
    }

    /// Gives the files their names, in the order in which they were added, and makes directories that are missing.
    ///
    /// With several `workers` that many threads do it, and in any order: for files that do not need each other.
    public func publish(workers: Int = 1) throws(FileError) {
        let items = state.withLock { state in
            defer { state.published = state.items.count }
            return state.items[state.published...]
        }
        guard workers > 1, items.count > Self.individualFlushLimit else {
            for item in items { try publish(item) }
            return
        }
        try publishTogether(items.sorted { $0.destination < $1.destination }, workers: workers)
    }

    /// Waits until the names are on the disk.
    public func syncDirectories() throws(FileError) {
        let directories = state.withLock { state in
            defer { state.touchedDirectories = [] }
            return state.touchedDirectories
        }
        if isDurable { try FileSystem.syncDirectories(directories.sorted()) }
    }

    /// Makes the files durable, gives them their names, and makes those durable.
    public func commit() throws(FileError) {
        try flush()
        try publish()
        try syncDirectories()
    }
}

extension WriteBatch {
    /// Files whose names are next to each other are given to the same thread: they share directories.
    private func publishTogether(_ items: [Item], workers: Int) throws(FileError) {
        _ = try Parallel.map(items, inPortionsOf: 64, workers: workers) { items throws(FileError) in
            for item in items { try publish(item) }
        }
    }

    private func publish(_ item: Item) throws(FileError) {
        let directory = item.destination.parent
        try prepare(directory)
        if item.isKept {
            try link(item)
        } else if item.replacing {
            try FileSystem.rename(item.temporary, to: item.destination)
        } else if !(try FileSystem.renameIfFree(item.temporary, to: item.destination)) {
            try FileSystem.remove(item.temporary)
        }
        // Also where the name was there before: whoever made it may not have flushed it yet.
        state.withLock { _ = $0.touchedDirectories.insert(directory) }
    }

    private func link(_ item: Item) throws(FileError) {
        do throws(FileError) { try FileSystem.link(item.temporary, to: item.destination) } catch {
            guard error.code == .exists else { throw error }
            if !item.replacing { return }
            let name = temporary.newPath()
            try FileSystem.link(item.temporary, to: name)
            try FileSystem.rename(name, to: item.destination)
            // Of two names of one file a rename takes neither away.
            _ = try FileSystem.remove(name)
        }
    }

    /// Makes the directory where it is missing; its name has to become durable as well.
    private func prepare(_ directory: FilePath) throws(FileError) {
        guard !state.withLock({ $0.knownDirectories.contains(directory) }) else { return }
        let made = try FileSystem.makeDirectories(directory, inside: root, modes: modes)
        state.withLock { state in
            state.knownDirectories.insert(directory)
            for new in made { state.touchedDirectories.insert(new.parent) }
        }
    }
}
