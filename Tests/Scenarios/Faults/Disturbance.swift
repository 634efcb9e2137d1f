import Files
import TestSupport

/// What happens to one system call of a program.
enum Disturbance: String, CaseIterable {
    /// The program is killed when it comes to it.
    case kill
    /// It is not made: the disk is full.
    case noSpace = "ENOSPC"
    /// It is not made: the disk fails.
    case io = "EIO"
    /// It is not made: a signal came in between.
    case interruption = "EINTR"
    /// It is made, but writes only half of the bytes, as it may.
    case short
}

/// A system call that changes files, as the program `disturb` numbers and names it.
struct DisturbedCall: Sendable {
    let number: Int
    let name: String
    /// The file, or the two names, that it is about.
    let subject: String
    /// Whether it was the one to be disturbed, and was.
    let isMet: Bool

    /// How many bytes it is to write.
    private let length: Int

    /// Whether the disturbance can be done to it.
    func canMeet(_ disturbance: Disturbance) -> Bool { disturbance != .short || length > 1 }

    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard words.count == 5, let number = Int(words[0]), let length = Int(words[2]) else { return nil }
        self.number = number
        isMet = words[1] == "met"
        self.length = length
        name = String(words[3])
        subject = String(words[4])
    }
}

extension Studio {
    /// Runs a program, of which call number `number` is disturbed, and answers the calls that it came to as well.
    ///
    /// `hook` is run before each call whose number leaves `rest` when divided by `step`.
    func trace(
        _ words: [Word], disturbing number: Int? = nil, with disturbance: Disturbance = .kill,
        each hook: FilePath? = nil, every step: Int = 1, rest: Int = 0,
        adding extra: [String: String] = [:], timeout: Double = 120
    ) throws -> (outcome: Outcome, calls: [DisturbedCall]) {
        let log = root.appending("runs/calls")
        var call = [Word(try Scenarios.disturb()), "--log", Word(log)]
        if let number { call += ["--at", "\(number)", "--with", Word(disturbance.rawValue)] }
        if let hook { call += ["--each", Word(hook), "--every", "\(step)", "--rest", "\(rest)"] }
        let outcome = try run(call + ["--"] + words, adding: extra, timeout: timeout)
        let lines = String(decoding: try FileSystem.read(log), as: UTF8.self).split(separator: "\n")
        return (outcome, lines.compactMap(DisturbedCall.init))
    }
}
