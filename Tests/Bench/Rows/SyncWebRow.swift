import Files
import TestSupport

extension Row {
    /// Both sides speak with one nginx, which has `git http-backend` behind it, and gives and takes the files itself.
    static let syncWeb = Row(name: "sync-web", summary: "1,000 files of 64 KiB by HTTP") { workshop in
        guard WebServer.isInstalled, SharedSounds.comparesWithLFS else { return [] }
        let sounds = try SharedSounds(1000, of: 1 << 16, workshop)
        let web = try SharedWeb(sounds, workshop)
        defer { web.stop() }
        let pushing = try Pairs.measure([
            Contestant(
                name: Workshop.ours, prepare: { try web.empty(.ours) }, run: sounds.push),
            Contestant(name: SharedSounds.lfs, prepare: { try web.empty(.lfs) }, run: sounds.pushWithLFS),
        ])
        let (store, repository) = (workshop.path("cloned-store"), workshop.path("cloned-repository"))
        let pulling = try Pairs.measure([
            Contestant(
                name: Workshop.ours, run: { try web.clone(to: store) }, clear: { try FileSystem.removeTree(store) }),
            Contestant(
                name: SharedSounds.lfs, run: { try web.cloneWithLFS(to: repository) },
                clear: { try FileSystem.removeTree(repository) }),
        ])
        let note = "the same nginx for both; ours makes what came durable; git-lfs fetches into a bare clone"
        return pushing.findings(
            "sync-web", .init("push", against: SharedSounds.lfs, .times(1 / 1.5), note: note)
        ) + pulling.findings("sync-web", .init("clone", against: SharedSounds.lfs, .times(1 / 1.5)))
            + (try web.countRequests(sounds, store, repository))
            + [pushing.memory("sync-web", below: 128 << 20), pulling.memory("sync-web", below: 128 << 20)]
    }
}

/// A web server that both programs share files through, each by a repository of its own.
private struct SharedWeb {
    enum Side: String, CaseIterable { case ours, lfs }

    private let workshop: Workshop
    private let sounds: SharedSounds
    private let files: FilePath
    private let questions: LFSServer
    private let server: WebServer

    init(_ sounds: SharedSounds, _ workshop: Workshop) throws {
        self.workshop = workshop
        self.sounds = sounds
        let place = workshop.path("web")
        try FileSystem.makeDirectory(place)
        questions = try LFSServer(.plain, in: place)
        files = questions.folder
        var settings = WebServer.Settings()
        settings.filesAt = questions.port
        settings.storage = files
        server = try WebServer(in: place, settings)
        for side in Side.allCases { try makeRemote(side) }
    }

    func stop() {
        server.stop()
        questions.stop()
    }

    private func url(_ side: Side) -> String { "\(server.url)/team/\(side).git" }

    private func makeRemote(_ side: Side) throws {
        _ = try server.makeRepository("team/\(side)", home: workshop.path("web"))
        try remote(side, "add", "origin", url(side))
    }

    private func remote(_ side: Side, _ words: String...) throws {
        switch side {
        case .ours:
            try workshop.finish([workshop.offbeat, "--store", sounds.store.string, "remote"] + words)
        case .lfs:
            try workshop.finish(
                ["git", "-C", sounds.repository.string, "remote"] + words, environment: workshop.withLFS)
        }
    }

    /// Takes away what was pushed, and what is remembered of it: the next push is the first again.
    func empty(_ side: Side) throws {
        try remote(side, "rm", "origin")
        try FileSystem.removeTree(server.root.appending("team/\(side).git"))
        try makeRemote(side)
        for entry in try FileSystem.list(files) { try FileSystem.remove(files.appending(entry.name)) }
    }

    func clone(to path: FilePath) throws -> Reading {
        try workshop.time([workshop.offbeat, "clone", url(.ours), path.string, "--user", "ana", "--quiet"])
    }

    func cloneWithLFS(to path: FilePath) throws -> Reading {
        try workshop.time(
            [
                "sh", "-c",
                "git clone -q --bare '\(url(.lfs))' '\(path)' && git -C '\(path)' lfs fetch origin main >/dev/null",
            ], environment: workshop.withLFS)
    }

    /// What one push and one clone of each side asked of the server.
    func countRequests(_ sounds: SharedSounds, _ store: FilePath, _ repository: FilePath) throws -> [Finding] {
        func count(_ step: () throws -> Void) rethrows -> Double {
            let before = server.requests.count
            try step()
            return Double(server.requests.count - before)
        }
        var counts: [String: (ours: Double, theirs: Double)] = [:]
        try empty(.ours)
        let pushed = try count { _ = try sounds.push() }
        try empty(.lfs)
        counts["push"] = (pushed, try count { _ = try sounds.pushWithLFS() })
        let cloned = try count { _ = try clone(to: store) }
        counts["clone"] = (cloned, try count { _ = try cloneWithLFS(to: repository) })
        for path in [store, repository] { try FileSystem.removeTree(path) }
        return counts.sorted { $0.key > $1.key }.map { what, pair in
            Finding(
                row: "sync-web", what: "requests of a \(what)", ours: Sample([pair.ours]), unit: .requests,
                other: (SharedSounds.lfs, Sample([pair.theirs])), goal: .times(1))
        }
    }
}
