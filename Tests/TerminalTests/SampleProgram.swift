import Catalog
import Files

@testable import Terminal

/// A few commands of every shape, which answer with what they understood.
enum Sample {
    enum Order: String, Choice { case added, title, artist }

    static let title = Option.optional("title", .text, help: "The title.")
    static let tags = Option.repeated("tag", .text, value: "T", help: "A tag.")
    static let move = Option.flag("move", help: "Remove the originals once their bytes are safe.")
    static let dryRun = Option.flag("dry-run", short: "n", help: "Only say what would be done.")
    static let paths = Argument.many("PATH", .file, help: "Files, and folders to walk.")

    static let add = Command(
        "add", in: .library, summary: "Add audio files to the library",
        discussion: "Folders are walked. A file that is here already is left alone, so a call that was cut short "
            + "can be repeated.\n\nOriginals stay where they are unless --move is given.",
        arguments: [paths], options: [title, tags, move, dryRun],
        examples: [.init("offbeat add ~/Music --tag live", "add a folder and tag all of it")],
        json: #"{"version","added":[track…],"failed":[{"path","reason"}]}"#, exits: [.refused]
    ) { invocation in
        let paths = invocation[paths].map { JSON.string($0.string) }
        let flags: JSON = ["move": .bool(invocation[move]), "dryRun": .bool(invocation[dryRun])]
        return Reply(json: [
            "paths": .array(paths), "title": invocation[title].map(JSON.string) ?? .null,
            "tags": .array(invocation[tags].map(JSON.string)), "flags": flags,
        ]) { page in
            for path in invocation[Self.paths] { page.line("added \(path, .bold)") }
            page.remark("done")
            page.detail("in no time")
        }
    }

    static let order = Option.defaulted("sort", .choice("ORDER"), default: Order.added, help: "The order.")
    static let limit = Option.optional("limit", .integer(1...1000), help: "How many at most.")
    static let age = Option.optional("max-age", .duration, help: "How old the answer may be.")
    static let quota = Option.optional("quota", .size, help: "How much may be used.")
    static let query = Argument.many("QUERY", .word, atLeast: 0, help: "What to look for.")

    static let list = Command(
        "ls", in: .library, summary: "List tracks", arguments: [query], options: [order, limit, age, quota],
        json: #"{"total","tracks":[track…]}"#, acceptsDashWords: true
    ) { invocation in
        Reply(json: [
            "query": .array(invocation[query].map { .string($0.description) }),
            "sort": .string(invocation[order].rawValue),
            "limit": invocation[limit].map { .integer(Int64($0)) } ?? .null,
            "maxAge": invocation[age].map { .integer($0.components.seconds) } ?? .null,
            "quota": invocation[quota].map(JSON.integer) ?? .null,
        ]) { _ in }
    }

    static let handle = Argument.one("HANDLE", .handle, help: "The person's handle.")
    static let userAdd = Command(
        "user add", in: .start, summary: "Add a person", arguments: [handle], json: #"{"handle"}"#
    ) { invocation in
        Reply(json: [
            "handle": .string(invocation[handle]), "as": invocation.settings.user.map(JSON.string) ?? .null,
            "store": invocation.settings.store.map { .string($0.string) } ?? .null,
            "now": .integer(invocation.settings.now()),
        ]) { $0.line("added \(invocation[handle])") }
    }
    static let userList = Command("user ls", in: .start, summary: "List people", json: #"{"users"}"#) { _ in
        Reply(json: ["users": []]) { _ in }
    }

    static let place = Argument.one("WORKSPACE", .text, help: "The workspace.")
    static let ids = Argument.many("ID", .text, help: "Tracks.")
    static let end = Argument.one("END", .text, help: "The last word.")
    static let share = Command(
        "share", in: .posts, summary: "Share tracks", arguments: [place, ids, end], json: "{}"
    ) { invocation in
        Reply(json: [
            "place": .string(invocation[place]), "ids": .array(invocation[ids].map(JSON.string)),
            "end": .string(invocation[end]),
        ]) { _ in }
    }

    static let workspace = Option.required("workspace", short: "w", .text, value: "SLUG", help: "The workspace.")
    static let target = Argument.optional("DIR", .directory, help: "Where.")
    static let post = Command(
        "post new", in: .posts, summary: "Write a post", arguments: [target], options: [workspace, dryRun],
        json: "post"
    ) { invocation in
        Reply(json: [
            "workspace": .string(invocation[workspace]),
            "dir": invocation[target].map { .string($0.string) } ?? .null, "dryRun": .bool(invocation[dryRun]),
        ]) { _ in }
    }

    static let code = Argument.one("CODE", .text, help: "How to fail.")
    static let fail = Command("fail", in: .care, summary: "Fail", arguments: [code], json: "none") { invocation in
        throw Failure(code: invocation[code], "no track \u{1b}[31mx\ny", hint: "try 'offbeat ls'")
    }

    static let stream = Command("stream", in: .care, summary: "Write events", json: "{n} a line") { invocation in
        for number in 1...2 {
            try invocation.console.emit(json: invocation.settings.json, ["n": .integer(Int64(number))]) {
                $0.line("event \(number)")
            }
        }
        invocation.console.note("that was all")
        return .written(exit: .conflicts)
    }

    static let commands = [
        add, list, userAdd, userList, share, post, fail, stream, HelpCommand.command, CompletionsCommand.command,
    ]
}

/// What one call came to.
struct Outcome {
    let status: Int32
    let out: String
    let err: String
}

/// Runs one call in this process.
func call(
    _ words: [Word], environment: [String: Word] = [:], terminal: Bool = false, columns: Int = 80,
    commands: [Command] = Sample.commands
) -> Outcome {
    let (out, err) = (
        Output.memory(isTerminal: terminal, columns: columns), Output.memory(isTerminal: terminal, columns: columns)
    )
    let status = Program { commands }.run(
        words, environment: Environment(environment),
        console: .plain(out: out, err: err, interruption: Interruption()))
    return Outcome(
        status: status, out: String(decoding: out.captured, as: UTF8.self),
        err: String(decoding: err.captured, as: UTF8.self))
}

/// Runs one call, its words parted by blanks.
func call(_ line: String, environment: [String: Word] = [:], terminal: Bool = false, columns: Int = 80) -> Outcome {
    call(
        line.split(separator: " ").map { Word(String($0)) }, environment: environment, terminal: terminal,
        columns: columns)
}
