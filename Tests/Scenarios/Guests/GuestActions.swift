import Catalog
import Files
import TestSupport

/// What one guest does by chance: everything that a guest may.
struct GuestActions {
    let guest: Guest
    private var random: SeededRandom
    private var made = 0
    /// The tracks that it knows, some of them gone.
    private var tracks: [Word]
    private let posts: [Word]
    private let folder: FilePath

    /// How often each kind was done, and how often with success.
    private(set) var done: [String: (calls: Int, successes: Int)] = [:]

    init(of guest: Guest, seed: UInt64) throws {
        self.guest = guest
        random = SeededRandom(seed: seed)
        func ids(_ key: String, _ words: Word...) throws -> [Word] {
            let rows = try guest.run(words).done().json()[key]?.asArray ?? []
            return rows.compactMap { $0["id"]?.asString }.map { Word($0) }
        }
        tracks = try ids("tracks", "ls")
        posts = try ids("posts", "post", "ls")
        folder = guest.house.studio.work.appending("of-\(guest.id)")
        try FileSystem.makeDirectory(folder)
    }

    /// Does something; anything but success and a plain refusal is thrown.
    mutating func step() throws {
        let kinds = Self.kinds
        let (name, words) = kinds[Int(random.next() % UInt64(kinds.count))]
        let outcome = try guest.run(try words(&self))
        guard [0, 1, 3, 4].contains(outcome.status) else { throw Unexpected("\(outcome)") }
        var count = done[name] ?? (0, 0)
        count.calls += 1
        if outcome.status == 0 { count.successes += 1 }
        done[name] = count
        if name == "add", let id = try? outcome.json()["added"]?.asArray?.first?["id"]?.asString {
            tracks.append(Word(id))
        }
    }

    private mutating func pick(_ words: [Word]) -> Word { words[Int(random.next() % UInt64(words.count))] }
    private mutating func track() -> Word { pick(tracks) }

    private mutating func sound() throws -> Word {
        made += 1
        let path = folder.appending("\(made).wav")
        return Word(try guest.house.studio.sound(path, seed: random.next(), frames: 2000))
    }

    private mutating func found() throws -> Word {
        let path = folder.appending("found.json")
        try FileSystem.write("{\"bpm\":\(random.next() % 200)}", to: path)
        return Word(path)
    }

    private static let kinds: [(String, @Sendable (inout GuestActions) throws -> [Word])] = [
        ("add", { try ["add", $0.sound()] }), ("add", { try ["add", "--no-analyze", $0.sound()] }),
        ("add again", { ["add", "--no-analyze", Word($0.guest.house.studio.work.appending("ana-0.wav"))] }),
        ("edit", { ["edit", $0.track(), "title=t\($0.random.next() % 9)", "+tag"] }),
        ("rm", { ["rm", $0.track()] }),
        ("stem add", { try ["stem", "add", "--no-analyze", "--type", "vocals", $0.track(), $0.sound()] }),
        ("stem rm", { ["stem", "rm", $0.track(), "drums"] }), ("stem ls", { ["stem", "ls", $0.track()] }),
        ("marker add", { ["marker", "add", $0.track(), "0.01", "here"] }),
        ("marker rm", { ["marker", "rm", $0.track(), "here"] }),
        ("replace", { try ["replace", "--no-analyze", $0.track(), $0.sound()] }),
        ("analyze", { ["analyze", $0.track()] }), ("analysis get", { ["analysis", "get", $0.track()] }),
        (
            "analysis set",
            {
                try ["analysis", "set", $0.track(), $0.found(), "--analyzer", "other", "--analyzer-version", "1"]
            }
        ),
        ("ls", { _ in ["ls"] }), ("ls", { _ in ["ls", "tag:tag"] }), ("status", { _ in ["status"] }),
        ("show", { ["show", $0.track()] }), ("cat", { ["cat", $0.track()] }),
        ("export", { ["export", Word($0.folder.appending("out"))] }),
        ("post new", { _ in ["post", "new", "-w", "band", "A guest's post"] }),
        (
            "post new with image",
            {
                [
                    "post", "new", "-w", "band", "--image", Word($0.guest.house.studio.work.appending("image.png")),
                    "With an image",
                ]
            }
        ),
        ("post edit", { ["post", "edit", $0.pick($0.posts), "text=other \($0.random.next() % 9)"] }),
        ("post submit", { ["post", "submit", $0.pick($0.posts)] }),
        ("post ls", { _ in ["post", "ls"] }), ("post show", { ["post", "show", $0.pick($0.posts)] }),
        ("workspace ls", { _ in ["workspace", "ls"] }), ("undo", { _ in ["undo"] }),
        ("restore", { ["restore", "--at", "HEAD~2", $0.track()] }),
        ("cache warm", { _ in ["cache", "warm"] }), ("cache clean", { _ in ["cache", "clean"] }),
        ("cache clear", { _ in ["cache", "clear", "--all"] }), ("cache ls", { _ in ["cache", "ls"] }),
        ("cache invalidate", { ["cache", "invalidate", $0.track()] }),
        ("cache stats", { _ in ["cache", "stats"] }), ("cache explain", { _ in ["cache", "explain"] }),
        ("fsck", { _ in ["fsck"] }), ("fsck deep", { _ in ["fsck", "--deep"] }), ("gc", { _ in ["gc"] }),
        ("config set", { ["config", "set", "cache.memory", "\($0.random.next() % 20 + 1)"] }),
        ("config ls", { _ in ["config", "ls"] }), ("log", { _ in ["log"] }),
        ("diff", { _ in ["diff", "HEAD~1", "HEAD"] }), ("conflicts", { _ in ["conflicts"] }),
        ("resolve", { _ in ["resolve", "ours", "title", "--take", "1"] }),
        ("debug", { ["debug", "record", $0.track()] }), ("debug", { _ in ["debug", "journal"] }),
        // What a guest may not, it tries all the same.
        ("sync", { _ in ["sync"] }), ("publish", { _ in ["publish", "--due"] }), ("pin", { ["pin", $0.track()] }),
        ("drop", { ["drop", $0.track()] }), ("upgrade", { _ in ["upgrade"] }),
        ("guest start", { _ in ["guest", "start"] }), ("user add", { _ in ["user", "add", "eve"] }),
        ("approve", { ["post", "approve", $0.pick($0.posts)] }),
        ("notify", { _ in ["config", "set", "notify.command", "touch x"] }),
    ]
}
