import Files

/// The folder that a feed is served from, by any web server: `feed.json`, `feed.xml`, and files of posts in `media`.
///
/// Whoever reads meanwhile sees a document as it was or as it is now, and every file that one names has its name
/// before. Files that no post names any more stay, since readers may still hold their addresses, and so does
/// everything else that lies in the folder.
struct FeedFolder: Sendable {
    static let jsonName = "feed.json"
    static let rssName = "feed.xml"
    static let mediaName = "media"
    /// Hidden, where files are written before they get their names.
    private static let deskName = ".offbeat-feed"

    let settings: FeedSettings
    let path: FilePath

    /// Names the folder; nothing is made.
    init(_ settings: FeedSettings, at path: FilePath) {
        self.settings = settings
        self.path = path
    }

    /// Why nothing can be written there as things are; nil where nothing is known against it.
    func obstacle() -> FeedError? {
        do throws(FeedError) { try settings.check() } catch { return error }
        let folder = FileSystem.exists(path) ? path : path.parent
        do throws(FileError) {
            let kind = try FileSystem.status(of: folder).kind
            guard kind == .directory else { return .setting("the feed's folder \(folder) is \(kind.words)") }
            for name in [Self.jsonName, Self.rssName] {
                let status = try FileSystem.statusIfExists(of: path.appending(name))
                guard status?.kind != .directory else { return .setting("\(path.appending(name)) is a directory") }
            }
        } catch { return .file(error) }
        if FileSystem.isWritable(folder) { return nil }
        return .setting("the feed's folder \(folder) cannot be written to by this user")
    }

    /// Whether a file of a post lies there already: its name tells what it holds.
    func has(_ medium: Medium) throws(FileError) -> Bool {
        let status = try FileSystem.statusIfExists(of: path.appending(Self.mediaName).appending(medium.name))
        return status?.kind == .regular && status?.size == medium.size
    }

    /// Writes the feed: first the files of its posts, then the documents that name them.
    ///
    /// One at a time does so in a folder; another waits.
    ///
    /// - Parameters:
    ///   - needed: a post that is not told without its files.
    ///   - deadline: when it is too late for readers to see anything new.
    ///   - items: tells the posts; asked once nobody else is at work in the folder.
    func write(
        needing needed: Publication? = nil, until deadline: Deadline?, isStopped: () -> Bool,
        _ items: () throws(FeedError) -> [Publication]
    ) throws(FeedError) -> FeedOutcome {
        if let obstacle = obstacle() { throw obstacle }
        func goOn() throws(FeedError) {
            if isStopped() { throw .stopped }
            if deadline?.hasPassed == true { throw .late }
        }
        let lock = try FeedError.wrap { () throws(FileError) in
            try makeDirectory(path)
            return try FileDescriptor.openDirectory(path)
        }
        while try !Self.take(lock) {
            try goOn()
            SystemClock.sleep(seconds: 0.01)
        }
        let outcome = try write(items(), needing: needed, goOn)
        // Used here, so that it is held until here.
        _ = try? lock.close()
        return outcome
    }

    private static func take(_ lock: borrowing FileDescriptor) throws(FeedError) -> Bool {
        do throws(FileError) { return try lock.tryLock() } catch { throw .file(error) }
    }

    /// Writes the feed while nobody else is at work in the folder.
    private func write(
        _ items: [Publication], needing needed: Publication?, _ goOn: () throws(FeedError) -> Void
    ) throws(FeedError) -> FeedOutcome {
        let place = path.appending(Self.deskName)
        let desk = try FeedError.wrap { () throws(FileError) in
            try TemporaryDirectory.sweep(in: place)
            return try TemporaryDirectory(in: place)
        }
        defer {
            desk.remove()
            _ = try? FileSystem.removeDirectory(place)
        }
        var outcome = try layDown(items, needing: needed, on: desk, goOn)
        let document = try FeedDocument(settings, items, in: path, without: Set(outcome.absent))
        outcome.items = document.items.count
        outcome.isChanged = try publish(document, on: desk, goOn)
        return outcome
    }

    /// Makes a directory that everybody may look into, where there is none.
    func makeDirectory(_ directory: FilePath) throws(FileError) {
        guard try FileSystem.makeDirectory(directory) else { return }
        try FileSystem.setMode(of: directory, to: 0o755)
        try FileSystem.syncDirectory(directory.parent)
    }

    /// Replaces the documents, both as nearly at once as two names can be; answers whether either was another.
    private func publish(
        _ document: FeedDocument, on desk: TemporaryDirectory, _ goOn: () throws(FeedError) -> Void
    ) throws(FeedError) -> Bool {
        let batch = WriteBatch(temporary: desk)
        let isChanged = try FeedError.wrap { () throws(FileError) in
            var isChanged = false
            for (name, bytes) in [(Self.jsonName, document.json()), (Self.rssName, document.rss())] {
                let file = path.appending(name)
                // What is as it was keeps its time: readers ask for what is newer.
                if try FileSystem.readIfExists(file) == bytes {
                    try batch.add(existing: file)
                    continue
                }
                isChanged = true
                let draft = desk.newPath()
                let descriptor = try FileDescriptor.open(draft, .write, create: .exclusive)
                try descriptor.write(all: bytes)
                try batch.add(descriptor, at: draft, to: file, mode: 0o644, replacing: true)
            }
            try batch.flush()
            return isChanged
        }
        try goOn()
        do throws(FileError) {
            try batch.publish()
            try batch.syncDirectories()
        } catch { throw .halfway(error) }
        return isChanged
    }
}

extension FeedError {
    /// Calls what works on files, and says of its failure that nobody saw anything of it.
    static func wrap<Result: ~Copyable>(_ body: () throws(FileError) -> Result) throws(FeedError) -> Result {
        do throws(FileError) { return try body() } catch { throw .file(error) }
    }
}
