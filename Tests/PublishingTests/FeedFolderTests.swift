import Catalog
import Dispatch
import Files
import Publishing
import Synchronization
import TestSupport
import Testing

/// What lies in a feed's folder, and what a reader finds there meanwhile.
@Suite struct FeedFolderTests {
    private func names(in folder: FilePath) throws -> [String] {
        try FileSystem.list(folder).map(\.name.string).sorted()
    }

    private func target(_ folder: FilePath) -> FeedTarget {
        FeedTarget(FeedSamples.settings, in: folder) { [] }
    }

    @Test func `Everybody may read what lies there`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            var post = try FeedSamples.track(1, in: place)
            let audio = try #require(post.track?.audio)
            let picture = try FeedSamples.audio(2, in: place)
            post.image = picture
            for file in [audio.file, picture.file] { try FileSystem.setMode(of: #require(file), to: 0o400) }
            let outcome = try target(folder).rewrite([post])
            #expect(outcome.items == 1 && outcome.copied == 2 && outcome.isChanged && outcome.absent == [])
            try #expect(names(in: folder) == ["feed.json", "feed.xml", "media"])
            try #expect(names(in: folder.appending("media")) == [audio.name, picture.name].sorted())
            for name in ["", "media"] {
                try #expect(FileSystem.status(of: folder.appending(name)).mode == 0o755)
            }
            for name in ["feed.json", "feed.xml", "media/\(audio.name)", "media/\(picture.name)"] {
                try #expect(FileSystem.status(of: folder.appending(name)).mode == 0o644)
            }
            let copy = folder.appending("media").appending(audio.name)
            try #expect(FileSystem.read(copy) == FileSystem.read(#require(audio.file)))
            // What is served is no second name of what is stored.
            try #expect(!FileSystem.status(of: copy).isSameFile(as: FileSystem.status(of: #require(audio.file))))
        }
    }

    @Test func `What else lies there stays`() throws {
        try withTemporaryDirectory { folder in
            try FileSystem.makeDirectory(folder.appending("media"))
            for name in ["index.html", "media/logo.svg", ".htaccess"] {
                try FileSystem.write(Array(name.utf8), to: folder.appending(name))
            }
            try FileSystem.setMode(of: folder, to: 0o750)
            let old = try FeedSamples.track(1, in: folder)
            try target(folder).rewrite([old])
            try target(folder).rewrite([FeedSamples.track(2, in: folder)])
            for name in ["index.html", "media/logo.svg", ".htaccess"] {
                try #expect(FileSystem.read(folder.appending(name)) == Array(name.utf8))
            }
            try #expect(FileSystem.status(of: folder).mode == 0o750)
            // Readers may still hold the address of a post that is told of no more.
            #expect(FileSystem.exists(folder.appending("media").appending(try #require(old.track).audio.name)))
        }
    }

    @Test func `What is as it should be is not written again`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let post = try FeedSamples.track(1, in: place)
            let audio = folder.appending("media").appending(try #require(post.track).audio.name)
            try target(folder).rewrite([post])
            let files = [audio, folder.appending("feed.json"), folder.appending("feed.xml")]
            let before = try files.map { try FileSystem.status(of: $0) }
            let again = try target(folder).rewrite([post])
            #expect(again.copied == 0 && !again.isChanged)
            for (file, status) in zip(files, before) {
                try #expect(FileSystem.status(of: file).isUnchanged(since: status))
            }
            // A file that somebody cut is no file of the post.
            try FileSystem.write([1], to: audio)
            let repaired = try target(folder).rewrite([post])
            #expect(repaired.copied == 1 && !repaired.isChanged)
            try #expect(FileSystem.status(of: audio).size == post.track?.audio.size)
        }
    }

    @Test func `Of a thousand posts only those cost a copy whose file is new`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let audio = try (0..<40).map { try FeedSamples.audio($0, in: place) }
            let posts = try (0..<1_000).map { number in
                var post = try FeedSamples.post(number)
                post.track = PublishedTrack(audio: audio[number % 39])
                return post
            }
            try #expect(target(folder).rewrite(posts).copied == 39)
            var new = try FeedSamples.post(1_000)
            new.track = PublishedTrack(audio: audio[39])
            let outcome = try target(folder).rewrite(posts + [new])
            #expect(outcome.items == 1_001 && outcome.copied == 1 && outcome.isChanged)
            try #expect(names(in: folder.appending("media")).count == 40)
        }
    }

    @Test func `Posts are told without files that are nowhere`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let here = try FeedSamples.track(1, in: place)
            try target(folder).rewrite([here])
            // Its file is gone from this computer, but lies in the folder; the other's is nowhere.
            let gone = try FeedSamples.track(1)
            let nowhere = try FeedSamples.track(2)
            let outcome = try target(folder).rewrite([gone, nowhere])
            let (known, unknown) = try (#require(gone.track).audio.name, #require(nowhere.track).audio.name)
            #expect(outcome.absent == [unknown] && outcome.items == 2)
            for name in ["feed.json", "feed.xml"] {
                let text = String(decoding: try FileSystem.read(folder.appending(name)), as: UTF8.self)
                #expect(text.contains(known) && !text.contains(unknown))
            }
        }
    }

    /// Each of two hundred writings brings a post with a file of its own.
    @Test func `A reader never sees half a document, or one that names a file before it is there`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let posts = try (0..<200).map { try FeedSamples.track($0, in: place) }
            try target(folder).rewrite([posts[0]])
            let isOver = Atomic(false)
            let reads = Atomic(0)
            let mistakes = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 2) { part in
                do {
                    if part == 0 {
                        defer { isOver.store(true, ordering: .releasing) }
                        for end in 1...posts.count {
                            try target(folder).rewrite(Array(posts.prefix(end).suffix(20)))
                        }
                    } else {
                        repeat {
                            try look(into: folder)
                            reads.add(1, ordering: .relaxed)
                        } while !isOver.load(ordering: .acquiring)
                    }
                } catch { mistakes.withLock { $0.append("\(error)") } }
            }
            #expect(mistakes.withLock { $0 } == [])
            #expect(reads.load(ordering: .relaxed) > 3)
        }
    }

    /// Throws where a reader finds anything but whole documents and files.
    private func look(into folder: FilePath) throws {
        let rss = String(decoding: try FileSystem.read(folder.appending("feed.xml")), as: UTF8.self)
        try #require(rss.hasPrefix("<?xml") && rss.hasSuffix("</rss>\n"))
        let feed = try JSON.parse(FileSystem.read(folder.appending("feed.json")))
        for item in try #require(feed["items"]?.asArray) {
            let attachment = try #require(item["attachments"]?.asArray?.first)
            let name = try #require(attachment["url"]?.asString?.split(separator: "/").last)
            let status = try FileSystem.status(of: folder.appending("media").appending(String(name)))
            try #require(status.size == attachment["size_in_bytes"]?.asInteger)
        }
    }

    @Test func `Of two who write at once neither mixes with the other`() throws {
        try withTemporaryDirectory { folder in
            let posts = try (0..<2).map { try FeedSamples.post($0, text: "\($0)") }
            let mistakes = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 2) { part in
                do {
                    for _ in 0..<50 { try target(folder).rewrite([posts[part]]) }
                } catch { mistakes.withLock { $0.append("\(error)") } }
            }
            #expect(mistakes.withLock { $0 } == [])
            let told = try ["feed.json", "feed.xml"].map { name in
                let text = String(decoding: try FileSystem.read(folder.appending(name)), as: UTF8.self)
                return posts.map { text.contains($0.post.hex) }
            }
            #expect(told[0] == told[1] && Set(told[0]).count == 2)
            try #expect(names(in: folder) == ["feed.json", "feed.xml"])
        }
    }

    @Test func `What a dead writer left goes with the next`() throws {
        try withTemporaryDirectory { folder in
            let rest = folder.appending(".offbeat-feed/offbeat-0123456789abcdef")
            try FileSystem.makeDirectories(rest)
            try FileSystem.write([1, 2, 3], to: rest.appending("0"))
            try target(folder).rewrite([])
            try #expect(names(in: folder) == ["feed.json", "feed.xml"])
        }
    }
}
