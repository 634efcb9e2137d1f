import Files
import TestSupport
import Testing

/// People at a terminal who are asked for a passphrase or a password.
@Suite(.enabled(if: isInstalled("script"), "needs script of util-linux")) struct AskingTests {
    /// A command at somebody's laptop, and afterwards how the terminal is set.
    private func terminal(_ tour: FarTour, _ words: Word...) throws -> AtTerminal {
        let script: Word = "trap : INT; \"$@\"; status=$?; stty -a; exit $status"
        let call = [Word(try Scenarios.program()), "--store", Word(tour.store("ana"))] + words
        return try AtTerminal(
            ["sh", "-c", script, "sh"] + call, in: tour.studio,
            adding: tour.surroundings.merging(["GIT_TERMINAL_PROMPT": "1", "TERM": "xterm"]) { $1 })
    }

    /// What is typed without being shown is never shown, and the terminal is left as it was.
    private func end(_ terminal: AtTerminal, _ status: Int32, location: SourceLocation = #_sourceLocation) throws {
        let outcome = try terminal.running.outcome()
        #expect(outcome.status == status, "\(outcome)", sourceLocation: location)
        #expect(outcome.text.contains(" echo "), "\(outcome)", sourceLocation: location)
        #expect(!outcome.text.contains("s3c"), "\(outcome)", sourceLocation: location)
    }

    @Test(.enabled(if: SSHServer.isAvailable, "needs OpenSSH")) func aPassphraseIsAskedForOneConnectionAtATime()
        throws
    {
        try FarTour.overSSH { tour, server in
            try tour.studio.offbeat("init", "ana", "--user", "ana", "--name", "Band").done()
            try tour.at("ana", "remote", "add", "origin", Word(tour.url)).done()
            let key = server.folder.parent.appending("key")
            try tour.studio.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "s3cret", "-f", Word(key)]).done()
            for number in 1...4 {
                try tour.studio.sound(FilePath("songs/\(number).wav"), seed: UInt64(number), frames: 9_000)
            }
            try tour.at("ana", "add", "--no-analyze", Word(tour.studio.work.appending("songs"))).done()
            // For versions that come, files, and versions that go, the first of them wrongly.
            let sync = try terminal(tour, "sync")
            for word in ["wrong", "s3cret", "s3cret", "s3cret"] {
                try sync.answer("Enter passphrase for key '\(key)': ", with: "\(word)\n")
            }
            try end(sync, 0)
            #expect(try tour.head("ana") == tour.studio.git("rev-parse", "main", in: tour.remote).done().line)

            let stopped = try terminal(tour, "sync")
            try stopped.answer("Enter passphrase for key '\(key)': ", with: "s3c\u{3}")
            try end(stopped, 130)
        }
    }

    @Test(.enabled(if: WebServer.isInstalled && LFSServer.isInstalled, "`.ci/prepare test` lays down the servers"))
    func aPasswordIsAskedForUntilItIsRight() throws {
        var settings = WebServer.Settings()
        settings.people = ["ana": "s3cret"]
        try FarTour.overWeb(.giftless, settings) { tour, server in
            try tour.studio.offbeat("init", "ana", "--user", "ana", "--name", "Band").done()
            let place = "localhost:\(server.port)"
            let adding = try terminal(tour, "remote", "add", "origin", Word(tour.url))
            for word in ["wrong", "s3cret"] {
                try adding.answer("Username for 'http://\(place)': ", with: "ana\n")
                try adding.answer("Password for 'http://ana@\(place)': ", with: "\(word)\n")
            }
            try end(adding, 0)

            let stopped = try terminal(tour, "sync")
            try stopped.answer("Username for 'http://\(place)': ", with: "ana\n")
            try stopped.answer("Password for 'http://ana@\(place)': ", with: "s3c\u{3}")
            try end(stopped, 130)
        }
    }
}
