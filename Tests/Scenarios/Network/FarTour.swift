import Catalog
import Files
import TestSupport
import Testing

/// A band whose laptops share a remote on another computer: one behind a web server, or one that ssh reaches.
struct FarTour {
    let studio: Studio
    /// Where the remote is.
    let url: String
    /// The repository, as it lies on the server.
    let remote: FilePath
    /// What programs find in their environment: how ssh is to be run.
    let surroundings: [String: String]

    func store(_ laptop: String) -> FilePath { studio.work.appending(laptop) }

    /// Runs a command at somebody's laptop.
    func at(_ laptop: String, _ words: Word..., adding extra: [String: String] = [:]) throws -> Outcome {
        try run(["--store", Word(store(laptop))] + words, adding: extra)
    }

    /// The same, for its document.
    func json(_ laptop: String, _ words: Word..., adding extra: [String: String] = [:]) throws -> Outcome {
        try json(laptop, words: words, adding: extra)
    }

    func json(_ laptop: String, words: [Word], adding extra: [String: String] = [:]) throws -> Outcome {
        try run(["--json", "--store", Word(store(laptop))] + words, adding: extra)
    }

    func run(_ words: [Word], adding extra: [String: String] = [:]) throws -> Outcome {
        try studio.offbeat(words: words, adding: surroundings.merging(extra) { $1 })
    }

    func start(_ laptop: String, _ words: Word...) throws -> Studio.Running {
        try studio.start(
            [Word(Scenarios.program()), "--json", "--store", Word(store(laptop))] + words, adding: surroundings)
    }

    /// Runs plain git, which has git-lfs, with the same surroundings.
    func git(_ words: Word..., in directory: FilePath? = nil) throws -> Outcome {
        let setting: [Word] = ["-c", "user.name=Git", "-c", "user.email=git@invalid"]
        return try studio.run(["git"] + setting + words, in: directory ?? studio.work, adding: surroundings)
    }

    /// Ana's store with songs, synced, and Ben's clone of it, each holding the same version.
    func begin(songs: Int = 2) throws {
        try studio.offbeat("init", "ana", "--user", "ana", "--name", "Band").done()
        for number in 1...songs {
            let sound = try studio.sound(FilePath("song \(number).wav"), seed: UInt64(number), frames: 20_000)
            try at("ana", "add", "--no-analyze", Word(sound)).done()
        }
        try at("ana", "remote", "add", "origin", Word(url)).done()
        try at("ana", "sync").done()
        try run(["clone", Word(url), Word(store("ben")), "--user", "ben"]).done()
        for laptop in ["ben", "ana"] { try at(laptop, "sync").done() }
    }

    func titles(_ laptop: String) throws -> [String] {
        let tracks = try json(laptop, "ls").done().json()["tracks"]?.asArray ?? []
        return tracks.compactMap { $0["title"]?.asString }.sorted()
    }

    func head(_ laptop: String) throws -> String {
        try studio.git("rev-parse", "main", in: store(laptop)).done().line
    }

    /// All laptops and the remote hold one version with all its files, and no check finds a fault anywhere.
    func expectTogether(_ laptops: [String], location: SourceLocation = #_sourceLocation) throws {
        let head = try studio.git("rev-parse", "main", in: remote).done().line
        for laptop in laptops {
            #expect(try self.head(laptop) == head, "\(laptop)", sourceLocation: location)
            let check = try at(laptop, "fsck", "--deep")
            #expect(check.status == 0, "\(laptop): \(check)", sourceLocation: location)
            let status = try json(laptop, "status").done().json()
            #expect(status["files"]?["missing"] == .integer(0), "\(laptop): \(status)", sourceLocation: location)
        }
        for place in [remote] + laptops.map(store) {
            let check = try studio.git("fsck", "--full", "--strict", "--no-dangling", in: place)
            #expect(check.status == 0 && check.text.isEmpty, "\(place): \(check)", sourceLocation: location)
        }
    }
}

// MARK: Behind a web server

extension FarTour {
    /// A remote behind nginx, with a git-lfs server beside it.
    ///
    /// - Parameter lay: lays a way to a port, and gives the port that the laptops know.
    static func overWeb(
        _ kind: LFSServer.Kind = .giftless, _ settings: WebServer.Settings = WebServer.Settings(),
        through lay: (UInt16) throws -> UInt16 = { $0 }, _ body: (FarTour, WebServer) throws -> Void
    ) throws {
        try Studio.with { studio in
            let place = studio.root.appending("server")
            try FileSystem.makeDirectory(place)
            let files = try LFSServer(kind, in: place)
            defer { files.stop() }
            var settings = settings
            settings.filesAt = files.port
            if kind == .plain { settings.storage = files.folder }
            if settings.handsOutFiles { settings.filesIn = files.folder }
            let server = try WebServer(in: place, settings)
            defer { server.stop() }
            let url = try server.makeRepository("team/band", home: studio.home)
                .replacing(":\(server.port)/", with: ":\(lay(server.port))/")
            let tour = FarTour(
                studio: studio, url: url, remote: server.root.appending("team/band.git"), surroundings: [:])
            if kind == .dulwich {
                // It has one place for all repositories, which nobody could guess.
                try tour.git("config", "--global", "lfs.url", "http://localhost:\(Word("\(files.port)"))").done()
            }
            try body(tour, server)
        }
    }

    // MARK: By ssh

    /// A remote that ssh reaches; where `servesFiles`, there is `git-lfs-transfer` too.
    static func overSSH(
        hostKeys: [String] = ["ed25519"], keyType: String = "ed25519", servesFiles: Bool = true,
        through lay: (UInt16) throws -> UInt16 = { $0 }, _ body: (FarTour, SSHServer) throws -> Void
    ) throws {
        try Studio.with { studio in
            let place = studio.root.appending("server")
            let programs = place.appending("programs")
            try FileSystem.makeDirectories(programs)
            try FileSystem.makeDirectory(place.appending("sshd"), mode: 0o700)
            let key = place.appending("key")
            try SSHServer.makeKey(at: key, type: keyType)
            if servesFiles {
                try FileSystem.symbolicLink(
                    to: Scenarios.program(), at: programs.appending("git-lfs-transfer"))
            }
            let server = try SSHServer(
                in: place.appending("sshd"), hostKeys: hostKeys, authorized: [place.appending("key.pub")],
                settings: ["SetEnv PATH=\(programs):/usr/bin:/bin"])
            defer { server.stop() }
            let known = place.appending("known")
            let port = try lay(server.port)
            let hosts = try server.knownHosts()
            try FileSystem.write(hosts + hosts.replacing("]:\(server.port) ", with: "]:\(port) "), to: known)
            let remote = place.appending("band.git")
            try studio.git("init", "-q", "--bare", "-b", "main", Word(remote), in: studio.work).done()
            try body(
                FarTour(
                    studio: studio, url: "ssh://127.0.0.1:\(port)\(remote)", remote: remote,
                    surroundings: ["GIT_SSH_COMMAND": SSHServer.command(key: key, known: known)]), server)
        }
    }
}
