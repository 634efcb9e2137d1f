import Catalog
import Offbeat

/// `user token`, `user tokens` and `user revoke`.
enum TokenCommands {
    static let all = [make, list, revoke]

    private static let handle = Argument.one("HANDLE", .handle, help: "The person for whom it speaks.")
    private static let name = Option.optional("name", .text, help: "What it is for.")
    private static let timeToLive = Option.optional(
        "ttl", .duration, help: "How long it is good; else until it is taken back.")

    private static let make = Command(
        "user token", in: .start, summary: "Make a token that lets a person in where the library is served",
        discussion: """
            The token is printed once and kept nowhere: this computer only remembers how to know it again. Whoever has \
            it acts for that person at `offbeat serve`, in a browser or as `Authorization: Bearer TOKEN`. `offbeat user \
            revoke` takes it back at once, also from servers that run.
            """,
        arguments: [handle], options: [name, timeToLive],
        examples: [.init("offbeat user token ana --name phone --ttl 90d", "let Ana in with her phone")],
        json: #"{"id","token","user","name","created","expires"}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let library = try Workplace(invocation).library()
            let made = try library.makeToken(
                for: invocation[handle], called: invocation[name],
                timeToLive: invocation[timeToLive].map { $0.components.seconds * 1000 })
            var document = document(of: made.token, user: invocation[handle])
            document["token"] = .string(made.secret)
            return Reply(json: .object(document)) { page in
                page.line(Line(made.secret))
                page.remark("Token \(made.token.id, .bold) lets in as \(invocation[handle]); it is not shown again")
            }
        })

    private static let whose = Argument.optional("HANDLE", .handle, help: "Only that person's.")

    private static let list = Command(
        "user tokens", in: .start, summary: "List the tokens that let people in", arguments: [whose],
        json: #"{"tokens":[{"id","user","name","created","expires"}]}"#, exits: [.notFound, .refused],
        run: { invocation in
            let library = try Workplace(invocation).library()
            let people = try library.session(as: invocation.settings.user).people()
            let tokens = try library.tokens(of: invocation[whose]).map { token in
                (token, people.first { $0.id == token.person }?.handle?.text ?? token.person.hex)
            }
            let documents = tokens.map { JSON.object(document(of: $0.0, user: $0.1)) }
            return Reply(json: ["tokens": .array(documents)]) { page in
                var table = Table([.whole("TOKEN"), .text("FOR"), .text("NAME"), .whole("UNTIL")])
                for (token, user) in tokens {
                    let end = token.expires.map { String(Timestamp(milliseconds: $0).description.prefix(16)) }
                    table.add([Line(token.id), Line(user), Line(token.name ?? ""), Line(end ?? "")])
                }
                page.table(table)
            }
        })

    private static let which = Argument.one(
        "TOKEN", .text, help: "The token's id, or a person's handle for all of that person's.")

    private static let revoke = Command(
        "user revoke", in: .start, summary: "Take back a token, or all of a person's", arguments: [which],
        examples: [.init("offbeat user revoke ana", "let nobody in as Ana any more")],
        json: #"{"revoked":[id…]}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let gone = try Workplace(invocation).library().revokeTokens(invocation[which])
            return Reply(json: ["revoked": .array(gone.map { .string($0.id) })]) { page in
                for token in gone { page.remark("Took back token \(token.id, .bold)") }
                if gone.isEmpty { page.remark("\(invocation[which]) has no token") }
            }
        })

    private static func document(of token: AccessToken, user: String) -> JSONObject {
        [
            "id": .string(token.id), "user": .string(user), "name": token.name.map(JSON.string) ?? .null,
            "created": .string(Timestamp(milliseconds: token.created).description),
            "expires": token.expires.map { .string(Timestamp(milliseconds: $0).description) } ?? .null,
        ]
    }
}
