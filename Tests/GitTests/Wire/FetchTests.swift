import Files
import TestSupport
import Testing

@testable import Git

private let main = "refs/heads/main"

extension Fixture {
    /// Fetches what a server's branch leads to, lets the objects be found, and moves ours there.
    @discardableResult
    func fetch(
        _ names: [String] = [main], from server: Fixture, by way: Way, configured settings: [String] = [],
        limits: FetchLimits = FetchLimits(), sent: (([[UInt8]]) -> Void)? = nil
    ) throws -> FetchedPack? {
        let channel = try server.channel(.uploadPack, by: way, configured: settings)
        defer { channel.close() }
        let advertisement = try Advertisement.read(from: channel)
        let wants = try names.map { try #require(advertisement[$0]) }
        let session = FetchSession(over: channel, after: advertisement, agent: "offbeat/test", limits: limits)
        let tips = try repository.references().map(\.id)
        let pack = try session.fetch(
            wants, lackedBy: repository, knowing: tips, into: path.appending("objects").appending("pack"))
        if pack == nil { channel.leave() }
        sent?((channel as? PipeChannel)?.sent ?? (channel as? RequestChannel)?.sent ?? [])
        try repository.refresh()
        for (name, id) in zip(names, wants) {
            let remembered = "refs/remotes/origin/" + name.split(separator: "/", maxSplits: 2)[2]
            try repository.note(remembered, at: id, temporary: temporary)
        }
        return pack
    }

    /// Makes so many versions on a branch, quickly.
    @discardableResult
    func grow(_ count: Int, on branch: String = main, word: String = "line", from seconds: Int64 = 1_700_000_000)
        throws
        -> ObjectID?
    {
        let current = try repository.resolve(branch)
        var parent = current
        try write { writer in
            for number in 0..<count {
                var edit = TreeEdit()
                // Long enough that git stores differences.
                let text = String(repeating: "the same in every version\n", count: 40) + "\(word) \(number)\n"
                edit.set(try treePath("folder/\(number % 7).txt"), blob: try writer.write(blob: Array(text.utf8)))
                edit.set(try treePath("\(word)-\(number).txt"), blob: try writer.write(blob: Array(word.utf8)))
                let tree = try edit.apply(to: nil, reading: repository, writing: writer) ?? writer.write(Tree())
                let person = Signature(name: "Ada", email: "ada@example.org", seconds: seconds + Int64(number))
                parent = try writer.write(
                    Commit(
                        tree: tree, parents: parent.map { [$0] } ?? [], author: person, committer: person,
                        message: "\(word) \(number)"))
            }
        }
        if let parent, parent != current {
            try repository.moveReference(branch, from: current, to: parent, message: "grow", by: somebody)
        }
        return parent
    }
}

@Suite(.enabled(if: hasGit, needsGit)) struct FetchTests {
    @Test(arguments: Way.allCases) func `A first fetch brings everything, stored as differences`(way: Way) throws {
        try withServer { server, ours in
            try server.grow(60)
            try server.git("repack", "-adfq", "--depth=50", "--window=50")
            let pack = try #require(try ours.fetch(from: server, by: way))
            #expect(pack.objects == 60 * 4 + 1)
            #expect(try FileSystem.read(pack.pack).count == pack.bytes)
            #expect(try ours.names(in: "objects/pack").count == 2)
            #expect(try ours.git("rev-list", "--objects", "--all") == server.git("rev-list", "--objects", "--all"))
            // git's own index of the same pack is the same to the last byte.
            let index = ours.folder.appending("index")
            try ours.git("index-pack", "-o", index.string, pack.pack.string)
            #expect(try FileSystem.read(index) == FileSystem.read(pack.index))
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `What is here is not sent again, and one round tells that`(way: Way) throws
    {
        try withServer { server, ours in
            try server.grow(300)
            try ours.fetch(from: server, by: way)
            try server.grow(2, word: "new", from: 1_700_001_000)
            let pack = try ours.fetch(from: server, by: way) { #expect($0.count == (way == .pipe ? 2 : 1)) }
            #expect(pack?.objects == 2 * 4 + 1)
            let nothing = try ours.fetch(from: server, by: way) { sent in
                #expect(sent == (way == .pipe ? [Pkt.flush] : []))
            }
            #expect(nothing == nil)
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `What is stored as the difference to what is here is completed`(way: Way)
        throws
    {
        try withServer { server, ours in
            // A large folder, of which one file is changed: without differences all its names come again.
            var files: [String: String] = [:]
            for number in 0..<2000 { files["tracks/\(number).json"] = "track \(number)" }
            try server.commit(files)
            try ours.fetch(from: server, by: way)
            try server.commit(["tracks/77.json": "changed"])
            let pack = try #require(try ours.fetch(from: server, by: way))
            // Commit, two folders and a file, and what the folders differ from.
            #expect(4...6 ~= pack.objects)
            let brought = try ours.git("rev-list", "--objects", "--all")
            #expect(try brought == server.git("rev-list", "--objects", "--all"))
            let index = ours.folder.appending("index")
            try ours.git("index-pack", "--strict", "-o", index.string, pack.pack.string)
            #expect(try FileSystem.read(index) == FileSystem.read(pack.index))
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `Both went on, and meet far below`(way: Way) throws {
        try withServer { server, ours in
            try server.grow(50)
            try ours.fetch(from: server, by: way)
            try ours.git("update-ref", main, "refs/remotes/origin/main")
            // Ours is later than all of the server's, so the server knows none of what it is told first.
            try ours.grow(700, word: "ours", from: 1_800_000_000)
            try ours.git("update-ref", "-d", "refs/remotes/origin/main")
            try server.grow(3, word: "theirs")
            let pack = try ours.fetch(from: server, by: way) { sent in
                let told = sent.map {
                    $0.split(separator: UInt8(ascii: "\n")).count { $0.contains(UInt8(ascii: "h")) }
                }
                #expect(told.reduce(0, +) > 700)
            }
            #expect(pack?.objects == 3 * 4 + 1)
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `Histories that never met`(way: Way) throws {
        try withServer { server, ours in
            try server.grow(5)
            try ours.grow(400, word: "ours")
            let pack = try ours.fetch(from: server, by: way)
            #expect(pack?.objects == 5 * 4 + 1)
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `An empty repository has nothing to give`(way: Way) throws {
        try withServer { server, _ in
            let channel = try server.channel(.uploadPack, by: way)
            let advertisement = try Advertisement.read(from: channel)
            #expect(advertisement.references.isEmpty)
            channel.leave()
        }
    }

    @Test(arguments: Way.allCases) func `Tags, single files, and thousands of references`(way: Way) throws {
        try withServer { server, ours in
            let head = try #require(try server.grow(3))
            try server.git("tag", "-a", "-m", "a tag", "v1", head.hex)
            let file = try server.write { try $0.write(blob: Array("a claim".utf8)) }
            try server.git("update-ref", "refs/offbeat/claims/1", file.hex)
            var packed = "# pack-refs with: peeled fully-peeled sorted \n"
            for number in 10_000..<14_000 { packed += "\(head) refs/heads/many/\(number)\n" }
            try FileSystem.write(packed, to: server.path.appending("packed-refs"))
            let names = ["refs/tags/v1", "refs/offbeat/claims/1", "refs/heads/many/12345"]
            let pack = try ours.fetch(names, from: server, by: way)
            #expect(pack?.objects == 3 * 4 + 1 + 2)
            #expect(try ours.repository.readBlob(file) == Array("a claim".utf8))
            // A file is whole once it is here; the tag is known as one of our tips.
            #expect(try ours.fetch(names, from: server, by: way) == nil)
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `What lies here of a transfer that was cut off comes again`(way: Way) throws
    {
        try withServer { server, ours in
            let head = try #require(try server.grow(3))
            // The commit alone, as if what it consists of had never come.
            let commit = try server.repository.readCommit(head)
            try ours.write { writer in _ = try writer.write(commit) }
            #expect(try ours.fetch(from: server, by: way)?.objects == 3 * 4 + 1)
            try ours.expectSound()
        }
    }

    @Test func `A server that is shallow is refused`() throws {
        try withServer { server, ours in
            try server.grow(3)
            try withFixture { shallow in
                try shallow.git("fetch", "-q", "--depth=1", "file://" + server.path.string, "main:main")
                let error = try wireError { try ours.fetch(from: shallow, by: .pipe) }
                #expect(error.code == .unsupported)
                #expect(error.message.contains("shallow"))
            }
        }
    }

    @Test func `A server refuses what it does not offer`() throws {
        try withServer { server, ours in
            try server.grow(2)
            let channel = try server.channel(.uploadPack, by: .pipe)
            let session = FetchSession(over: channel, after: try Advertisement.read(from: channel))
            let error = try wireError { try session.fetch([try id(of: "7")], into: ours.folder) }
            #expect(error.code == .refusedByServer)
            #expect(error.words?.contains("not our ref") == true)
        }
    }

    @Test func `It is told how far it is, and can be stopped`() throws {
        try withServer { server, ours in
            try server.grow(30)
            var seen: [WireProgress] = []
            let folder = ours.folder.appending("packs")
            func fetch(stopping isStopped: @escaping () -> Bool) throws -> FetchedPack? {
                let channel = try server.channel(.uploadPack, by: .pipe)
                defer { channel.close() }
                let advertisement = try Advertisement.read(from: channel)
                return try FetchSession(over: channel, after: advertisement, isStopped: isStopped) {
                    seen.append($0)
                }
                .fetch([try #require(advertisement[main])], into: folder)
            }
            let error = try wireError { try fetch { seen.contains { $0.bytes > 0 } } }
            #expect(error.code == .stopped)
            #expect(try FileSystem.list(folder).isEmpty)
            seen = []
            let pack = try #require(try fetch { false })
            #expect(
                seen.last { $0.bytes > 0 }.map { [$0.bytes, $0.objects, $0.total] } == [
                    pack.bytes, 120 + 1, 120 + 1,
                ])
            #expect(seen.contains { $0.words?.hasPrefix("Enumerating objects") == true })
        }
    }

    @Test(arguments: [FetchLimits.bytes(1000), .objects(10), .objectBytes(300), .unpackedBytes(5000)])
    func `More than the limits is refused, and leaves nothing`(limits: FetchLimits) throws {
        try withServer { server, ours in
            try server.grow(30)
            let error = try wireError { try ours.fetch(from: server, by: .pipe, limits: limits) }
            #expect(error.code == .tooLarge)
            #expect(try ours.names(in: "objects/pack").isEmpty)
        }
    }

    @Test func `A server of few words is understood`() throws {
        // Without its capabilities git's server speaks the simplest way, and sends the pack as it is.
        try withServer { server, ours in
            try server.grow(40)
            for way in Way.allCases {
                try withFixture { ours in
                    try fetchPlainly(from: server, by: way, to: ours, expecting: nil)
                    try server.grow(1, word: "more-\(way)")
                    try fetchPlainly(from: server, by: way, to: ours, expecting: 5)
                    // None of these is known to the server, and then one is.
                    try ours.git("update-ref", "refs/heads/main", "refs/remotes/origin/main")
                    try ours.grow(100, word: "ours", from: 1_900_000_000)
                    try server.grow(1, word: "again-\(way)")
                    try fetchPlainly(from: server, by: way, to: ours, expecting: 5)
                    try ours.expectSound()
                }
            }
            try fetchPlainly(from: server, by: .pipe, to: ours, expecting: nil)
            try ours.expectSound()
        }
    }

    private func fetchPlainly(from server: Fixture, by way: Way, to ours: Fixture, expecting count: Int?) throws {
        let channel = try server.channel(.uploadPack, by: way)
        defer { channel.close() }
        var advertisement = try Advertisement.read(from: channel)
        advertisement.capabilities = []
        let head = try #require(advertisement[main])
        let pack = try FetchSession(over: channel, after: advertisement).fetch(
            [head], lackedBy: ours.repository, knowing: try ours.repository.references().map(\.id),
            into: ours.path.appending("objects/pack"))
        if let count { #expect(pack?.objects == count) } else { #expect(pack != nil) }
        try ours.repository.refresh()
        try ours.repository.note("refs/remotes/origin/main", at: head, temporary: ours.temporary)
    }
}

extension FetchLimits {
    static func bytes(_ count: Int) -> FetchLimits { with { $0.packBytes = count } }
    static func objects(_ count: Int) -> FetchLimits { with { $0.objects = count } }
    static func objectBytes(_ count: Int) -> FetchLimits { with { $0.objectBytes = count } }
    static func unpackedBytes(_ count: Int) -> FetchLimits { with { $0.unpackedBytes = count } }
    private static func with(_ change: (inout FetchLimits) -> Void) -> FetchLimits {
        var limits = FetchLimits()
        change(&limits)
        return limits
    }
}
