import Files
import Git
import Glibc
import Synchronization
import TestSupport
import Testing

/// What a channel of a test throws.
struct ChannelFailure: Error, CustomStringConvertible {
    let description: String
}

/// A conversation with the real git on this computer, as over ssh: one stream each way. Nothing is waited for longer than a
/// minute.
final class PipeChannel: WireChannel {
    let isStateless = false
    private let process: pid_t
    private var input: Int32
    private let output: Int32
    private var isReaped = false
    /// Is called before each request is sent, with its number.
    var beforeSending: (Int) throws -> Void = { _ in }
    /// Keeps what was sent.
    private(set) var sent: [[UInt8]] = []

    init(_ words: [String], environment: [String: String]) throws {
        signal(SIGPIPE, SIG_IGN)
        (process, input, output) = try Self.starting.withLock { _ in try Self.start(words, environment) }
    }

    /// Two that were started at once would hold each other's pipes open.
    private static let starting = Mutex(())

    private static func start(
        _ words: [String], _ environment: [String: String]
    ) throws -> (process: pid_t, input: Int32, output: Int32) {
        var (toChild, fromChild) = ([Int32](repeating: 0, count: 2), [Int32](repeating: 0, count: 2))
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw ChannelFailure(description: "no pipes") }
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        inheritNothing(but: 3, &actions)
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process = pid_t()
        let status = posix_spawnp(&process, words[0], &actions, nil, arguments, variables)
        Glibc.close(toChild[0])
        Glibc.close(fromChild[1])
        guard status == 0 else { throw ChannelFailure(description: "cannot run \(words[0])") }
        return (process, toChild[1], fromChild[0])
    }

    deinit { close() }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var state = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 60_000) > 0 else {
            throw ChannelFailure(description: "git said nothing for a minute")
        }
        return Glibc.read(output, buffer.baseAddress, buffer.count)
    }

    func send(_ request: WireRequest) throws {
        try beforeSending(sent.count)
        sent.append(request.lines)
        try write(request.lines)
        if let pack = request.pack { try write(try FileSystem.read(pack)) }
        if request.isLast { endInput() }
    }

    private func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let done = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
            guard done > 0 else { throw ChannelFailure(description: "git takes nothing more") }
            rest = rest.dropFirst(done)
        }
    }

    private func endInput() {
        if input >= 0 { Glibc.close(input) }
        input = -1
    }

    func close() {
        guard !isReaped else { return }
        isReaped = true
        endInput()
        Glibc.close(output)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}

/// A conversation with the real git on this computer, as over HTTP: each request is answered by a git that knows nothing of
/// those before.
final class RequestChannel: WireChannel {
    let isStateless = true
    private let words: [String]
    private let environment: [String: String]
    private var answer: ArraySlice<UInt8>
    var beforeSending: (Int) throws -> Void = { _ in }
    private(set) var sent: [[UInt8]] = []

    init(_ words: [String], service: WireService, environment: [String: String]) throws {
        let said = try run(
            command: words[0], arguments: words.dropFirst() + ["--advertise-refs"], environment: environment)
        self.words = words
        self.environment = environment
        answer = Pkt.lines("# service=\(service.rawValue)\n", nil)[...] + said.stdoutBytes
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, answer.count)
        buffer.copyBytes(from: answer.prefix(count))
        answer = answer.dropFirst(count)
        return count
    }

    func send(_ request: WireRequest) throws {
        try beforeSending(sent.count)
        sent.append(request.lines)
        let input = try request.lines + (request.pack.map { try FileSystem.read($0) } ?? [])
        answer = try run(
            command: words[0], arguments: Array(words.dropFirst()), environment: environment, input: input
        ).stdoutBytes[...]
    }

    func close() { answer = [] }
}

/// A server that says what a test wants it to say: one answer after the other, a byte or more at a time.
final class ScriptedChannel: WireChannel {
    let isStateless: Bool
    private var answers: [[UInt8]]
    private var rest: ArraySlice<UInt8>
    private let step: Int
    private(set) var sent: [[UInt8]] = []
    private(set) var isClosed = false
    /// Whether it was said that nothing follows.
    private(set) var isEnded = false
    /// Is thrown once everything has been read.
    var failure: (any Error)?
    /// Is thrown by whoever sends.
    var sendFailure: (any Error)?

    init(_ answers: [UInt8]..., isStateless: Bool = false, step: Int = .max) {
        self.isStateless = isStateless
        self.answers = Array(answers.dropFirst())
        self.step = step
        rest = answers.first?[...] ?? []
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if rest.isEmpty, let failure, answers.isEmpty { throw failure }
        let count = min(buffer.count, rest.count, step)
        buffer.copyBytes(from: rest.prefix(count))
        rest = rest.dropFirst(count)
        return count
    }

    func send(_ request: WireRequest) throws {
        sent.append(request.lines)
        isEnded = request.isLast
        rest = answers.isEmpty ? [] : answers.removeFirst()[...]
        if let sendFailure { throw sendFailure }
    }

    func close() { isClosed = true }
}

/// Writes what servers write.
enum Pkt {
    /// Lines with these bytes; nil is the mark between two parts.
    static func lines(_ lines: String?...) -> [UInt8] { lines.flatMap { $0.map { line(Array($0.utf8)) } ?? flush } }

    static let flush = Array("0000".utf8)

    static func line(_ bytes: [UInt8]) -> [UInt8] {
        let digits = String(bytes.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - digits.count) + digits).utf8) + bytes
    }

    static func band(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { line([number] + bytes) }

    static func band(_ number: UInt8, _ text: String) -> [UInt8] { band(number, Array(text.utf8)) }
}

/// How a conversation's bytes travel.
enum Way: String, CaseIterable, CustomTestStringConvertible {
    case pipe, request
    var testDescription: String { rawValue }
}

extension Fixture {
    /// Begins a conversation with the real git about this repository.
    func channel(
        _ service: WireService, by way: Way, configured settings: [String] = []
    ) throws -> any WireChannel {
        let environment = hermeticEnvironment(home: folder)
        let program = ["git"] + settings.flatMap { ["-c", $0] } + [String(service.rawValue.dropFirst(4))]
        switch way {
        case .pipe: return try PipeChannel(program + [path.string], environment: environment)
        case .request:
            return try RequestChannel(
                program + ["--stateless-rpc", path.string], service: service, environment: environment)
        }
    }
}

/// Makes a server's repository and one of ours, lends them, and removes them.
func withServer<R>(_ body: (_ server: Fixture, _ ours: Fixture) throws -> R) throws -> R {
    try withFixture { server in try withFixture { ours in try body(server, ours) } }
}

/// What the protocol's error is that `body` throws; fails the test where it throws none, or another.
func wireError(location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any) throws -> WireError {
    let error = #expect(throws: WireError.self, sourceLocation: location) { _ = try body() }
    return try #require(error, sourceLocation: location)
}
