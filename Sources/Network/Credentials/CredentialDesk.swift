import Dispatch
import Glibc
import HTTP
import Synchronization

/// What is known about who asks, for all threads of a client: for each server, one question at a time.
///
/// What a server has refused is not sent again, and what nobody knows is not asked again: the next thread gets the same no.
final class CredentialDesk: Sendable {
    /// A credential that was handed out.
    struct Issued: Sendable {
        let credential: Credential
        let number: Int
        let place: CredentialPlace
        /// Whether it stands in an address: it is nobody's to remember then.
        let isFromAddress: Bool
        /// Where the helper is in a conversation of several steps.
        let step: Int
    }

    private let program: CredentialProgram
    private let counters = Mutex<[CredentialPlace: Counter]>([:])

    init(_ program: CredentialProgram) { self.program = program }

    private func counter(_ place: CredentialPlace) -> Counter {
        counters.withLock { counters in
            if let counter = counters[place] { return counter }
            let counter = Counter()
            counters[place] = counter
            return counter
        }
    }

    /// Whether there is something that a server is told at once.
    func knows(_ place: CredentialPlace, at url: HTTPURL) -> Bool {
        counter(place).state.withLock { state in
            if let known = state.known { return !known.credential.isExpired }
            return !state.hasUsedAddress && program.settings.ownCredential(for: url, user: place.user) != nil
        }
    }

    /// What a server is told at once: what it took before, or what stands in its address. While another request tries
    /// something new, this waits for what comes of it.
    func known(for place: CredentialPlace, at url: HTTPURL?, isStopped: () -> Bool) -> Issued? {
        let counter = counter(place)
        counter.awaitTrial(isStopped)
        return counter.state.withLock { state -> Issued? in
            if let known = state.known { return known.credential.isExpired ? nil : known }
            guard let url, !state.hasUsedAddress,
                let own = program.settings.ownCredential(for: url, user: place.user)
            else { return nil }
            state.hasUsedAddress = true
            return state.issue(own, for: place, isFromAddress: true)
        }
    }

    /// Notes that it is known what comes of a request that was told this: others may be told it, too.
    func settle(_ issued: Issued) {
        counter(issued.place).state.withLock { state in
            if state.trial?.number == issued.number { state.trial = nil }
        }
    }

    /// What a server is told next, after it was not content with `last`.
    ///
    /// - Throws: `denied` where there is nothing more to tell it.
    func next(
        after last: Issued?, for place: CredentialPlace, challenges: [String], isStopped: () -> Bool
    ) throws(NetworkError) -> Issued {
        let counter = counter(place)
        if let last { settle(last) }
        guard counter.enter(isStopped) else {
            throw NetworkError(.stopped, "the question for a name and a password was stopped")
        }
        defer { counter.leave() }
        var state = counter.state.withLock { $0 }
        defer { counter.state.withLock { $0 = state } }
        if let denial = state.denial { throw denial }
        // Another thread has asked meanwhile.
        if let known = state.known, known.number > last?.number ?? 0, !known.credential.isExpired { return known }
        do throws(NetworkError) {
            return try ask(after: last, for: place, challenges: challenges, isStopped, &state)
        } catch {
            state.known = nil
            if error.code != .stopped { state.denial = error }
            throw error
        }
    }

    private func ask(
        after last: Issued?, for place: CredentialPlace, challenges: [String], _ isStopped: () -> Bool,
        _ state: inout Counter.State
    ) throws(NetworkError) -> Issued {
        let isContinued = last.map { $0.credential.isContinued && $0.step < Self.stepLimit } ?? false
        if let last, !isContinued {
            guard !last.isFromAddress else {
                throw Self.refused(
                    place, "the password in the remote's address", hint: "correct or remove it there")
            }
            program.reject(last.credential, for: place)
            state.refused.append(last.credential)
            // A person may mistype; a helper only has another where a second one is set up.
            if state.refused.count >= (program.mayAsk ? 3 : 2) { throw Self.refused(place) }
        }
        let credential: Credential
        do throws(NetworkError) {
            credential = try program.fill(
                place, challenges: challenges, after: isContinued ? last?.credential : nil, isStopped: isStopped)
        } catch { throw error.code == .denied && !state.refused.isEmpty ? Self.refused(place) : error }
        guard credential.authorization != nil, !credential.isExpired else {
            throw NetworkError(
                .denied, "\(place.host) wants to know who asks, and git credential knows no password that holds",
                hint: Self.hint)
        }
        if state.refused.contains(where: credential.isSame) {
            program.reject(credential, for: place)
            throw Self.refused(place)
        }
        try Self.check(credential, challenges, place)
        return state.issue(
            credential, for: place, isFromAddress: false, step: isContinued ? (last?.step ?? 0) + 1 : 0)
    }

    /// Notes that the server took it, and has the helpers remember it, once.
    func accept(_ issued: Issued) {
        let isNew = counter(issued.place).state.withLock { state in
            guard state.known?.number == issued.number, !state.isApproved else { return false }
            state.isApproved = true
            state.trial = nil
            // Tokens change while a program runs: what was refused before this one says nothing about the next.
            state.refused = []
            return true
        }
        if isNew, !issued.isFromAddress { program.approve(issued.credential, for: issued.place) }
    }

    // MARK: Refusing

    /// More steps than any way of logging in has.
    private static let stepLimit = 8
    private static let hint = "log in again at a terminal, or give the helper of git a new password or token"

    private static func refused(
        _ place: CredentialPlace, _ what: String = "the name and the password that git credential has",
        hint: String = CredentialDesk.hint
    ) -> NetworkError {
        NetworkError(
            .denied, "\(place.host) does not take \(what)",
            hint: HostAdvice.password(at: place.host).map { "\(hint); \($0)" } ?? hint)
    }

    /// A password is not sent to who wants something else.
    private static func check(
        _ credential: Credential, _ challenges: [String], _ place: CredentialPlace
    ) throws(NetworkError) {
        let schemes = challenges.map { $0.prefix { $0 != " " && $0 != "," }.lowercased() }
        let isWanted = challenges.contains { $0.lowercased().contains("basic") }
        guard credential.isBasic, !schemes.isEmpty, !isWanted else { return }
        throw NetworkError(
            .denied,
            "\(place.host) takes no password, only \(schemes.filter { $0.allSatisfy(\.isLetter) }.joined(separator: ", "))",
            hint: "set a helper of git that can do that, or use ssh")
    }
}

/// What is known for one server, and the turn to ask.
private final class Counter: Sendable {
    struct State {
        var known: CredentialDesk.Issued?
        var isApproved = false
        var hasUsedAddress = false
        var refused: [Credential] = []
        var denial: NetworkError?
        /// What a request has just been told for the first time, and until when the others wait for what comes of it.
        var trial: (number: Int, end: ContinuousClock.Instant)?
        private var number = 0

        mutating func issue(
            _ credential: Credential, for place: CredentialPlace, isFromAddress: Bool, step: Int = 0
        ) -> CredentialDesk.Issued {
            number += 1
            isApproved = false
            let issued = CredentialDesk.Issued(
                credential: credential, number: number, place: place, isFromAddress: isFromAddress, step: step)
            known = issued
            trial = (number, .now + Self.trialTime)
            return issued
        }

        /// A file that is sent may take longer to be answered than the others should wait.
        private static let trialTime = Duration.seconds(30)
    }

    let state = Mutex(State())

    /// Waits until nothing new is being tried.
    func awaitTrial(_ isStopped: () -> Bool) {
        while isTrying, !isStopped() { usleep(5_000) }
    }

    private var isTrying: Bool { state.withLock { $0.trial.map { $0.end > .now } ?? false } }

    private let turn = DispatchSemaphore(value: 1)

    /// Waits for the turn, and until nothing new is being tried: what one thread was told is tried by that one alone, since
    /// hosts shut out who is wrong too often. False where somebody wants an end before.
    func enter(_ isStopped: () -> Bool) -> Bool {
        while true {
            awaitTrial(isStopped)
            guard take(isStopped) else { return false }
            if isStopped() || !isTrying { return true }
            leave()
        }
    }

    private func take(_ isStopped: () -> Bool) -> Bool {
        while turn.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            if isStopped() { return false }
        }
        return true
    }

    func leave() { turn.signal() }
}
