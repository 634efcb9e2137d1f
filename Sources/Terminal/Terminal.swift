import Catalog
import Files
import Glibc
import Offbeat
import Trace

/// The command line: reads the words of a call, has the rooms below do what they ask for, and prints the answer.
///
/// This target never decides what a person may do and never knows how anything is stored. It alone reads the
/// environment, the clock and the terminal, and hands them down as values.
///
/// To read on: `Command` declares one command, `Parser` reads a call, `Reply` is what a command answers.
@main
struct Program: Sendable {
    static let name = "offbeat"
    static let version = Release.version
    /// Where it is usually installed.
    static let usualPlace = "/usr/local/bin/offbeat"

    /// The same text with the place where this very program is.
    static func replacingPlace(in text: String) -> String {
        guard text.contains(usualPlace), let place = try? FileSystem.realPath("/proc/self/exe") else { return text }
        return text.split(separator: usualPlace, omittingEmptySubsequences: false).joined(separator: place.string)
    }

    /// Makes the commands; not called where nobody asks for one.
    let commands: @Sendable () -> [Command]

    static func main() {
        prepareStreams()
        let words = CommandLine.rawWords
        let arguments = TransferCommand.words(calledAs: words.first, Array(words.dropFirst()))
        let console = Console.plain(
            out: Output(descriptor: 1), err: Output(descriptor: 2), interruption: Interruption(heedsSignals: true))
        let program = Program { allCommands() }
        exit(program.run(arguments, environment: .process, console: console))
    }

    /// Runs one call and returns the status to end with.
    func run(_ words: [Word], environment: Environment, console plain: Console) -> Int32 {
        if words == ["--version"] { return finish(plain, json: false) { versionReply } }
        let list = CommandList(commands())
        var parser = Parser(list, words: words)
        var json = Parser.mentions(["--json"], in: words)
        var console = plain
        do {
            let request = try parser.request()
            json = request.values[GlobalOptions.json]
            console = plain.configured(request.values, environment: environment)
            return finish(console, json: json) {
                try answer(request, list: list, environment: environment, console: console)
            }
        } catch {
            // Whoever asks for help along with a mistake is helped best with the help.
            if Parser.mentions(["--help", "-h"], in: words) {
                return finish(console, json: json) { HelpText(list, style: console.style).reply(parser.command) }
            }
            console.report(error, json: json)
            return error.exit.rawValue
        }
    }

    private func answer(
        _ request: Parser.Request, list: CommandList, environment: Environment, console: Console
    ) throws -> Reply {
        if request.version { return versionReply }
        let help = HelpText(list, style: console.style)
        if request.help {
            return request.command == nil && !request.prefix.isEmpty
                ? help.reply(group: request.prefix) : help.reply(request.command)
        }
        guard let command = request.command else { return help.shortReply }
        console.interruption.listen(orderly: command.looksForInterruption)
        let settings = try Settings(request.values, environment: environment, console: console)
        defer { settings.trace.finish() }
        return try command.run(
            Invocation(
                command: command, commands: list, values: request.values, settings: settings, console: console))
    }

    private var versionReply: Reply {
        Reply(json: ["version": .string(Self.version)]) { $0.line("\(Self.name) \(Self.version)") }
    }

    /// Delivers an answer, or tells why there is none.
    private func finish(_ console: Console, json: Bool, _ answer: () throws -> Reply) -> Int32 {
        var status = ExitStatus.done
        do {
            let reply = try answer()
            status = reply.exit
            try console.deliver(reply, json: json)
        } catch OutputError.readerGone {
            // Whoever read the output had enough of it.
            console.progress.end()
        } catch let error as OutputError {
            console.report(Failure(of: error), json: false)
            status = .failed
        } catch {
            let failure = Failure(of: error)
            console.report(failure, json: json)
            status = failure.exit
        }
        return status.rawValue
    }

    /// Makes sure that no file opened later takes the place of a standard stream that the caller closed, and that a
    /// reader who goes away makes a write fail rather than kill the program in the middle of its work.
    private static func prepareStreams() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            // Opened the wrong way round, so that using the stream still fails as it should.
            _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
        signal(SIGPIPE, SIG_IGN)
    }
}

extension CommandLine {
    /// The words of the call as bytes; `CommandLine.arguments` would repair what is no UTF-8, and so name other files.
    fileprivate static var rawWords: [Word] {
        (0..<Int(argc)).compactMap { index in
            unsafeArgv[index].map { word in
                Word(bytes: UnsafeBufferPointer(start: word, count: strlen(word)).map(UInt8.init(bitPattern:)))
            }
        }
    }
}
