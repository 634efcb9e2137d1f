import Files
import TestSupport
import Testing

@testable import Git

private let main = "refs/heads/main"
private let other = "refs/heads/other"

@Suite(.enabled(if: hasGit, needsGit)) struct PushTests {
    /// Pushes what ours has and the server lacks.
    private func push(
        _ commands: [PushCommand], from ours: Fixture, to server: Fixture, by way: Way, configured: [String] = [],
        change: (any WireChannel) -> Void = { _ in }, progress: @escaping (WireProgress) -> Void = { _ in }
    ) throws -> [PushOutcome] {
        let channel = try server.channel(.receivePack, by: way, configured: configured)
        defer { channel.close() }
        let advertisement = try Advertisement.read(from: channel, of: .receivePack)
        change(channel)
        let writer = ObjectWriter(
            repository: ours.repository, temporary: ours.temporary, checksExisting: false)
        var transfer = ObjectTransfer(
            from: ours.repository, to: ours.repository, known: advertisement.references.map(\.id), writer: writer)
        _ = try transfer.bring(commands.compactMap(\.new))
        return try PushSession(over: channel, after: advertisement, agent: "offbeat/test", progress: progress)
            .push(commands, pack: try writer.finishPack())
    }

    private func head(_ name: String, of fixture: Fixture) throws -> ObjectID? {
        try fixture.repository.refresh()
        return try fixture.repository.resolve(name)
    }

    @Test(arguments: Way.allCases) func `References are made, moved and taken away`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try ours.grow(30))
            try #expect(push([PushCommand(main, from: nil, to: first)], from: ours, to: server, by: way) == [.done])
            #expect(try head(main, of: server) == first)
            let second = try #require(try ours.grow(2, word: "new"))
            let commands = [
                PushCommand(main, from: first, to: second), PushCommand(other, from: nil, to: first),
            ]
            try #expect(push(commands, from: ours, to: server, by: way) == [.done, .done])
            #expect(try head(main, of: server) == second)
            #expect(try head(other, of: server) == first)
            // Nothing is to be brought where all is there.
            let back = [PushCommand(main, from: second, to: first), PushCommand(other, from: first, to: nil)]
            try #expect(push(back, from: ours, to: server, by: way) == [.done, .done])
            #expect(try head(main, of: server) == first)
            #expect(try head(other, of: server) == nil)
            let last = [PushCommand(main, from: first, to: nil)]
            try #expect(
                push(last, from: ours, to: server, by: way) == [
                    .refused("deletion of the current branch prohibited")
                ])
            try #expect(
                push(last, from: ours, to: server, by: way, configured: ["receive.denyDeleteCurrent=ignore"])
                    == [.done])
            try #expect(push([], from: ours, to: server, by: way) == [])
            try server.expectSound()
            try ours.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `A reference may stand for a single file`(way: Way) throws {
        try withServer { server, ours in
            let writer = ObjectWriter(repository: ours.repository, temporary: ours.temporary)
            let file = try writer.write(blob: Array("a claim".utf8))
            let channel = try server.channel(.receivePack, by: way)
            defer { channel.close() }
            let advertisement = try Advertisement.read(from: channel, of: .receivePack)
            let command = PushCommand("refs/offbeat/claims/1", from: nil, to: file)
            let outcomes = try PushSession(over: channel, after: advertisement).push(
                [command], pack: try writer.finishPack())
            #expect(outcomes == [.done])
            try server.repository.refresh()
            #expect(try server.repository.readBlob(file) == Array("a claim".utf8))
            try server.expectSound()
            #expect(try writer.finishPack() == nil)
        }
    }

    // MARK: Races

    @Test(arguments: Way.allCases) func `Who was slower is told, and nothing is changed`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try server.grow(2))
            try ours.fetch(from: server, by: way)
            try ours.repository.moveReference(main, from: nil, to: first, message: "x", by: somebody)
            let mine = try #require(try ours.grow(1, word: "mine"))
            var theirs: ObjectID?
            let outcomes = try push(
                [PushCommand(main, from: first, to: mine)], from: ours, to: server, by: way,
                change: { channel in
                    let change = { (_: Int) throws in theirs = try server.grow(1, word: "theirs") }
                    (channel as? PipeChannel)?.beforeSending = change
                    (channel as? RequestChannel)?.beforeSending = change
                })
            #expect(outcomes == [.moved])
            #expect(theirs != nil)
            #expect(try head(main, of: server) == theirs)
            // Now the advertisement says it, and nothing is sent.
            try #expect(
                push(
                    [PushCommand(main, from: first, to: mine), PushCommand(other, from: nil, to: mine)], from: ours,
                    to: server, by: way) == [.moved, .withheld])
            try server.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `Of two that are made at once one is`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try server.grow(1))
            try ours.fetch(from: server, by: way)
            let outcomes = try push(
                [PushCommand(other, from: nil, to: first)], from: ours, to: server, by: way,
                change: { channel in
                    let change = { (_: Int) throws in _ = try server.git("update-ref", other, first.hex) }
                    (channel as? PipeChannel)?.beforeSending = change
                    (channel as? RequestChannel)?.beforeSending = change
                })
            #expect(outcomes == [.moved])
        }
    }

    @Test(arguments: Way.allCases) func `Two references are moved both or not at all`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try server.grow(1))
            try ours.fetch(from: server, by: way)
            try ours.repository.moveReference(main, from: nil, to: first, message: "x", by: somebody)
            let mine = try #require(try ours.grow(1, word: "mine"))
            var theirs: ObjectID?
            let outcomes = try push(
                [PushCommand(other, from: nil, to: mine), PushCommand(main, from: first, to: mine)], from: ours,
                to: server, by: way,
                change: { channel in
                    let change = { (_: Int) throws in theirs = try server.grow(1, word: "theirs") }
                    (channel as? PipeChannel)?.beforeSending = change
                    (channel as? RequestChannel)?.beforeSending = change
                })
            #expect(outcomes == [.moved, .moved])
            #expect(try head(main, of: server) == theirs)
            #expect(try head(other, of: server) == nil)
        }
    }

    // MARK: Refusals

    @Test(arguments: Way.allCases) func `A hook's refusal is told with its words`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try ours.grow(1))
            let hook = server.path.appending("hooks/pre-receive")
            try FileSystem.makeDirectories(hook.parent)
            try FileSystem.write("#!/bin/sh\necho 'main is protected' >&2\nexit 1\n", to: hook, mode: 0o755)
            var words: [String] = []
            let outcomes = try push(
                [PushCommand(main, from: nil, to: first)], from: ours, to: server, by: way,
                progress: { if let said = $0.words { words.append(said) } })
            #expect(outcomes == [.refused("pre-receive hook declined")])
            #expect(words == ["main is protected"])
            #expect(try head(main, of: server) == nil)
        }
    }

    @Test(arguments: Way.allCases) func `Only one of two is refused by a hook of its own`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try ours.grow(1))
            let hook = server.path.appending("hooks/update")
            try FileSystem.makeDirectories(hook.parent)
            try FileSystem.write("#!/bin/sh\ntest $1 != \(main)\n", to: hook, mode: 0o755)
            let commands = [PushCommand(main, from: nil, to: first), PushCommand(other, from: nil, to: first)]
            try #expect(push(commands, from: ours, to: server, by: way) == [.refused("hook declined"), .withheld])
            #expect(try head(other, of: server) == nil)
            try #expect(
                push(
                    commands, from: ours, to: server, by: way, configured: ["receive.advertiseAtomic=false"]
                ) == [.refused("hook declined"), .done])
            try server.expectSound()
        }
    }

    @Test(arguments: Way.allCases) func `A server's rules are told from a race`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try server.grow(2))
            try ours.fetch(from: server, by: way)
            let parent = try #require(try ours.repository.readCommit(first).parents.first)
            try #expect(
                push(
                    [PushCommand(main, from: first, to: parent)], from: ours, to: server, by: way,
                    configured: ["receive.denyNonFastForwards=true"]) == [.notFastForward])
            try server.git("update-ref", other, first.hex)
            try #expect(
                push(
                    [PushCommand(other, from: first, to: nil)], from: ours, to: server, by: way,
                    configured: ["receive.denyDeletes=true"]) == [.refused("deletion prohibited")])
        }
    }

    @Test(arguments: Way.allCases) func `A pack that a server cannot take moves nothing`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try ours.grow(3))
            let channel = try server.channel(.receivePack, by: way)
            defer { channel.close() }
            let advertisement = try Advertisement.read(from: channel, of: .receivePack)
            let pack = ours.folder.appending("pack")
            var draft = PackDraft()
            draft.add(3, [1, 2, 3])
            var bytes = draft.finished()
            bytes[bytes.count - 1] ^= 1
            try FileSystem.write(bytes, to: pack)
            let error = try wireError {
                try PushSession(over: channel, after: advertisement).push(
                    [PushCommand(main, from: nil, to: first)], pack: pack)
            }
            #expect(error.code == .refusedByServer)
            #expect(error.message == "the git server could not take the objects")
            #expect(try head(main, of: server) == nil)
        }
    }

    @Test(arguments: Way.allCases) func `What lacks objects is refused`(way: Way) throws {
        try withServer { server, ours in
            let first = try #require(try ours.grow(3))
            let channel = try server.channel(.receivePack, by: way)
            defer { channel.close() }
            let advertisement = try Advertisement.read(from: channel, of: .receivePack)
            let outcomes = try PushSession(over: channel, after: advertisement).push(
                [PushCommand(main, from: nil, to: first)])
            #expect(outcomes == [.refused("missing necessary objects")])
        }
    }

    // MARK: What servers may say

    private static let can = "report-status delete-refs side-band-64k atomic agent=x"
    private static let zero = String(repeating: "0", count: 40)

    private func push(hearing report: [UInt8], capabilities: String = can) throws -> [PushOutcome] {
        let channel = ScriptedChannel(
            Pkt.lines("\(Self.zero) capabilities^{}\0\(capabilities)", nil), report, step: 4099)
        let advertisement = try Advertisement.read(from: channel, of: .receivePack)
        let outcomes = try PushSession(over: channel, after: advertisement, agent: "off beat").push([
            PushCommand(main, from: nil, to: try id(of: "1")), PushCommand(other, from: nil, to: try id(of: "2")),
        ])
        let sent = String(decoding: channel.sent.last ?? [], as: UTF8.self)
        #expect(channel.isEnded)
        #expect(!sent.contains("agent") || sent.contains("agent=off-beat"))
        return outcomes
    }

    @Test func `A server that deletes nothing is not asked to`() throws {
        let one = String(repeating: "1", count: 40)
        let channel = ScriptedChannel(Pkt.lines("\(one) \(main)\0report-status", nil))
        let advertisement = try Advertisement.read(from: channel, of: .receivePack)
        let outcomes = try PushSession(over: channel, after: advertisement).push([
            PushCommand(main, from: try id(of: "1"), to: nil)
        ])
        #expect(outcomes == [.refused("the git server deletes no references")])
        #expect(channel.sent.isEmpty)
    }

    @Test func `A report is read with and without bands`() throws {
        let report = Pkt.lines("unpack ok\n", "ng \(main) protected branch hook declined\n", "ok \(other)\n", nil)
        let expected: [PushOutcome] = [.refused("protected branch hook declined"), .done]
        #expect(try push(hearing: report, capabilities: "report-status") == expected)
        let bands =
            Pkt.band(2, "one\rtwo") + Pkt.band(1, Array(report.prefix(20))) + Pkt.line([])
            + Pkt.band(1, Array(report.dropFirst(20))) + Pkt.flush
        #expect(try push(hearing: bands) == expected)
    }

    @Test func `An end before the report leaves everybody in doubt`() throws {
        let half = Pkt.lines("unpack ok\n", "ok \(main)\n")
        for report in [[], Pkt.flush, Array("00".utf8), Pkt.band(1, Pkt.lines("unpack ok")), Pkt.band(1, half)] {
            #expect(try wireError { try push(hearing: report) }.code == .unanswered)
        }
        let channel = ScriptedChannel(Pkt.lines("\(Self.zero) capabilities^{}\0\(Self.can)", nil), [])
        let advertisement = try Advertisement.read(from: channel, of: .receivePack)
        channel.failure = ChannelFailure(description: "the line is dead")
        let error = try wireError {
            try PushSession(over: channel, after: advertisement).push([
                PushCommand(main, from: nil, to: try id(of: "1"))
            ])
        }
        #expect(error.code == .unanswered)
        #expect(error.cause is ChannelFailure)
    }

    @Test func `A server that takes no more may say why`() throws {
        func push(hearing report: [UInt8], isStateless: Bool = false) throws -> [PushOutcome] {
            let channel = ScriptedChannel(
                Pkt.lines("\(Self.zero) capabilities^{}\0\(Self.can)", nil), report, isStateless: isStateless)
            channel.sendFailure = ChannelFailure(description: "nobody reads")
            let advertisement = try Advertisement.read(from: channel, of: .receivePack)
            return try PushSession(over: channel, after: advertisement).push([
                PushCommand(main, from: nil, to: try id(of: "1"))
            ])
        }
        let report = Pkt.band(1, Pkt.lines("unpack too large\n", nil)) + Pkt.flush
        #expect(try wireError { try push(hearing: report) }.words == "too large")
        #expect(try wireError { try push(hearing: Pkt.band(3, "too large")) }.words == "too large")
        #expect(throws: ChannelFailure.self) { try push(hearing: []) }
        // What was said before is gone where each request is a journey of its own.
        #expect(throws: ChannelFailure.self) { try push(hearing: report, isStateless: true) }
    }

    @Test func `A report without end is not read to it`() throws {
        let lines = (0..<100).flatMap { _ in Pkt.line([UInt8](repeating: 120, count: 60_000)) }
        #expect(try wireError { try push(hearing: lines, capabilities: "report-status") }.code == .unanswered)
        let bands = (0..<100).flatMap { _ in Pkt.band(1, [UInt8](repeating: 120, count: 60_000)) }
        #expect(try wireError { try push(hearing: bands) }.code == .unanswered)
    }

    @Test func `A server that ends with words is told from one that ends`() throws {
        let fatal = try wireError { try push(hearing: Pkt.band(3, "fatal: no room\n")) }
        #expect(fatal.code == .refusedByServer)
        #expect(fatal.words == "fatal: no room")
        #expect(try wireError { try push(hearing: Pkt.lines("ERR go away")) }.words == "go away")
        let unpack = try wireError { try push(hearing: Pkt.band(1, Pkt.lines("unpack no space left", nil))) }
        #expect(unpack.code == .refusedByServer)
        #expect(unpack.words == "no space left")
        #expect(try wireError { try push(hearing: Pkt.band(1, Pkt.lines("what", nil))) }.code == .garbage)
        #expect(try wireError { try push(hearing: [], capabilities: "delete-refs") }.code == .unsupported)
    }

    @Test(arguments: [
        ("failed to update ref", PushOutcome.moved), ("reference already exists", .moved),
        ("cannot lock ref 'refs/heads/main': is at 1 but expected 2", .moved),
        ("atomic transaction failed", .moved), ("failed to update refs", .moved),
        ("incorrect old value provided", .moved), ("reference does not exist", .moved),
        ("StaleOldObjectId", .moved), ("LOCK_FAILURE", .moved),
        ("refname conflict", .refused("refname conflict")),
        (
            "cannot lock ref 'a': 'a/b' exists; cannot create 'a'",
            .refused("cannot lock ref 'a': 'a/b' exists; cannot create 'a'")
        ),
        ("non-fast-forward", .notFastForward), ("atomic push failure", .withheld),
        ("pre-receive hook declined", .refused("pre-receive hook declined")),
    ]) func `Reasons mean what they mean`(reason: String, outcome: PushOutcome) {
        #expect(PushOutcome(refusal: reason) == outcome)
    }
}
