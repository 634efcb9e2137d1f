import Catalog
import Offbeat

/// `config get`, `config set` and `config ls`.
enum ConfigCommands {
    static let all = [get, set, list]

    private static let key = Argument.one(
        "KEY", .text, help: "The setting: \(StoreSettings.Key.allCases.map(\.rawValue).joined(separator: ", ")).")
    private static let value = Argument.one("VALUE", .text, help: "What it is set to.")

    private static let get = Command(
        "config get", in: .care, summary: "Print a setting", arguments: [key], json: #"{"key","value"}"#,
        exits: [.notFound],
        run: { invocation in
            let key = try StoreSettings.key(named: invocation[key])
            let value = try Workplace(invocation).library().settings.get(key)
            let document: JSON = ["key": .string(key.rawValue), "value": value.map(JSON.string) ?? .null]
            return Reply(json: document) { page in if let value { page.line(Line(value)) } }
        })

    private static let set = Command(
        "config set", in: .care, summary: "Change a setting of this store on this computer",
        arguments: [key, value],
        examples: [
            .init("offbeat config set user ana", "act as Ana from now on"),
            .init("offbeat config set audio.decoder 'ffmpeg -v error -i {in} -f wav -'", "read M4A and AAC too"),
        ],
        json: #"{"key","value"}"#, exits: [.notFound, .tryLater],
        run: { invocation in
            let key = try StoreSettings.key(named: invocation[key])
            try Workplace(invocation).library().settings.set(key, to: invocation[value])
            let document: JSON = ["key": .string(key.rawValue), "value": .string(invocation[value])]
            return Reply(json: document) { page in page.remark("\(key.rawValue) is \(invocation[value], .bold)") }
        })

    private static let list = Command(
        "config ls", in: .care, summary: "List the settings of this store on this computer",
        json: #"{"settings":[{"key","value"}]}"#,
        run: { invocation in
            let all = try Workplace(invocation).library().settings.all()
            let documents = all.map { ["key": .string($0.key.rawValue), "value": .string($0.value)] as JSON }
            return Reply(json: ["settings": .array(documents)]) { page in
                for (key, value) in all { page.line("\(key.rawValue) = \(value)") }
            }
        })
}
