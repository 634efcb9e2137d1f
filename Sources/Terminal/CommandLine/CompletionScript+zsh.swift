extension CompletionScript {
    /// The script for zsh.
    var zsh: String {
        """
        #compdef offbeat
        # Completes offbeat in zsh.
        _offbeat() {
            local command='' word previous=${words[CURRENT-1]}
            local -i i
            local -a choices
            for ((i = 2; i < CURRENT; i++)); do
                word=${words[i]}
                case $word in
                    \(valued(GlobalOptions.all).flatMap(forms).joined(separator: "|"))) ((i++)); continue ;;
                    -*) continue ;;
                esac
                case "${command:+$command }$word" in
                    \(paths.map(quoted).joined(separator: "|"))) command="${command:+$command }$word" ;;
                    *) break ;;
                esac
            done
            if compset -P '--*='; then previous=${IPREFIX%=}; fi
            case "$command:$previous" in
        \(zshValues)
            esac
            if [[ $PREFIX == -* ]]; then
                choices=(\(describe(GlobalOptions.all)))
                case $command in
        \(zshOptions)
                esac
                _describe -o option choices
                return
            fi
            case $command in
        \(zshWords)
            esac
        }
        if [[ $funcstack[1] == _offbeat ]]; then _offbeat "$@"; else compdef _offbeat offbeat; fi

        """
    }

    private func generate(_ completion: Completion) -> String {
        switch completion {
        case .values(let values): "compadd -- \(values.joined(separator: " "))"
        case .file: "_files"
        case .directory: "_files -/"
        case .none, .track, .handle: ":"
        }
    }

    private func entry(_ word: String, _ text: String) -> String {
        quoted("\(word):\(text.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:"))")
    }

    private func describe(_ options: [OptionDeclaration]) -> String {
        options.flatMap { option in forms(option).map { entry($0, option.help) } }.joined(separator: " ")
    }

    private var zshValues: String {
        var lines: [String] = []
        for command in list.commands {
            for option in valued(command.options) {
                let patterns = forms(option).map { quoted("\(command.name):\($0)") }.joined(separator: "|")
                lines.append("        \(patterns)) \(generate(option.completion)); return ;;")
            }
        }
        for option in valued(GlobalOptions.all) {
            lines.append("        *:--\(option.name)) \(generate(option.completion)); return ;;")
        }
        return lines.joined(separator: "\n")
    }

    private var zshOptions: String {
        list.commands.filter { !$0.options.isEmpty }.map { command in
            "            \(quoted(command.name))) choices+=(\(describe(command.options))) ;;"
        }.joined(separator: "\n")
    }

    private var zshWords: String {
        var lines = branches.map { branch in
            let next = branch.next.map { entry($0.word, $0.summary) }.joined(separator: " ")
            return "        \(quoted(branch.prefix))) choices=(\(next)); _describe -t commands command choices ;;"
        }
        for command in list.commands where !arguments(command).isEmpty {
            let steps = arguments(command).map(generate).joined(separator: "; ")
            lines.append("        \(quoted(command.name))) \(steps) ;;")
        }
        return lines.joined(separator: "\n")
    }
}
