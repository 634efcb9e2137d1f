import Catalog
import Files
import Offbeat
import Trace
import Web

/// `serve`.
enum ServeCommand {
    private static let host = Option.optional(
        "host", .text, help: "The address to listen at, in numbers; else 127.0.0.1.")
    private static let port = Option.optional(
        "port", .integer(0...65_535), help: "The port to listen at; 0 is any that is free; else 8414.")
    private static let url = Option.optional(
        "url", .text, help: "Where people reach it, behind another server: https://music.example.")
    private static let guests = Option.flag("guests", help: "Let visitors in without a token, each as a guest.")

    /// What is under way has so many seconds to come to its end.
    private static let patience = 5.0

    static let command = Command(
        "serve", in: .serve, summary: "Serve the library as a page on this computer",
        discussion: """
            Prints a link that lets in whoever opens it, as long as the server runs. What others change, by the command \
            line or by a sync, is in open pages at once. An interrupt ends it when what is under way is done.

            Others come in by tokens, see `offbeat user token`; where other computers can reach it, somebody has to have one             first. With --guests anybody may come in and try things on a copy of their own, which goes when they leave; they may             send their work to a person, who takes it in or not.

            While it runs it analyses the audio that comes, syncs what people look at when that grows old and a remote can be             reached, and brings out posts when their time has come, as the person that it is run by. With --verbose it says             which views are made anew and why.
            """,
        options: [host, port, url, guests],
        examples: [
            .init("offbeat serve", "serve the library at http://127.0.0.1:8414"),
            .init("offbeat serve --port 0 --json", "let a program know where it is served"),
        ],
        json: #"first {"url","token","pid"}"#, exits: [.notFound, .refused], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let library = try workplace.library()
            var settings = PageSettings(folder: try Installation.page())
            settings.address = invocation[host] ?? settings.address
            settings.port = invocation[port].map { UInt16(clamping: $0) } ?? settings.port
            settings.publicURL = invocation[url]
            settings.letsGuestsIn = invocation[guests]
            settings.handle = invocation.settings.user
            let (environment, trace) = (invocation.settings.environment, invocation.settings.trace)
            settings.environment = { environment[$0]?.text }
            settings.log = { line in trace.announce(.store, line) }
            if invocation.settings.verbose { settings.invalidationLog = settings.log }
            let server = try PageServer(library, settings)
            try invocation.console.emit(
                json: invocation.settings.json,
                [
                    "url": .string(server.url), "token": .string(server.token),
                    "pid": .integer(Int64(Machine.processID)),
                ]
            ) { page in page.line("\(server.link)") }
            while !invocation.interruption.isRequested { SystemClock.sleep(seconds: 0.05) }
            server.stop(within: patience)
            return .written(exit: .done)
        })
}
