/// Finds out with a server what both have, so that it need not be sent.
struct Negotiation {
    private enum Answer { case goOn, packFollows }

    private let channel: any WireChannel
    private let reader: PktReader
    private let isStopped: () -> Bool
    /// Whether the server tells of each commit whether it has it, and says itself when it knows enough.
    private let isDetailed: Bool
    /// Whether the server then sends the pack at once.
    private let needsNoDone: Bool
    private let wants: [UInt8]
    private var common: [ObjectID] = []
    private var isCommon: Set<ObjectID> = []
    private var isReady = false
    private var hasAsked = false
    /// How many in a row the server did not know.
    private var inVain = 0

    private static let batches = (first: 16, last: 1024)
    private static let inVainLimit = 256
    /// Who has told so much and met nothing has little in common with the server.
    private static let toldLimit = 1 << 16
    /// Each costs a round trip.
    private static let simpleToldLimit = 256

    init(
        for wants: [ObjectID], over channel: any WireChannel, _ reader: PktReader, _ advertisement: Advertisement,
        agent: String, isStopped: @escaping () -> Bool
    ) {
        self.channel = channel
        self.reader = reader
        self.isStopped = isStopped
        isDetailed = advertisement.can("multi_ack_detailed")
        // Over one stream some servers say that they can, and then wait for it all the same.
        needsNoDone = isDetailed && channel.isStateless && advertisement.can("no-done")
        var words = ["multi_ack_detailed", "no-done", "side-band-64k", "thin-pack", "ofs-delta"].filter(
            advertisement.can)
        if !needsNoDone { words.removeAll { $0 == "no-done" } }
        if advertisement.value(of: "agent") != nil { words.append("agent=\(WireText.word(agent))") }
        var lines: [UInt8] = []
        for (number, want) in wants.enumerated() {
            PktLine.append(
                number == 0 ? "want \(want) \(words.joined(separator: " "))" : "want \(want)", to: &lines)
        }
        PktLine.appendFlush(to: &lines)
        self.wants = lines
    }

    /// Asks, until what comes next is the pack.
    mutating func run(_ walk: HaveWalk?) throws {
        if var walk, try findCommon(&walk) == .packFollows { return }
        try end()
    }

    private mutating func findCommon(_ walk: inout HaveWalk) throws -> Answer {
        // A server that speaks the simplest way answers to several at once with as many lines as nobody can foretell.
        var size = isDetailed ? Self.batches.first : 1
        let limit = isDetailed ? Self.toldLimit : Self.simpleToldLimit
        var told = 0
        while !isReady, told < limit, common.isEmpty || inVain < Self.inVainLimit {
            if isStopped() { throw WireError.stopped }
            var lines = opening()
            var count = 0
            while count < size, let id = walk.next() {
                PktLine.append("have \(id)", to: &lines)
                count += 1
            }
            if count == 0 { break }
            PktLine.appendFlush(to: &lines)
            try send(lines)
            told += count
            inVain += count
            if try readAnswer(&walk) == .packFollows { return .packFollows }
            if isDetailed { size = min(size * 2, Self.batches.last) } else if !common.isEmpty { break }
        }
        return .goOn
    }

    /// What a request begins with: a server that forgets is told again what is wanted, and what it was found to have.
    private func opening() -> [UInt8] {
        if hasAsked, !channel.isStateless { return [] }
        var lines = wants
        for id in common { PktLine.append("have \(id)", to: &lines) }
        return lines
    }

    private mutating func send(_ lines: [UInt8]) throws {
        reader.forget()
        hasAsked = true
        try channel.send(WireRequest(lines: lines))
    }

    private mutating func readAnswer(_ walk: inout HaveWalk) throws -> Answer {
        while true {
            switch try readAcknowledgment() {
            case .none:
                // The server that needs to hear no more says so after it has said what it has.
                guard isReady, needsNoDone else { return .goOn }
                guard case .last = try readAcknowledgment() else {
                    throw WireError.garbage("is no acknowledgment", [])
                }
                return .packFollows
            case .last(let id):
                note(id, &walk)
                if isDetailed { return .packFollows }
                return .goOn
            case .common(let id): note(id, &walk)
            case .ready(let id):
                note(id, &walk)
                isReady = true
            }
        }
    }

    private mutating func note(_ id: ObjectID, _ walk: inout HaveWalk) {
        guard isCommon.insert(id).inserted else { return }
        common.append(id)
        walk.learn(id)
        inVain = 0
    }

    /// Says that no more will be told, and reads what comes before the pack.
    private mutating func end() throws {
        // A server that speaks the simplest way has said all when it has found one.
        let isToldAlready = !isDetailed && !common.isEmpty && !channel.isStateless
        var lines = opening()
        PktLine.append("done", to: &lines)
        try send(lines)
        if isToldAlready { return }
        while true {
            switch try readAcknowledgment() {
            case .none, .last: return
            case .common, .ready: continue
            }
        }
    }

    // MARK: Lines

    private enum Acknowledgment { case none, last(ObjectID), common(ObjectID), ready(ObjectID) }

    private func readAcknowledgment() throws -> Acknowledgment {
        guard let line = try reader.next() else { throw WireError.cutOff("while it was asked what it has") }
        let words = (line.text ?? []).split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        if words == ["NAK"] { return .none }
        guard 2...3 ~= words.count, words[0] == "ACK", let id = ObjectID(hex: words[1]) else {
            throw WireError.garbage("is no acknowledgment", line.text ?? Array("a mark".utf8)[...])
        }
        guard words.count == 3 else { return .last(id) }
        switch words[2] {
        case "common", "continue": return .common(id)
        case "ready": return .ready(id)
        default: throw WireError.garbage("is no acknowledgment", line.text ?? [])
        }
    }
}

extension WireText {
    /// A word that can stand in a list of words.
    static func word(_ text: String) -> String {
        String(decoding: text.utf8.map { 0x21...0x7E ~= $0 ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
    }
}
