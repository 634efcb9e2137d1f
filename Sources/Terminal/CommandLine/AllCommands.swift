/// Returns every command in the order in which help lists them.
func allCommands() -> [Command] {
    StartCommands.all + TokenCommands.all + VersionCommands.all + UndoCommands.all + LibraryCommands.all
        + FileCommands.all
        + AnalysisCommands.all + StemCommands.all
        + WorkspaceCommands.all + PostCommands.all + PostDecisionCommands.all + PublishCommands.all + [
            CloneCommand.command, SyncCommand.command,
        ] + RemoteCommands.all + [TransferCommand.command] + ContentCommands.all
        + ConflictCommands.all + CacheCommands.all + GuestCommands.all + ConfigCommands.all + DebugCommands.all
        + [
            ServeCommand.command, GuestRunCommand.command, FsckCommand.command, GcCommand.command,
            UpgradeCommand.command,
            HelpCommand.command,
            CompletionsCommand.command,
        ]
}
