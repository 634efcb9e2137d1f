import Catalog
import Files
import Offbeat
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
            let environment = invocation.settings.environment
            settings.environment = { environment[$0]?.text }
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
