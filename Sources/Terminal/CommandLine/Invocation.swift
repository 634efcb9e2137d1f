/// One call of a command: the values that it was given and what it may use to answer.
struct Invocation: Sendable {
    let command: Command
    let commands: CommandList
    let settings: Settings
    let console: Console
    private let values: ParsedValues

    init(command: Command, commands: CommandList, values: ParsedValues, settings: Settings, console: Console) {
        self.command = command
        self.commands = commands
        self.values = values
        self.settings = settings
        self.console = console
    }

    /// The value of an option that the command declares.
    subscript<Value>(option: Option<Value>) -> Value { values[option] }

    /// The value of an argument that the command declares.
    subscript<Value>(argument: Argument<Value>) -> Value { values[argument] }

    var progress: Progress { console.progress }
    var interruption: Interruption { console.interruption }
}
