import Files

/// Every command, and how it stands to guests. A command that is not here yet fails a test: whoever adds one decides.
struct CommandTable {
    /// What another guest made, or another person, and this one must not come by.
    struct Foreign {
        let track: Word
        let post: Word
        let version: Word
        let guest: Word
    }

    /// How a command stands to guests.
    enum Standing {
        /// It needs no store.
        case free
        /// A guest may.
        case may
        /// It reaches others, or speaks for a person.
        case mayNot
        /// It makes a store, or is for people alone.
        case elsewhere
    }

    let name: String
    let standing: Standing
    /// Words of a call that would do something.
    let words: [Word]
    /// Calls that name what is another's.
    let reaching: @Sendable (Foreign) -> [[Word]]

    private init(
        _ name: String, _ standing: Standing, _ words: [Word] = [],
        reaching: @escaping @Sendable (Foreign) -> [[Word]] = { _ in [] }
    ) {
        (self.name, self.standing, self.reaching) = (name, standing, reaching)
        self.words = name.split(separator: " ").map { Word(String($0)) } + words
    }

    private static let sound: Word = "ana-0.wav"

    static let all: [CommandTable] = library + sounds + posts + sharing + versions + care

    private static let library = [
        CommandTable("init", .elsewhere, ["another"]), CommandTable("user add", .mayNot, ["eve"]),
        CommandTable("user token", .mayNot, ["ana"]), CommandTable("user tokens", .mayNot),
        CommandTable("user revoke", .mayNot, ["ana"]), CommandTable("user ls", .may), CommandTable("status", .may),
        CommandTable("clone", .elsewhere, ["band.git", "copy"]), CommandTable("ls", .may),
        CommandTable("show", .may, ["ana-0"], reaching: { [["show", $0.track]] }),
        CommandTable("edit", .may, ["ana-0", "title=x"], reaching: { [["edit", $0.track, "title=x"]] }),
        CommandTable("rm", .may, ["ana-0"], reaching: { [["rm", $0.track]] }),
        CommandTable(
            "marker add", .may, ["ana-0", "0.01", "x"], reaching: { [["marker", "add", $0.track, "0.01", "x"]] }),
        CommandTable("marker rm", .may, ["ana-0", "x"], reaching: { [["marker", "rm", $0.track, "x"]] }),
        CommandTable("add", .may, ["--no-analyze", sound]),
        CommandTable(
            "replace", .may, ["--no-analyze", "ana-1", sound], reaching: { [["replace", $0.track, sound]] }),
        CommandTable("cat", .may, ["ana-0"], reaching: { [["cat", $0.track]] }),
        CommandTable("export", .may, ["exported"]),
    ]

    private static let sounds = [
        CommandTable(
            "stem add", .may, ["--no-analyze", "--type", "bass", "ana-0", sound],
            reaching: { [["stem", "add", "--type", "bass", $0.track, sound]] }),
        CommandTable("stem ls", .may, ["ana-1"], reaching: { [["stem", "ls", $0.track]] }),
        CommandTable("stem rm", .may, ["ana-1", "drums"], reaching: { [["stem", "rm", $0.track, "drums"]] }),
        CommandTable(
            "stem separate", .may, ["ana-0", "--with", "cp {in} {out}/bass.wav"],
            reaching: { [["stem", "separate", $0.track, "--with", "cp {in} {out}/bass.wav"]] }),
        CommandTable("analyze", .may, ["ana-0"], reaching: { [["analyze", $0.track]] }),
        CommandTable("analysis get", .may, ["ana-0"], reaching: { [["analysis", "get", $0.track]] }),
        CommandTable(
            "analysis set", .may, ["ana-0", "found.json", "--analyzer", "other", "--analyzer-version", "1"],
            reaching: {
                [["analysis", "set", $0.track, "found.json", "--analyzer", "other", "--analyzer-version", "1"]]
            }),
    ]

    private static let posts = [
        CommandTable("workspace add", .may, ["mine"]), CommandTable("workspace ls", .may),
        CommandTable("workspace show", .may, ["band"], reaching: { _ in [["workspace", "show", "secret"]] }),
        CommandTable(
            "workspace edit", .may, ["band", "name=x"],
            reaching: { _ in
                [["workspace", "edit", "secret", "name=x"], ["workspace", "edit", "band", "approval=none"]]
            }),
        CommandTable("workspace member add", .mayNot, ["band", "ben", "--role", "owner"]),
        CommandTable("workspace member rm", .mayNot, ["band", "ben"]),
        CommandTable("workspace target", .mayNot, ["band", "feed", "--dir", "elsewhere"]),
        CommandTable(
            "workspace share", .may, ["band", "ana-0"], reaching: { [["workspace", "share", "band", $0.track]] }),
        CommandTable(
            "workspace unshare", .may, ["band", "ana-0"],
            reaching: { [["workspace", "unshare", "band", $0.track]] }),
        CommandTable(
            "post new", .may, ["-w", "band", "text"],
            reaching: {
                [["post", "new", "-w", "band", "--track", $0.track, "x"], ["post", "new", "-w", "secret", "x"]]
            }),
        CommandTable("post ls", .may), CommandTable("post show", .may, reaching: { [["post", "show", $0.post]] }),
        CommandTable("post edit", .may, reaching: { [["post", "edit", $0.post, "text=x"]] }),
        CommandTable("post rm", .may, reaching: { [["post", "rm", $0.post]] }),
        CommandTable("post submit", .may, reaching: { [["post", "submit", $0.post]] }),
        CommandTable("post approve", .mayNot, ["text"], reaching: { [["post", "approve", $0.post]] }),
        CommandTable("post reject", .mayNot, ["text"], reaching: { [["post", "reject", $0.post]] }),
        CommandTable(
            "post request-changes", .mayNot, ["text"], reaching: { [["post", "request-changes", $0.post]] }),
        CommandTable(
            "post schedule", .may, reaching: { [["post", "schedule", "--at", "2030-01-01T12:00", $0.post]] }),
        CommandTable("post unschedule", .may, reaching: { [["post", "unschedule", $0.post]] }),
        CommandTable("publish", .mayNot, ["--due"], reaching: { [["publish", $0.post]] }),
        CommandTable("post settle", .mayNot, ["text", "--not-sent"]),
    ]

    private static let sharing = [
        CommandTable("sync", .mayNot), CommandTable("remote add", .mayNot, ["other", "other.git"]),
        CommandTable("remote ls", .may), CommandTable("remote rm", .mayNot, ["origin"]),
        CommandTable("remote set-url", .mayNot, ["origin", "other.git"]),
        CommandTable("lfs-transfer", .elsewhere, ["band.git", "download"]),
        CommandTable("pin", .mayNot, ["ana-0"], reaching: { [["pin", $0.track]] }),
        CommandTable("unpin", .mayNot, ["ana-0"]), CommandTable("fetch", .mayNot, ["ana-0"]),
        CommandTable("drop", .mayNot, ["ana-0"]), CommandTable("conflicts", .may),
        CommandTable(
            "resolve", .may, ["ours", "title", "--take", "1"],
            reaching: { [["resolve", $0.track, "title", "--value", "x"]] }),
    ]

    private static let versions = [
        CommandTable("log", .may, reaching: { [["log", $0.track], ["log", $0.post]] }),
        CommandTable(
            "diff", .may, ["HEAD~1", "HEAD"],
            reaching: { [["diff", "HEAD", $0.version], ["diff", $0.version, "HEAD"]] }),
        CommandTable("undo", .may),
        CommandTable(
            "restore", .may, ["ana-0", "--at", "HEAD"],
            reaching: { [["restore", $0.track, "--at", "HEAD"], ["restore", "ana-0", "--at", $0.version]] }),
        CommandTable("cache stats", .may),
        CommandTable("cache ls", .may, reaching: { [["cache", "ls", $0.track]] }),
        CommandTable("cache explain", .may), CommandTable("cache warm", .may), CommandTable("cache clean", .may),
        CommandTable("cache invalidate", .may, ["picker"], reaching: { [["cache", "invalidate", $0.track]] }),
        CommandTable("cache clear", .may, ["--all"]),
    ]

    private static let care = [
        CommandTable("serve", .mayNot, ["--port", "0"]), CommandTable("guest start", .mayNot),
        CommandTable("guest ls", .mayNot),
        CommandTable("guest end", .mayNot, ["0123456789abcdef"], reaching: { [["guest", "end", $0.guest]] }),
        CommandTable("guest keep", .mayNot, ["0123456789abcdef", "--as", "ana"]),
        CommandTable("guest run", .mayNot, ["--", "true"]), CommandTable("config get", .may, ["user"]),
        CommandTable("config set", .may, ["cache.memory", "8"]), CommandTable("config ls", .may),
        CommandTable("debug version", .may, reaching: { [["debug", "version", $0.version]] }),
        CommandTable(
            "debug record", .may, ["ana-0"],
            reaching: { [["debug", "record", $0.track], ["debug", "record", "ana-0", "--at", $0.version]] }),
        CommandTable("debug journal", .may), CommandTable("debug replica", .may),
        CommandTable("debug oba", .free, ["found.json"]), CommandTable("fsck", .may), CommandTable("gc", .may),
        CommandTable("upgrade", .mayNot), CommandTable("help", .free), CommandTable("completions", .free, ["bash"]),
    ]
}
