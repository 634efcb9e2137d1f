extension CompletionScript {
    /// The script for bash; it needs no other package.
    var bash: String {
        """
        # Completes offbeat in bash.
        _offbeat() {
            local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' word i
            # Bash makes three words of --name=value.
            if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
            COMPREPLY=()
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                case $word in
                    \(globalsWithValue.joined(separator: "|")))
                        [[ ${COMP_WORDS[i+1]} == '=' ]] && ((i++))
                        ((i++)); continue ;;
                    -*) continue ;;
                esac
                case "${command:+$command }$word" in
                    \(paths.map(quoted).joined(separator: "|"))) command="${command:+$command }$word" ;;
                    *) break ;;
                esac
            done
            case "$command:$prev" in
        \(bashValues)
            esac
            if [[ $cur == -* ]]; then
                case $command in
        \(bashOptions)
                    *) COMPREPLY=($(compgen -W '\(words(GlobalOptions.all))' -- "$cur")) ;;
                esac
                return
            fi
            case $command in
        \(bashWords)
            esac
        }
        complete -F _offbeat offbeat

        """
    }

    private var globalsWithValue: [String] { valued(GlobalOptions.all).flatMap(forms) }

    private func words(_ options: [OptionDeclaration]) -> String {
        options.flatMap(forms).joined(separator: " ")
    }

    private func generate(_ completion: Completion) -> String {
        switch completion {
        case .values(let values): "COMPREPLY+=($(compgen -W '\(values.joined(separator: " "))' -- \"$cur\"))"
        case .file: "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
        case .directory: "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")"
        case .none, .track, .handle: ":"
        }
    }

    private var bashValues: String {
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

    private var bashOptions: String {
        list.commands.filter { !$0.options.isEmpty }.map { command in
            let all = words(command.options + GlobalOptions.all)
            return "            \(quoted(command.name))) COMPREPLY=($(compgen -W '\(all)' -- \"$cur\")) ;;"
        }.joined(separator: "\n")
    }

    private var bashWords: String {
        var lines = branches.map { branch in
            let next = branch.next.map(\.word).joined(separator: " ")
            return "        \(quoted(branch.prefix))) COMPREPLY=($(compgen -W '\(next)' -- \"$cur\")) ;;"
        }
        for command in list.commands where !arguments(command).isEmpty {
            let steps = arguments(command).map(generate).joined(separator: "; ")
            lines.append("        \(quoted(command.name))) \(steps) ;;")
        }
        return lines.joined(separator: "\n")
    }
}
