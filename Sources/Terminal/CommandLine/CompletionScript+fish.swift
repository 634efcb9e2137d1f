extension CompletionScript {
    /// The script for fish.
    var fish: String {
        """
        # Completes offbeat in fish.
        function __offbeat_command
            set -l command
            set -l skip 0
            for word in (commandline -opc)[2..-1]
                if test $skip = 1
                    set skip 0
                    continue
                end
                switch $word
                    case \(valued(GlobalOptions.all).flatMap(forms).joined(separator: " "))
                        set skip 1
                        continue
                    case '-*'
                        continue
                end
                set -l next (string join ' ' -- $command $word)
                contains -- "$next" \(paths.map(quoted).joined(separator: " ")); or break
                set command $command $word
            end
            string join ' ' -- $command
        end
        function __offbeat_at
            set -l command (__offbeat_command)
            test "$command" = "$argv[1]"
        end
        complete -c offbeat -f
        \(GlobalOptions.all.map { option($0, condition: nil) }.joined(separator: "\n"))
        \(fishWords.joined(separator: "\n"))

        """
    }

    private func generate(_ completion: Completion) -> String {
        switch completion {
        case .values(let values): " -a \(quoted(values.joined(separator: " ")))"
        case .file: " -F"
        case .directory: " -a '(__fish_complete_directories)'"
        case .none, .track, .handle: ""
        }
    }

    private func option(_ option: OptionDeclaration, condition: String?) -> String {
        var line = "complete -c offbeat"
        if let condition { line += " -n \(quoted("__offbeat_at \(quoted(condition))"))" }
        line += " -l \(option.name)"
        if let short = option.short { line += " -s \(short)" }
        if !option.isFlag { line += " -r" + generate(option.completion) }
        return line + " -d \(quoted(option.help))"
    }

    private var fishWords: [String] {
        var lines: [String] = []
        for branch in branches {
            let condition = quoted("__offbeat_at \(quoted(branch.prefix))")
            for (word, summary) in branch.next {
                lines.append("complete -c offbeat -n \(condition) -a \(quoted(word)) -d \(quoted(summary))")
            }
        }
        for command in list.commands {
            lines += command.options.map { option($0, condition: command.name) }
            for completion in arguments(command) where completion != .track && completion != .handle {
                let condition = quoted("__offbeat_at \(quoted(command.name))")
                lines.append("complete -c offbeat -n \(condition)\(generate(completion))")
            }
        }
        return lines
    }
}
