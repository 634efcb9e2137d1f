import Catalog

/// What a command answers: a document for scripts, a page for people, and how the program ends.
struct Reply {
    /// Makes the document; called only with `--json`. Nil if the command has written its output itself.
    let document: (() -> JSON)?
    /// Writes the page; called only without `--json`.
    let text: (inout Page) -> Void
    let exit: ExitStatus

    /// Makes an answer of which only the form that is wanted is ever computed.
    init(
        json: @autoclosure @escaping () -> JSON, exit: ExitStatus = .done,
        text: @escaping (inout Page) -> Void
    ) {
        document = json
        self.text = text
        self.exit = exit
    }

    private init(exit: ExitStatus) {
        document = nil
        text = { _ in }
        self.exit = exit
    }

    /// The answer of a command that wrote its output on the way: raw bytes, or one document a line.
    static func written(exit: ExitStatus = .done) -> Reply { Reply(exit: exit) }
}

extension Console {
    /// Writes one answer.
    func deliver(_ reply: Reply, json: Bool) throws(OutputError) {
        progress.end()
        if json {
            if let document = reply.document { try write(document()) }
        } else {
            var page = Page(style)
            reply.text(&page)
            try out.write(page.text)
        }
        try out.flush()
    }

    /// Writes one event of a command that goes on: a document in one line, or lines for people.
    func emit(json: Bool, _ document: @autoclosure () -> JSON, text: (inout Page) -> Void) throws(OutputError) {
        progress.clear()
        if json {
            try write(document())
        } else {
            var page = Page(style)
            text(&page)
            try out.write(page.text)
        }
        try out.flush()
    }

    /// Tells why the command failed: as a document on standard output with `--json`, else as one line on standard error.
    func report(_ failure: Failure, json: Bool) {
        progress.end()
        guard json else { return tell("\(Program.name): \(failure)") }
        var error: JSONObject = ["code": .string(failure.code), "message": .string(failure.message)]
        error["hint"] = failure.hint.map(JSON.string)
        do {
            try write(["error": .object(error)])
            try out.flush()
        } catch {
            tell("\(Program.name): \(failure)")
        }
    }

    private func write(_ document: JSON) throws(OutputError) {
        try out.write("\(document)\n")
    }
}
