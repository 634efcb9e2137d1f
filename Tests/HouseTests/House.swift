/// The rooms of the house: on which floor each target stands, and what it may import and why.
///
/// An arrow that is not in this table is a mistake even if it compiles. `HouseTests` reads the sources and
/// `Package.swift` against it.
struct Room: Sendable {
    let name: String
    let floor: Int
    /// The modules it may import, each with the reason.
    let imports: [String: String]

    init(_ name: String, floor: Int, imports: [String: String]) {
        self.name = name
        self.floor = floor
        self.imports = imports
    }
}

enum House {
    /// Modules of the toolchain that any room may import, each with the reason. Foundation is none of them: it
    /// multiplies the time that the program takes to start.
    static let toolchain: [String: String] = [
        "Swift": "the standard library, imported by name only for its Unicode interface",
        "Glibc": "system calls",
        "Synchronization": "locks and atomics",
        "Dispatch": "queues for work beside the main thread",
    ]

    static let rooms: [Room] = [
        Room("CLinux", floor: 0, imports: [:]), Room("CGit2", floor: 0, imports: [:]),
        Room("CZlib", floor: 0, imports: [:]), Room("CDeflate", floor: 0, imports: [:]),
        Room("CSQLite", floor: 0, imports: [:]),
        Room("CCrypto", floor: 0, imports: [:]), Room("CSndfile", floor: 0, imports: [:]),
        Room("CEbur128", floor: 0, imports: [:]), Room("CKissFFT", floor: 0, imports: [:]),
        Room("CCurl", floor: 0, imports: [:]), Room("CMicrohttpd", floor: 0, imports: [:]),

        Room("Files", floor: 1, imports: ["CLinux": "it wraps the calls of Linux that Glibc leaves out"]),
        Room("Digest", floor: 1, imports: ["CCrypto": "it wraps libcrypto"]),
        Room("Deflate", floor: 1, imports: ["CZlib": "it wraps zlib", "CDeflate": "it wraps libdeflate"]),
        Room("SQLite", floor: 1, imports: ["CSQLite": "it wraps SQLite"]),
        Room("Audio", floor: 1, imports: ["CSndfile": "it wraps libsndfile"]),
        Room("Processes", floor: 1, imports: ["CLinux": "it wraps the calls of Linux that Glibc leaves out"]),
        Room("HTTP", floor: 1, imports: ["CCurl": "it wraps libcurl"]),
        Room(
            "Serving", floor: 1,
            imports: [
                "CMicrohttpd": "it wraps libmicrohttpd",
                "CLinux": "it wraps the calls of Linux that Glibc leaves out",
            ]),
        Room("Trace", floor: 1, imports: [:]),

        Room(
            "Git", floor: 2,
            imports: [
                "CGit2": "it wraps libgit2", "Files": "packs and refs are written durably",
                "Digest": "object ids are digests", "Deflate": "objects are compressed",
                "Trace": "reading and writing objects is timed",
            ]),
        Room(
            "Blobs", floor: 2,
            imports: [
                "Files": "blobs are files", "Digest": "blobs are named by their digest",
                "SQLite": "the journal of what is here is a database", "Trace": "putting and flushing is timed",
            ]),
        Room("Catalog", floor: 2, imports: ["Digest": "ids and values are made of digests"]),

        Room(
            "Store", floor: 3,
            imports: [
                "Catalog": "a version holds records", "Blobs": "records point to blobs",
                "Git": "versions are commits", "Files": "the store is a folder with a lock",
                "Digest": "blobs are asked for by their digest",
                "Trace": "it hands on what it is handed, and is timed",
            ]),
        Room(
            "Network", floor: 3,
            imports: [
                "HTTP": "git and git-lfs are spoken over it", "Processes": "ssh and git credential are programs",
                "Git": "git's protocol is carried, and its configuration counts",
                "Blobs": "files go out and come in", "Catalog": "what git-lfs's servers say is JSON",
                "Deflate": "requests are packed", "Files": "packs and files are sent from their place",
                "Digest": "files are known by their digest",
                "Trace": "requests are timed",
            ]),
        Room(
            "Cache", floor: 4,
            imports: [
                "Store": "it is derived from versions", "Catalog": "its rows are made of records",
                "Blobs": "lists name files by their pointers",
                "Git": "versions and folders are named by their objects",
                "SQLite": "the index is a database", "Files": "the index is a file with a lock",
                "Digest": "files are known by their digest", "Trace": "what is made again is timed",
            ]),
        Room(
            "Analysis", floor: 4,
            imports: [
                "CEbur128": "loudness is measured by libebur128", "CKissFFT": "spectra are computed by kissfft",
                "Audio": "samples are decoded", "Catalog": "what a blob says is JSON",
                "Deflate": "blobs are compressed", "Digest": "audio is known by its digest",
                "Files": "audio is read from files, several at once",
            ]),
        Room(
            "Sync", floor: 5,
            imports: [
                "Store": "what a remote has is taken in", "Network": "a remote may be another computer",
                "Blobs": "files go to a remote and come from it",
                "Catalog": "a remote is known by the store's own record",
                "Git": "remotes are repositories", "Files": "remotes are folders",
                "Trace": "the steps of a round are timed",
            ]),
        Room(
            "Guests", floor: 5,
            imports: [
                "Store": "a guest's store lies over another", "Catalog": "what a scratch store says is JSON",
                "Blobs": "a guest's files come into the store below", "Git": "a guest begins with a commit",
                "Files": "a scratch store is a folder with a lock",
            ]),
        Room(
            "Publishing", floor: 5,
            imports: [
                "HTTP": "publishing services are asked by it", "Processes": "posts are handed to programs",
                "Catalog": "it brings out posts",
                "Files": "feeds are files, and so is what is remembered of hand-offs",
                "Digest": "a hand-off is known by the digest of what went out",
            ]),
        Room(
            "Offbeat", floor: 6,
            imports: [
                "Publishing": "posts are brought out by it", "Guests": "scratch stores are made and kept by it",
                "Sync": "what is shared is reached through it", "Cache": "lists are answered from it",
                "Analysis": "audio is analysed, and what came of it is read",
                "Store": "every use case reads a snapshot or takes the door",
                "Network": "a remote is opened with git's configuration", "Catalog": "it speaks of records",
                "Blobs": "added files become blobs", "Git": "versions are named by their commit",
                "Audio": "added files are looked at", "Files": "files come in and go out by their path",
                "Digest": "contents are named by their digest",
                "Processes": "a separator is a program of the person's choice",
            ]),
        Room(
            "Web", floor: 7,
            imports: [
                "Offbeat": "the one face that it calls", "Serving": "what it answers goes out by it",
                "Catalog": "documents are JSON, ids are parsed",
                "Store": "versions and changes are its values; opening and writing are left to Offbeat",
                "Cache": "how lists are sorted is its value; asking is left to Offbeat",
                "Sync": "what came of a round is its value; syncing is left to Offbeat",
                "Guests": "a guest's pass is its value; what becomes of guests is left to Offbeat",
                "Files": "pages are files, uploads too, and the head is watched",
                "Blobs": "the hash and the size of a file are its values; files are opened by Offbeat",
                "Digest": "secrets are known by their digests, and answers by theirs",
            ]),
        Room(
            "Terminal", floor: 8,
            imports: [
                "Web": "what it serves is the page",
                "Offbeat": "the one face that it calls", "Catalog": "answers are JSON, ids are parsed",
                "Store": "versions and changes are its values; opening and writing are left to Offbeat",
                "Sync": "what a round reports is its value; rounds are left to Offbeat",
                "Guests": "a guest's pass is its value; what becomes of guests is left to Offbeat",
                "Cache": "how an answer came about is its value; asking is left to Offbeat",
                "Analysis": "what is heard is its value; listening is left to Offbeat",
                "Files": "arguments are paths", "Trace": "what OFFBEAT_TRACE asks for is told on standard error",
            ]),
    ]
}
