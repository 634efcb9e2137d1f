import Files

/// The options that every command has.
enum GlobalOptions {
    enum When: String, Choice { case auto, always, never }
    enum ProgressForm: String, Choice { case auto, plain, json, none }

    static let store = Option.optional(
        "store", .directory, help: "The store to work on; else OFFBEAT_STORE, else the nearest one from here up.")
    static let json = Option.flag("json", help: "Print one JSON document on standard output.")
    static let quiet = Option.flag("quiet", help: "Print results and errors only: no progress, no remarks.")
    static let verbose = Option.flag("verbose", help: "Say more about what is done.")
    static let color = Option.defaulted(
        "color", .choice("WHEN"), default: When.auto, help: "Use colours: auto, always or never.")
    static let progress = Option.defaulted(
        "progress", .choice("FORM"), default: ProgressForm.auto,
        help: "How to show progress: auto, plain, json or none.")
    static let user = Option.optional("user", .handle, help: "Act as this person; else the configured one.")
    static let help = Option.flag("help", short: "h", help: "Explain the command.")
    static let version = Option.flag("version", help: "Print the version.")

    static let all: [OptionDeclaration] = [
        store.declaration, json.declaration, quiet.declaration, verbose.declaration, color.declaration,
        progress.declaration, user.declaration, help.declaration, version.declaration,
    ]
}
