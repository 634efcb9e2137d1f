import Files
import Processes

/// `git credential`, by which the helpers are asked that a person has set up, and the person where that is allowed.
struct CredentialProgram: Sendable {
    let settings: NetworkSettings
    /// Whether there is somebody at a terminal who may be asked.
    let mayAsk: Bool
    /// Where that somebody is asked.
    var questions = Questions()
    /// Which program is git.
    var name = "git"
    /// How long an answer may take: helpers may have to ask others over the network, and people have to look for things.
    var timeLimit: Duration { mayAsk ? .seconds(300) : .seconds(60) }
    /// How long it may take to remember or to forget something.
    private static let shortLimit: Duration = .seconds(20)

    /// Asks for a name and a password.
    ///
    /// - Parameters:
    ///   - challenges: what the server said in `WWW-Authenticate`.
    ///   - previous: what was answered last, where the helper wants to go on from there.
    /// - Throws: `denied` where nobody knows any.
    func fill(
        _ place: CredentialPlace, challenges: [String], after previous: Credential?,
        isStopped: () -> Bool
    ) throws(NetworkError) -> Credential {
        var message = CredentialMessage()
        try message.add("capability[]", "authtype")
        try message.add("capability[]", "state")
        try describe(place, in: &message)
        if let user = place.user { try message.add("username", user) }
        // What a server says is not ours to complain about: what cannot be handed on is left out.
        for challenge in challenges.prefix(32) where Self.canBeTold(challenge) {
            try message.add("wwwauth[]", challenge)
        }
        if let previous {
            for state in previous.state { try message.add("state[]", state) }
            if let user = previous["username"], place.user == nil { try message.add("username", user) }
        }
        let outcome = try run("fill", message, timeLimit, isStopped)
        guard outcome.isSuccess else { throw refusal(of: place, outcome) }
        guard let fields = CredentialMessage.read(outcome.output) else {
            throw NetworkError(
                .denied, "git credential answers with what is no answer for \(place.host)",
                hint: "look at the helpers that git is configured with (credential.helper)")
        }
        let about = ["protocol", "host", "path", "url", "wwwauth[]"]
        return Credential(fields.filter { !about.contains($0.name) })
    }

    private static func canBeTold(_ challenge: String) -> Bool {
        challenge.utf8.count < 4_096 && CredentialMessage.isProper(value: challenge)
    }

    /// Has the helpers remember what the server took.
    func approve(_ credential: Credential, for place: CredentialPlace) { tell("approve", credential, place) }

    /// Has the helpers forget what the server did not take.
    func reject(_ credential: Credential, for place: CredentialPlace) { tell("reject", credential, place) }

    /// Nothing depends on whether a helper can do it.
    private func tell(_ word: String, _ credential: Credential, _ place: CredentialPlace) {
        var message = CredentialMessage()
        do throws(NetworkError) {
            for field in credential.fields where field.name == "capability[]" {
                try message.add(field.name, field.value)
            }
            try describe(place, in: &message)
            for field in credential.fields where field.name != "capability[]" {
                try message.add(field.name, field.value)
            }
            _ = try run(word, message, Self.shortLimit) { false }
        } catch {}
    }

    private func describe(
        _ place: CredentialPlace, in message: inout CredentialMessage
    ) throws(NetworkError) {
        try message.add("protocol", place.scheme)
        try message.add("host", place.host)
        if let path = place.path { try message.add("path", path) }
    }

    // MARK: Running

    private func run(
        _ word: String, _ message: CredentialMessage, _ limit: Duration, _ isStopped: () -> Bool
    ) throws(NetworkError) -> Program.Outcome {
        let repository = settings.repository.map { [Array("--git-dir=".utf8) + $0.bytes] } ?? []
        var program = Program(
            words: [Array(name.utf8)] + repository + [Array("credential".utf8), Array(word.utf8)])
        program.environment = environment
        program.directory = [UInt8(ascii: "/")]
        program.input = message.bytes
        program.timeLimit = limit
        program.leavesOthers = true
        program.asksAtTerminal = mayAsk && word == "fill"
        let question = program.asksAtTerminal ? questions.begin(isStopped: isStopped) : nil
        defer { question?.end() }
        do throws(ProcessError) { return try program.run(stopped: isStopped) } catch {
            throw Self.failure(error)
        }
    }

    /// Without somebody to ask, git's own question is off, and so is a window: what answers in place of a person
    /// (`GIT_ASKPASS`, `core.askPass`) may be a script, and counts as with git.
    private var environment: [[UInt8]] {
        var variables = settings.environment
        if settings.repository == nil { variables["GIT_DIR"] = nil }
        if !mayAsk {
            variables["GIT_TERMINAL_PROMPT"] = "0"
            variables["GCM_INTERACTIVE"] = "0"
            let hasScreen = variables["DISPLAY"] != nil || variables["WAYLAND_DISPLAY"] != nil
            if hasScreen { variables["SSH_ASKPASS"] = nil }
        }
        return variables.map { Array("\($0.key)=\($0.value)".utf8) }
    }

    private static func failure(_ error: ProcessError) -> NetworkError {
        switch error.code {
        case .stopped: NetworkError(.stopped, "the question for a name and a password was stopped")
        case .notFound, .notRunnable:
            NetworkError(
                .local, "git, which keeps names and passwords for servers, cannot be run: \(error.description)",
                hint: "install git")
        case .timedOut:
            NetworkError(
                .denied, "nobody answered git credential: \(error.description)",
                hint: "look at the helpers that git is configured with (credential.helper)")
        default: NetworkError(.local, "git credential cannot be asked: \(error.description)")
        }
    }

    /// git's own last words are shown, which hold no secret; those of helpers are not.
    private func refusal(of place: CredentialPlace, _ outcome: Program.Outcome) -> NetworkError {
        let words = outcome.lastComplaint.flatMap { line in
            line.hasPrefix("fatal: ") ? String(line.dropFirst("fatal: ".count)) : nil
        }
        return NetworkError(
            .denied,
            "\(place.host) wants to know who asks, and git credential has no answer\(words.map { " (\($0))" } ?? "")",
            hint: "log in once at a terminal, or set a helper: git config --global credential.helper store")
    }
}
