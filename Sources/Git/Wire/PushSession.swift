import Digest
public import Files

/// What is to become of one reference of a server.
public struct PushCommand: Sendable, Hashable {
    /// The reference's whole name.
    public let name: String
    /// What it stands for now; nil where there must be none. The server does nothing where it is otherwise.
    public let old: ObjectID?
    /// What it is to stand for; nil where it is to be taken away.
    public let new: ObjectID?

    /// Names a change.
    public init(_ name: String, from old: ObjectID?, to new: ObjectID?) {
        self.name = name
        self.old = old
        self.new = new
    }
}

/// What became of one command of a push.
public enum PushOutcome: Sendable, Hashable {
    /// It is done.
    case done
    /// The reference stood for something else: somebody was faster.
    case moved
    /// The server moves it only to what was made from where it stands.
    case notFastForward
    /// Not done, since another one of the same push was not.
    case withheld
    /// The server will not, for this reason, in its own words.
    case refused(String)
}

/// Moves references of a git server, all from where they are known to stand, and brings the objects that are needed.
///
/// For one push over one channel, after its advertisement. Where the server can do that, either all are moved or none.
public final class PushSession {
    private let channel: any WireChannel
    private let advertisement: Advertisement
    private let reader: PktReader
    private let agent: String
    private let progress: (WireProgress) -> Void

    private static let reportLimit = 4 << 20

    /// Prepares to push.
    ///
    /// - Parameters:
    ///   - agent: what this program calls itself, without spaces.
    ///   - progress: is told what the server says meanwhile, such as a hook's words.
    public init(
        over channel: any WireChannel, after advertisement: Advertisement, agent: String = "offbeat",
        progress: @escaping (WireProgress) -> Void = { _ in }
    ) {
        self.channel = channel
        self.advertisement = advertisement
        self.agent = agent
        self.progress = progress
        reader = PktReader(channel)
    }

    /// Whether the server moves either all references of a push or none.
    public var isAtomic: Bool { advertisement.can("atomic") }

    /// Moves the references, and tells what became of each, in their order.
    ///
    /// Nothing is sent where the advertisement says already that one stands elsewhere.
    ///
    /// - Parameter pack: what has the objects that the server lacks; nil where it lacks none.
    /// - Throws: `WireError`: `refusedByServer` where it could not take the pack, `unanswered` where all was sent and nobody
    ///   knows what became of it. What the channel throws while it sends, after which nothing was done.
    public func push(_ commands: [PushCommand], pack: FilePath? = nil) throws -> [PushOutcome] {
        guard !commands.isEmpty else { return [] }
        guard advertisement.can("report-status") else {
            throw WireError(.unsupported, "the git server would not tell what became of a push")
        }
        let early = commands.map(outcomeBeforehand)
        if early.contains(where: { $0 != nil }) { return early.map { $0 ?? .withheld } }
        var lines = requestLines(commands)
        var pack = pack
        if commands.allSatisfy({ $0.new == nil }) { pack = nil } else if pack == nil { lines += Self.nothing }
        reader.forget()
        do { try channel.send(WireRequest(lines: lines, pack: pack, isLast: true)) } catch {
            // A server that will not have all of it may say why.
            guard !channel.isStateless, let said = try whatWasSaid(), !said.isEmpty else { throw error }
            return try outcomes(of: commands, in: said)
        }
        return try outcomes(of: commands, in: try readReport())
    }

    private func outcomeBeforehand(_ command: PushCommand) -> PushOutcome? {
        if advertisement[command.name] != command.old { return .moved }
        if command.new == nil, !advertisement.can("delete-refs") {
            return .refused("the git server deletes no references")
        }
        return nil
    }

    private func requestLines(_ commands: [PushCommand]) -> [UInt8] {
        var words = ["report-status", "side-band-64k", "quiet"].filter(advertisement.can)
        if commands.count > 1, isAtomic { words.append("atomic") }
        if advertisement.value(of: "agent") != nil { words.append("agent=\(WireText.word(agent))") }
        var lines: [UInt8] = []
        for (number, command) in commands.enumerated() {
            let line = "\(command.old ?? .zero) \(command.new ?? .zero) \(command.name)"
            let rest = number == 0 ? "\0" + words.joined(separator: " ") : ""
            PktLine.append(Array((line + rest).utf8), to: &lines)
        }
        PktLine.appendFlush(to: &lines)
        return lines
    }

    /// A pack of no objects, which a server waits for wherever something is made or moved.
    private static let nothing: [UInt8] = {
        let header = PackWriter.header(count: 0)
        return header + SHA1.hash(of: header)
    }()

    // MARK: The report

    /// What a server said that ended before it had all; nil where it said nothing whole.
    private func whatWasSaid() throws -> [ArraySlice<UInt8>]? {
        do { return try readReport() } catch let error as WireError where error.code == .refusedByServer {
            throw error
        } catch { return nil }
    }

    /// The lines of the server's report; none where it ended before.
    private func readReport() throws -> [ArraySlice<UInt8>] {
        do {
            guard advertisement.can("side-band-64k") else { return try lines(of: reader) }
            var report: [UInt8] = []
            try SideBand(reader).forEach { piece in
                switch piece {
                case .data(let bytes):
                    report += bytes
                    guard report.count <= Self.reportLimit else {
                        throw WireError(.tooLarge, "the git server's report on the push has no end")
                    }
                case .words(let words): progress(WireProgress(words: words))
                }
            }
            return try lines(of: PktReader(report))
        } catch let error as WireError where error.code == .refusedByServer {
            throw error
        } catch {
            throw WireError(
                .unanswered, "the git server did not say what became of the push", words: "\(error)", cause: error)
        }
    }

    private func lines(of reader: PktReader) throws -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var count = 0
        while let text = try reader.next()?.text {
            lines.append(text)
            count += text.count
            guard count <= Self.reportLimit else {
                throw WireError(.tooLarge, "the git server's report on the push has no end")
            }
        }
        return lines
    }

    private func outcomes(of commands: [PushCommand], in report: [ArraySlice<UInt8>]) throws -> [PushOutcome] {
        guard let first = report.first else {
            throw WireError(.unanswered, "the git server did not say what became of the push")
        }
        let unpack = Array("unpack ".utf8)
        guard first.starts(with: unpack) else { throw WireError.garbage("is no report on a push", first) }
        let result = WireText.line(first.dropFirst(unpack.count))
        guard result == "ok" else {
            throw WireError(.refusedByServer, "the git server could not take the objects", words: result)
        }
        var told: [String: PushOutcome] = [:]
        for line in report.dropFirst() {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard words.count > 1 else { continue }
            let name = String(decoding: words[1], as: UTF8.self)
            switch String(decoding: words[0], as: UTF8.self) {
            case "ok": told[name] = .done
            case "ng":
                told[name] = PushOutcome(refusal: words.count > 2 ? WireText.line(words[2]) : "no reason given")
            default: continue
            }
        }
        return try commands.map { command in
            guard let outcome = told[command.name] else {
                throw WireError(.unanswered, "the git server did not say what became of \(command.name)")
            }
            return outcome
        }
    }
}

extension PushOutcome {
    /// What a server's reason means. The words are git's own, and those of servers that follow it.
    init(refusal reason: String) {
        let small = reason.lowercased()
        func says(_ parts: String...) -> Bool { parts.contains { small.contains($0) } }
        // One whose name would be a folder of another's, for good.
        if says("refname conflict", "cannot create", "case-insensitive") {
            self = .refused(reason)
            // A server that moves all or none does not say of which one it was: none has a reason of its own then.
        } else if says(
            "failed to update ref", "cannot lock ref", "failed to lock", "already exists", "does not exist",
            "atomic transaction failed", "but expected", "incorrect old value", "staleoldobjectid", "lock_failure")
        {
            self = .moved
        } else if says("non-fast-forward", "not a fast-forward", "non-fast forward") {
            self = .notFastForward
        } else if says("atomic push fail", "transaction aborted", "atomic push rejected") {
            self = .withheld
        } else {
            self = .refused(reason)
        }
    }
}
