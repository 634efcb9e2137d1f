import Catalog
import Files
import Glibc
import TestSupport

/// One way in which a remote can be damaged that a laptop has synced with, and what must come of it.
///
/// The laptop is Ana's, and the remote stands at the version that she has. Hers are files and objects of their own, which
/// the damage does not touch.
struct RemoteDamage: Sendable, CustomStringConvertible {
    /// What was done to what.
    let name: String
    /// The kind of problem that a check must name.
    let kind: String
    /// Whether it is found only by a deep check.
    let isDeep: Bool
    /// Does it.
    let make: @Sendable (Tour) throws -> Void

    init(_ name: String, _ kind: String, deep: Bool = false, make: @escaping @Sendable (Tour) throws -> Void) {
        self.name = name
        self.kind = kind
        isDeep = deep
        self.make = make
    }

    var description: String { name }

    /// Whether git then finds nothing there, or waits for somebody to write into a pipe.
    var stopsGit: Bool { kind == "ref" || name.hasPrefix("a pipe") }

    /// Every way.
    static let all = files + objects + branches

    private static let files = [
        RemoteDamage("a file missing", "file") { try FileSystem.remove($0.fileAtRemote()) },
        RemoteDamage("a file cut off", "file") { try $0.hurtAtRemote($0.fileAtRemote()) { Array($0.dropLast(9)) } },
        RemoteDamage("a file with other bytes", "file", deep: true) {
            try $0.hurtAtRemote($0.fileAtRemote()) { $0.dropLast() + [1] }
        },
        RemoteDamage("a pipe instead of a file", "file") { try $0.layPipe(at: $0.fileAtRemote()) },
        RemoteDamage("a folder instead of a file", "file") {
            let file = try $0.fileAtRemote()
            try FileSystem.remove(file)
            try FileSystem.makeDirectory(file)
        },
        RemoteDamage("a link instead of a file", "file") { tour in
            let file = try tour.fileAtRemote()
            try tour.studio.run(["ln", "-sf", "/etc/passwd", Word(file)]).done()
        },
        RemoteDamage("no files at all", "file") { try FileSystem.removeTree($0.remote.appending("lfs")) },
    ]

    private static let objects = [
        RemoteDamage("a record missing", "object") { try FileSystem.remove($0.looseAtRemote("main:offbeat.json")) },
        RemoteDamage("a folder missing", "object") { try FileSystem.remove($0.looseAtRemote("main:tracks")) },
        RemoteDamage("the version's tree damaged", "object") {
            try $0.hurtAtRemote($0.looseAtRemote("main^{tree}")) { $0.map { $0 ^ 0x5A } }
        },
        RemoteDamage("the version missing", "object") { try FileSystem.remove($0.looseAtRemote("main")) },
        RemoteDamage("a pipe instead of the version", "object") {
            try $0.layPipe(at: $0.looseAtRemote("main"))
        },
        RemoteDamage("an old version missing", "object", deep: true) {
            try FileSystem.remove($0.looseAtRemote("main~2"))
        },
        RemoteDamage("an old record damaged", "object", deep: true) {
            let file = try $0.looseAtRemote("main~2^{tree}")
            try $0.hurtAtRemote(file) { $0.map { $0 ^ 0x5A } }
        },
        RemoteDamage("everything missing", "object") { tour in
            _ = try tour.looseAtRemote("main")
            try FileSystem.removeTree(tour.remote.appending("objects"))
            try FileSystem.makeDirectory(tour.remote.appending("objects"))
        },
        RemoteDamage("a pack missing", "object") { try FileSystem.remove($0.packAtRemote("pack")) },
        RemoteDamage("a pack's index missing", "object") { try FileSystem.remove($0.packAtRemote("idx")) },
        RemoteDamage("a pack cut off", "pack") {
            try $0.hurtAtRemote($0.packAtRemote("pack")) { Array($0.prefix($0.count / 2)) }
        },
        RemoteDamage("a pack's checksum wrong", "pack") {
            try $0.hurtAtRemote($0.packAtRemote("pack")) { $0.dropLast() + [$0[$0.count - 1] ^ 1] }
        },
        RemoteDamage("a pack's index damaged", "pack") {
            try $0.hurtAtRemote($0.packAtRemote("idx")) { Array($0.prefix(100)) }
        },
        RemoteDamage("a pipe instead of a pack", "pack") { try $0.layPipe(at: $0.packAtRemote("pack")) },
    ]

    private static let branches = [
        RemoteDamage("HEAD scribbled over", "ref") { try FileSystem.write("scribble", to: $0.atRemote("HEAD")) },
        RemoteDamage("the branch missing", "ref") { try FileSystem.remove($0.atRemote("refs/heads/main")) },
        RemoteDamage("the branch empty", "ref") { try FileSystem.write("", to: $0.atRemote("refs/heads/main")) },
        RemoteDamage("the branch scribbled over", "ref") {
            try FileSystem.write("scribble\n", to: $0.atRemote("refs/heads/main"))
        },
        RemoteDamage("a pipe instead of the branch", "ref") { try $0.layPipe(at: $0.atRemote("refs/heads/main")) },
    ]
}

extension Tour {
    func atRemote(_ name: String) -> FilePath { remote.appending(name) }

    /// Where the remote keeps the one song's file.
    func fileAtRemote() throws -> FilePath {
        let oid = try json("ana", "show", song()).done().json()["audio"]?["oid"]?.asString ?? ""
        return atRemote("lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)")
    }

    /// Where the remote keeps an object, all of them in files of their own.
    func looseAtRemote(_ name: Word) throws -> FilePath {
        try studio.unpackAll(in: remote)
        let id = try studio.git("rev-parse", "--verify", name, in: remote).done().line
        return atRemote("objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }

    /// The one pack in which the remote keeps all objects, or its index.
    func packAtRemote(_ suffix: String) throws -> FilePath {
        try studio.git("repack", "-a", "-d", "-q", in: remote).done()
        let packs = atRemote("objects/pack")
        let found = try FileSystem.list(packs).map(\.name).filter { $0.fileExtension == suffix }
        guard found.count == 1 else { throw Unexpected("packs: \(found)") }
        return packs.appending(found[0])
    }

    /// Puts other bytes into the place of a file: the same file under another name keeps its own.
    func hurtAtRemote(_ file: FilePath, _ change: ([UInt8]) -> [UInt8]) throws {
        let bytes = try FileSystem.read(file)
        try FileSystem.remove(file)
        try FileSystem.write(change(bytes), to: file, mode: 0o444)
    }

    func layPipe(at file: FilePath) throws {
        try FileSystem.remove(file)
        guard file.withCString({ mkfifo($0, 0o644) }) == 0 else { throw Unexpected("no pipe at \(file)") }
    }

    /// A check by somebody's laptop, which ends within a minute.
    func check(_ laptop: String, _ words: Word...) throws -> RemoteCheckOutcome {
        let call =
            try [Word(Scenarios.program()), "--json", "--store", Word(store(laptop)), "fsck", "--remote"] + words
        return RemoteCheckOutcome(outcome: try studio.run(call, timeout: 60))
    }
}

/// What a check of a remote said.
struct RemoteCheckOutcome: CustomStringConvertible {
    let outcome: Outcome
    var status: Int32 { outcome.status }
    var problems: [JSON] { (try? outcome.json()["problems"]?.asArray) ?? [] }
    /// The problems that are of the remote.
    var ofRemote: [JSON] { problems.filter { $0["what"]?.asString?.hasSuffix(" at origin") == true } }
    var kinds: Set<String> { Set(problems.compactMap { $0["kind"]?.asString }) }
    var description: String { "\(outcome)" }
    func count(_ name: String) throws -> Int64? { try outcome.json()["checked"]?[name]?.asInteger }
}
