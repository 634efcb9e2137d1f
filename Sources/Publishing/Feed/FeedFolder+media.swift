import Catalog
import Files

extension FeedFolder {
    /// Lays down, durably, those files of the posts that do not lie there.
    func layDown(
        _ items: [Publication], needing needed: Publication?, on desk: TemporaryDirectory,
        _ goOn: () throws(FeedError) -> Void
    ) throws(FeedError) -> FeedOutcome {
        var outcome = FeedOutcome()
        let batch = WriteBatch(temporary: desk)
        var known: Set<String> = []
        // The post that needs its files comes first, so that what is missing is found before the work.
        for item in [needed].compactMap(\.self) + items {
            for medium in item.media where known.insert(medium.name).inserted {
                try goOn()
                if try FeedError.wrap({ () throws(FileError) in try has(medium) }) { continue }
                if let reason = Self.reason(against: medium) {
                    if item == needed { throw .medium(reason) }
                    outcome.absent.append(medium.name)
                } else if let file = medium.file {
                    let isWhole = try FeedError.wrap { () throws(FileError) in
                        try copy(medium, from: file, on: desk, to: batch) { (try? goOn()) != nil }
                    }
                    try goOn()
                    guard isWhole else {
                        throw .medium("\(file) has not the \(medium.size) bytes that it should have")
                    }
                }
            }
        }
        outcome.copied = batch.count
        guard batch.count > 0 else { return outcome }
        try FeedError.wrap { () throws(FileError) in
            try makeDirectory(path.appending(Self.mediaName))
            try batch.commit()
        }
        return outcome
    }

    /// Why a file of a post cannot be laid down from here; nil where nothing is known against it.
    static func reason(against medium: Medium) -> String? {
        guard FileExtension(medium.fileExtension) != nil else {
            return "a file of the post cannot be called .\(medium.fileExtension) on the web; give it another ending"
        }
        if let file = medium.file, FileSystem.exists(file) { return nil }
        return "the file \(medium.name) of the post is not on this computer; bring it here with `offbeat fetch`"
    }

    /// Copies a file to the desk, sharing its blocks where the disk can; false where it was not whole in the end.
    ///
    /// It gets no second name: what lies in the folder is a web server's to read and its owner's to change, and the
    /// store's own files are neither.
    private func copy(
        _ medium: Medium, from file: FilePath, on desk: TemporaryDirectory, to batch: WriteBatch,
        while mayGoOn: () -> Bool
    ) throws(FileError) -> Bool {
        let source = try FileDescriptor.open(file, .read, nonBlocking: true)
        let draft = desk.newPath()
        let target = try FileDescriptor.open(draft, .write, create: .exclusive)
        if !(try target.reflink(from: source)) { try Self.copy(source, to: target, while: mayGoOn) }
        guard try target.status().size == medium.size else { return false }
        try batch.add(
            target, at: draft, to: path.appending(Self.mediaName).appending(medium.name), mode: 0o644,
            size: medium.size, replacing: true)
        return true
    }

    private static func copy(
        _ source: borrowing FileDescriptor, to target: borrowing FileDescriptor, while mayGoOn: () -> Bool
    ) throws(FileError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while mayGoOn() {
            let count = try source.read(into: buffer)
            if count == 0 { return }
            try target.write(all: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension Publication {
    /// The files that go out with it.
    var media: [Medium] { [track?.audio, image].compactMap(\.self) }
}
