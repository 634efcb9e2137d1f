/// Returns every command in the order in which help lists them.
func allCommands() -> [Command] {
    StartCommands.all + VersionCommands.all + LibraryCommands.all + FileCommands.all + ConfigCommands.all
        + [FsckCommand.command, HelpCommand.command, CompletionsCommand.command]
}
