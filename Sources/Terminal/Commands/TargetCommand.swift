import Catalog
import Files
import Offbeat

/// `workspace target`.
enum TargetCommand {
    private static let kind = Argument.one(
        "KIND", .choice("KIND") as ValueKind<TargetKind>, help: "feed, http or command.")
    private static let words = Argument.many(
        "WORD", .text, atLeast: 0,
        help:
            "For a command: the program with its arguments, or all of it as one word. -- before words with dashes.")
    private static let off = Option.flag("off", help: "Take the target away, and what this computer knows of it.")

    // MARK: What each kind takes

    private static let directory = Option.optional(
        "dir", .directory, help: "The folder that the feed is written to, on this computer.")
    private static let baseURL = Option.optional(
        "base-url", .text, value: "URL", help: "The address under which that folder is served.")
    private static let title = Option.optional("title", .text, help: "What the feed is called.")
    private static let image = Option.optional("image", .text, value: "URL", help: "The address of its picture.")
    private static let language = Option.optional("language", .text, value: "L", help: "Its language, such as en.")
    private static let category = Option.optional(
        "category", .text, value: "C", help: "Its category, such as Music.")
    private static let explicit = Option.flag("explicit", help: "It is not for children.")
    private static let notExplicit = Option.flag("no-explicit", help: "It is for children too.")

    private static let url = Option.optional("url", .text, value: "URL", help: "The address of the service.")
    private static let token = Option.optional(
        "token", .text, value: "TOKEN",
        help: "The token, which stays on this computer; - reads it from standard input, an empty one is forgotten.")
    private static let tokenFile = Option.optional(
        "token-file", .file, help: "A file on this computer that holds the token.")
    private static let tokenVariable = Option.optional(
        "token-env", .text, value: "NAME", help: "An environment variable that holds the token.")
    private static let mediaURL = Option.optional(
        "media-url-base", .text, value: "URL",
        help: "The address under which audio and images are served; without it no post with one can be approved.")
    private static let profile = Option.optional(
        "profile", .text, value: "KEY", help: "The key of the account at the service.")

    private static let feedTexts = [
        (baseURL, "baseUrl"), (title, "title"), (image, "image"), (language, "language"), (category, "category"),
    ]
    private static let serviceTexts = [(url, "url"), (mediaURL, "mediaUrlBase"), (profile, "profile")]

    // MARK: The command

    static let target = Command(
        "workspace target", in: .posts, summary: "Say where posts of a workspace are brought out",
        discussion: """
            A feed is files in a folder, as podcast and news readers take them. http is a publishing service, asked \
            in the manner of Ayrshare. A command is a program that is given each post as JSON on standard input. A \
            workspace can have all three; where nothing is said it has a feed.

            What is said is added to what was said before; an empty text takes a setting away. Only owners say what \
            is for everybody. The folder, the token and the program are for this computer alone and never synced; \
            approvers may say them too.

            A token is sent to the one host that the workspace names when the token is said, and to no other that \
            may be named later. Words of a call can be seen by others on this computer while it runs: rather say the \
            token with --token -, --token-file or --token-env.
            """,
        arguments: [WorkspaceCommands.slug, kind, words],
        options: [
            directory, baseURL, title, image, language, category, explicit, notExplicit, url, token, tokenFile,
            tokenVariable, mediaURL, profile, off,
        ],
        examples: [
            .init(
                "offbeat workspace target band feed --dir ~/www/band --base-url https://example.org/band",
                "write a feed there"),
            .init(
                "offbeat workspace target band http --url https://app.ayrshare.com/api --token - <token",
                "hand posts to a service"),
            .init("offbeat workspace target band command -- post-it --loud", "hand posts to a program"),
        ],
        json: "workspace", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let kind = invocation[kind]
            let given = try given(invocation)
            for name in given where !names(of: kind).contains(name) {
                throw Failure.usage("\(name) is not for a target of the kind \(kind.rawValue)")
            }
            let session = try Workplace(invocation).session()
            if invocation[off] {
                if let name = given.first { throw Failure.usage("\(name) says something, and --off takes it away") }
                return reply(try session.removeTarget(invocation[WorkspaceCommands.slug], kind))
            }
            return reply(try session.setTarget(invocation[WorkspaceCommands.slug], try request(invocation)))
        })

    private static func reply(_ outcome: WorkspaceOutcome) -> Reply {
        Reply(json: outcome.workspace.json) { page in
            let names = outcome.workspace.targets.map(\.target.name).joined(separator: ", ")
            page.remark("Posts of \(outcome.workspace.slug, .bold) go to: \(names)")
            for remark in outcome.remarks { page.remark("Note: \(remark)") }
        }
    }

    /// What is said in the call, by its name.
    private static func given(_ invocation: Invocation) throws(Failure) -> [String] {
        var given = (feedTexts + serviceTexts).map(\.0).filter { invocation[$0] != nil }.map(\.declaration.name)
        for flag in [explicit, notExplicit] where invocation[flag] { given.append(flag.declaration.name) }
        if given.contains("explicit"), given.contains("no-explicit") {
            throw .usage("--explicit and --no-explicit contradict each other")
        }
        if invocation[directory] != nil { given.append("dir") }
        let tokens = [
            invocation[token].map { _ in "token" }, invocation[tokenFile].map { _ in "token-file" },
            invocation[tokenVariable].map { _ in "token-env" },
        ].compactMap { $0 }
        guard tokens.count < 2 else {
            throw .usage(tokens.map { "--\($0)" }.joined(separator: " and ") + " cannot both say the token")
        }
        return (given + tokens).map { "--\($0)" } + (invocation[words].isEmpty ? [] : ["WORD"])
    }

    private static func names(of kind: TargetKind) -> [String] {
        let options: [String] =
            switch kind {
            case .feed: feedTexts.map(\.0.declaration.name) + ["explicit", "no-explicit", "dir"]
            case .http: serviceTexts.map(\.0.declaration.name) + ["token", "token-file", "token-env"]
            case .command: []
            }
        return options.map { "--\($0)" } + (kind == .command ? ["WORD"] : [])
    }

    private static func request(_ invocation: Invocation) throws -> TargetRequest {
        var request = TargetRequest(invocation[kind])
        for (option, field) in feedTexts + serviceTexts {
            if let text = invocation[option] { request.settings[field] = text }
        }
        if invocation[explicit] { request.isExplicit = true }
        if invocation[notExplicit] { request.isExplicit = false }
        request.folder = try invocation[directory]?.absolute()
        request.command = invocation[words]
        if let text = invocation[token] { request.token = try change(to: text) }
        if let file = invocation[tokenFile] { request.token = .from(.file(try file.absolute())) }
        if let name = invocation[tokenVariable] { request.token = .from(.environment(name)) }
        return request
    }

    private static func change(to text: String) throws -> TargetRequest.TokenChange {
        guard text == "-" else { return text.isEmpty ? .none : .from(.value(text)) }
        let bytes = try FileDescriptor.open("/dev/stdin", .read).readAll(limit: 1 << 16)
        let read = String(decoding: bytes, as: UTF8.self)
        return .from(.value(read.last?.isNewline == true ? String(read.dropLast()) : read))
    }
}
