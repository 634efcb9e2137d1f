import Blobs
import Digest
import Files
import Processes

/// A connection to a `git-lfs-transfer`, over which requests are made.
final class TransferConnection: @unchecked Sendable {
    // Sendable: one thread has it at a time.
    let writer: PacketWriter
    private let conversation: SSHConversation
    private let reader: PacketReader
    private let state: State
    private let presence: TransferPresence

    /// What changes while the connection lives.
    private final class State {
        var isWanted: () -> Bool = { false }
        var isServed = false
    }

    /// Connects; nil where the other end has no such program, or is one that speaks otherwise.
    ///
    /// - Parameters:
    ///   - presence: lives as long as the connection does.
    ///   - isQuiet: whether nobody is asked for a passphrase, even where somebody could be.
    ///   - onOther: is told what was said in place of a greeting, where that is nothing known.
    init?(
        _ ssh: SSHClient, _ address: SSHAddress, _ direction: TransferDirection, presence: TransferPresence,
        isQuiet: Bool, onOther: (NetworkError) -> Void = { _ in }
    ) throws(NetworkError) {
        let name = "git-lfs-transfer"
        let call = SSHCall(
            address: address, program: name,
            command: "\(name) \(RemoteQuoting.plain(address.path)) \(direction.rawValue)")
        let state = State()
        let conversation = try ssh.start(call, isQuiet: isQuiet) { state.isWanted() }
        self.presence = presence
        self.state = state
        self.conversation = conversation
        reader = PacketReader { (buffer) throws(NetworkError) in
            do throws(NetworkError) { return try conversation.read(into: buffer) } catch {
                // One that was served has the right to be: what ends then may go on over another connection.
                guard error.code == .refused, state.isServed else { throw error }
                throw NetworkError(.offline, error.message, hint: "try again later; what was done so far stays")
            }
        }
        writer = PacketWriter { (bytes) throws(NetworkError) in try conversation.write(bytes) }
        guard try isGreeted(onOther) else { return nil }
        try writer.message(["version 1"])
        try writer.send()
        let answer = try readAnswer()
        try readBody(of: answer) { (_) throws(NetworkError) in }
        guard answer.isSuccess else { return nil }
        state.isServed = true
    }

    /// Reads what the server can do; false where what comes is no such thing.
    private func isGreeted(_ onOther: (NetworkError) -> Void) throws(NetworkError) -> Bool {
        var speaks = false
        var count = 0
        do throws(NetworkError) {
            while true {
                switch try reader.next() {
                case .data(let bytes):
                    count += 1
                    if PacketReader.text(bytes) == "version=1" { speaks = true }
                case .flush: return speaks
                case .delimiter, .end: return false
                }
            }
        } catch {
            // Shells that know no such program say so in many ways, on both streams, and some end in order after it.
            if conversation.hasNoCommand { return false }
            guard count == 0, error.code == .refused || error.code == .offline else { throw error }
            let hadEnded = conversation.hasEnded
            let outcome = conversation.end(within: .seconds(2))
            if conversation.hasNoCommand { return false }
            if let complaint = conversation.complaint {
                if complaint.code != .refused { throw complaint }
                onOther(complaint)
                return false
            }
            guard outcome.isSuccess || error.code == .refused && !hadEnded else { throw error }
            return false
        }
    }

    /// Has `isWanted` asked while something is waited for.
    func heed(_ isWanted: @escaping () -> Bool) { state.isWanted = isWanted }

    /// The host, for what is said of it.
    var host: String { conversation.call.address.host }

    /// Whether what is written goes nowhere any more.
    var takesNoMore: Bool { conversation.takesNoMore }

    /// Says that nothing more will be asked, and ends it; waits for an answer to that no longer than two seconds.
    func close() {
        let watch = Stopwatch()
        heed { watch.seconds > 2 }
        if (try? writer.message(["quit"])) != nil, (try? writer.send()) != nil { _ = try? readAnswer() }
        heed { false }
        conversation.end(within: .seconds(1))
    }

    // MARK: Answers

    /// Reads the head of an answer.
    func readAnswer() throws(NetworkError) -> TransferAnswer {
        var lines: [String] = []
        while true {
            switch try reader.next() {
            case .data(let bytes):
                guard lines.count < 100 else { throw unexpected }
                lines.append(PacketReader.text(bytes))
            case .flush: return try answer(lines, hasBody: false)
            case .delimiter: return try answer(lines, hasBody: true)
            case .end: throw ended
            }
        }
    }

    private func answer(_ lines: [String], hasBody: Bool) throws(NetworkError) -> TransferAnswer {
        guard let answer = TransferAnswer(lines, hasBody: hasBody) else { throw unexpected }
        return answer
    }

    /// Reads the second part of an answer.
    func readBody(
        of answer: TransferAnswer, _ take: (UnsafeRawBufferPointer) throws(NetworkError) -> Void
    ) throws(NetworkError) {
        guard answer.hasBody else { return }
        while true {
            switch try reader.next() {
            case .data(let bytes): try take(bytes)
            case .flush: return
            case .delimiter: throw unexpected
            case .end: throw ended
            }
        }
    }

    /// Reads the second part of an answer, and gives its first line.
    func readLine(of answer: TransferAnswer) throws(NetworkError) -> String? {
        var line: String?
        try readBody(of: answer) { (bytes) throws(NetworkError) in line = line ?? PacketReader.text(bytes) }
        return line.map(Self.shown)
    }

    /// What it means that an answer is no success; its second part is read.
    func failure(_ answer: TransferAnswer, asking what: String) throws(NetworkError) -> NetworkError {
        let line = try readLine(of: answer)
        let words = "\(host) does not \(what): \(line ?? "status \(answer.status)")"
        switch answer.status {
        case 401, 403: return NetworkError(.denied, words, hint: "ask whoever runs it for leave")
        case 404, 410: return NetworkError(.missing, words)
        case 507, 509: return NetworkError(.noSpace, words, hint: "there has to be made room on \(host)")
        case 408, 425, 429, 500...599:
            return NetworkError(.offline, words, hint: "try again later; what was done so far stays")
        default: return NetworkError(.refused, words)
        }
    }

    /// What a server says, fit to be shown.
    private static func shown(_ line: String) -> String {
        let shown = line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return String(String(shown).prefix(300))
    }

    private var unexpected: NetworkError {
        NetworkError(.refused, "\(host) answers otherwise than git-lfs's protocol says")
    }

    private var ended: NetworkError {
        NetworkError(
            .offline, "\(host) ended the connection before it had answered",
            hint: "try again later; what was done so far stays")
    }
}

/// The head of an answer.
struct TransferAnswer {
    let status: Int
    private let arguments: [String]
    /// Whether there is a second part, which has to be read.
    let hasBody: Bool

    init?(_ lines: [String], hasBody: Bool) {
        let parts = (lines.first ?? "").split(separator: " ")
        guard parts.count == 2, parts[0] == "status", let status = Int(parts[1]), (100...999).contains(status)
        else {
            return nil
        }
        (self.status, self.hasBody) = (status, hasBody)
        arguments = Array(lines.dropFirst())
    }

    var isSuccess: Bool { (200...299).contains(status) }

    subscript(_ name: String) -> String? {
        arguments.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.utf8.count + 1)) }
    }
}
