import Processes
import Synchronization

/// Runs commands on other computers by the system's ssh, as git is configured to: with the person's keys, agent,
/// configuration and known hosts.
///
/// It may be used by any number of threads at once.
public final class SSHClient: Sendable {
    private let command: SSHCommand
    let mayAsk: Bool
    private let questions: Questions
    /// How long the other end may be silent. ssh itself finds out sooner when the computer has gone.
    let patience: Duration
    let isStopped: @Sendable () -> Bool
    private let onComplaint: (@Sendable ([UInt8]) -> Void)?
    /// What the program turned out to be, if it had to be asked.
    private let found = Mutex<SSHVariant?>(nil)

    /// Prepares to run ssh.
    ///
    /// - Parameters:
    ///   - settings: git's configuration.
    ///   - environment: this process's variables, of which git's count.
    ///   - mayAsk: whether somebody is at the terminal of this process, who may be asked about keys and passphrases.
    ///   - patience: how long the other end may be silent.
    ///   - isStopped: asked several times a second; its yes ends whatever runs.
    ///   - onComplaint: hears what ssh and the server write on standard error, as it comes.
    ///   - onQuestion: is told with true before somebody may be asked, and with false afterwards.
    public init(
        settings: NetworkSettings, environment: [String: String], mayAsk: Bool = false,
        patience: Duration = .seconds(120), isStopped: @escaping @Sendable () -> Bool = { false },
        onComplaint: (@Sendable ([UInt8]) -> Void)? = nil,
        onQuestion: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        questions = Questions(onQuestion)
        command = SSHCommand(settings: settings, environment: environment)
        self.mayAsk = mayAsk
        self.patience = patience
        self.isStopped = isStopped
        self.onComplaint = onComplaint
    }

    /// What a person may need for it: to type a passphrase, to compare a key.
    static let timeToAnswer = Duration.seconds(600)

    // MARK: What can be run

    /// Begins to speak with a service of git, such as `git-upload-pack`, for the repository at the address.
    public func channel(to service: String, at address: SSHAddress) throws(NetworkError) -> SSHChannel {
        let call = SSHCall(
            address: address, program: service, command: "\(service) \(RemoteQuoting.quoted(address.path))")
        return SSHChannel(try start(call))
    }

    /// Asks a git-lfs server for what its web address wants to be told, and hands out its words; nil where it has no
    /// `git-lfs-authenticate`.
    public func authenticate(_ address: SSHAddress, _ direction: TransferDirection) throws(NetworkError) -> [UInt8]?
    {
        let name = "git-lfs-authenticate"
        let call = SSHCall(
            address: address, program: name,
            command: "\(name) \(RemoteQuoting.plain(address.path)) \(direction.rawValue)")
        var program = try program(for: call, mayAsk: mayAsk)
        program.output = .collected(limit: 1 << 16)
        program.timeLimit = mayAsk ? Self.timeToAnswer : patience
        let outcome: Program.Outcome
        let question = mayAsk ? try ask(call, isStopped) : nil
        defer { question?.end() }
        do throws(ProcessError) { outcome = try program.run(stopped: isStopped) } catch {
            throw call.failure(error)
        }
        if outcome.isSuccess { return outcome.output }
        if SSHFailure(outcome, call).isNoCommand { return nil }
        throw call.failure(outcome)
    }

    // MARK: How

    /// Starts a command there.
    ///
    /// - Parameters:
    ///   - isQuiet: whether nobody is asked for it, even where somebody could be.
    ///   - isOver: asked besides, several times a second.
    func start(
        _ call: SSHCall, isQuiet: Bool = false, isOver: (() -> Bool)? = nil
    ) throws(NetworkError) -> SSHConversation {
        let isStopped = isStopped
        let ends = isOver.map { isOver in { isStopped() || isOver() } } ?? { isStopped() }
        let mayAsk = mayAsk && !isQuiet
        let program = try program(for: call, mayAsk: mayAsk)
        let question = mayAsk ? try ask(call, ends) : nil
        do throws(ProcessError) {
            let hear = onComplaint
            let conversation = try Conversation(
                with: program, patience: mayAsk ? Self.timeToAnswer : patience, isStopped: ends,
                onComplaint: hear.map { hear in { piece in hear(Array(piece)) } })
            return SSHConversation(conversation, call, patience: patience, question: question)
        } catch { throw call.failure(error) }
    }

    /// Waits until nobody else asks at the terminal.
    private func ask(_ call: SSHCall, _ isStopped: () -> Bool) throws(NetworkError) -> Question {
        if let question = questions.begin(isStopped: isStopped) { return question }
        throw NetworkError(.stopped, "\(call.program) on \(call.address.host) was stopped")
    }

    private func program(for call: SSHCall, mayAsk: Bool) throws(NetworkError) -> Program {
        let options = try variant(for: call.address).options(port: call.address.port, mayAsk: mayAsk)
        var program = Program(words: command.words(options + [call.address.destination, call.command]))
        program.asksAtTerminal = mayAsk
        return program
    }

    /// What the program is: by the settings, by its name, or by whether it understands what only OpenSSH does.
    private func variant(for address: SSHAddress) -> SSHVariant {
        if let known = command.variant { return known }
        return found.withLock { found in
            if let found { return found }
            var program = Program(words: command.words(["-G", address.destination]))
            program.output = .discarded
            program.timeLimit = .seconds(10)
            let variant: SSHVariant = (try? program.run(stopped: isStopped))?.isSuccess == true ? .openSSH : .simple
            found = variant
            return variant
        }
    }
}

/// A command that is run on another computer.
struct SSHCall: Sendable {
    let address: SSHAddress
    /// The program there.
    let program: String
    /// The line that the shell there reads.
    let command: String

    /// What it means that ssh did not run to its end.
    func failure(_ error: ProcessError) -> NetworkError {
        switch error.code {
        case .timedOut:
            NetworkError(
                .offline, "\(address.host) did not answer in time: \(error)",
                hint: "try again later; what was done so far stays")
        case .stopped: NetworkError(.stopped, "\(program) on \(address.host) was stopped")
        case .notFound, .notRunnable, .badCommand:
            NetworkError(
                .local, "ssh cannot be started: \(error)", hint: "install OpenSSH's client, or set core.sshCommand")
        case .tooMuchOutput: NetworkError(.refused, "\(program) on \(address.host) says more than it should")
        case .closed, .io: NetworkError(.local, "\(error)")
        }
    }

    /// What it means that it ended so.
    func failure(_ outcome: Program.Outcome) -> NetworkError { SSHFailure(outcome, self).error }
}
