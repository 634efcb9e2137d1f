import Glibc
import Testing

@testable import Terminal

@Test func workStopsWhenAsked() throws {
    let interruption = Interruption()
    try interruption.check()
    #expect(!interruption.isRequested)
    interruption.request()
    #expect(interruption.isRequested)
    #expect(throws: Failure(code: "interrupted", "interrupted")) { try interruption.check() }
    #expect(Failure(code: "interrupted", "interrupted").exit == .interrupted)
}

@Test func listeningToNoSignalsChangesNothing() {
    let interruption = Interruption()
    interruption.listen(orderly: true)
    #expect(!interruption.isRequested)
}

@Test func theFirstSignalOnlyAsks() async {
    await #expect(processExitsWith: .exitCode(7)) {
        let interruption = Interruption(heedsSignals: true)
        interruption.listen(orderly: true)
        send(SIGTERM)
        exit(waitUntil { interruption.isRequested } ? 7 : 1)
    }
}

@Test func theSecondSignalEndsTheProgram() async {
    await #expect(processExitsWith: .exitCode(130)) {
        let interruption = Interruption(heedsSignals: true)
        interruption.listen(orderly: true)
        send(SIGTERM)
        if waitUntil({ interruption.isRequested }) { send(SIGTERM) }
        waitUntil { false }
        exit(1)
    }
}

@Test func aSignalEndsACommandThatDoesNotLook() async {
    await #expect(processExitsWith: .exitCode(130)) {
        Interruption(heedsSignals: true).listen(orderly: false)
        send(SIGTERM)
        waitUntil { false }
        exit(1)
    }
}

@Test func signalsAreKeptForAnotherProgram() async {
    await #expect(processExitsWith: .exitCode(7)) {
        let interruption = Interruption(heedsSignals: true)
        interruption.listen(orderly: true)
        interruption.collect()
        var signals: [Int32] = []
        for signal in [SIGTERM, SIGQUIT, SIGTERM, SIGHUP] {
            send(signal)
            waitUntil {
                let found = interruption.collectedSignals()
                signals += found.filter { !$0.isFromTerminal }.map(\.signal)
                return !found.isEmpty
            }
        }
        exit(signals == [SIGTERM, SIGQUIT, SIGTERM, SIGHUP] && interruption.collectedSignals().isEmpty ? 7 : 1)
    }
    #expect(Interruption().collectedSignals().isEmpty)
}

@Test func aSignalThatTheCallerIgnoresStaysIgnored() async {
    await #expect(processExitsWith: .exitCode(0)) {
        signal(SIGHUP, SIG_IGN)
        let interruption = Interruption(heedsSignals: true)
        interruption.listen(orderly: false)
        send(SIGHUP)
        usleep(50_000)
        exit(interruption.isRequested ? 1 : 0)
    }
}

/// Sends this process a signal; `raise` would send it to this thread, which may be one that takes none.
private func send(_ signal: Int32) {
    kill(getpid(), signal)
}

/// Waits a few seconds at most.
@discardableResult
private func waitUntil(_ condition: () -> Bool) -> Bool {
    for _ in 0..<500 {
        if condition() { return true }
        usleep(10_000)
    }
    return false
}
