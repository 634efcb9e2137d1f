/// Where a command speaks: results to standard output, everything else to standard error.
struct Console: Sendable {
    let out: Output
    let err: Output
    let progress: Progress
    let interruption: Interruption
    let style: PageStyle

    /// The console before the words of the call are known: no colours, no progress.
    static func plain(out: Output, err: Output, interruption: Interruption) -> Console {
        Console(
            out: out, err: err, progress: Progress(.off, to: err), interruption: interruption, style: PageStyle())
    }

    private init(out: Output, err: Output, progress: Progress, interruption: Interruption, style: PageStyle) {
        self.out = out
        self.err = err
        self.progress = progress
        self.interruption = interruption
        self.style = style
    }

    /// Returns the console as the global options and the environment want it.
    func configured(_ values: ParsedValues, environment: Environment) -> Console {
        let isDumb = environment["TERM"] == nil || environment["TERM"] == "dumb"
        var style = PageStyle(quiet: values[GlobalOptions.quiet], verbose: values[GlobalOptions.verbose])
        if !values[GlobalOptions.json] {
            let isTerminal = out.isTerminal
            style.columns = isTerminal ? out.columns : nil
            style.colored =
                switch values[GlobalOptions.color] {
                case .always: true
                case .never: false
                case .auto: isTerminal && !isDumb && environment["NO_COLOR"] == nil
                }
        }
        return Console(
            out: out, err: err,
            progress: Progress(progressForm(values, isDumb: isDumb), to: err), interruption: interruption,
            style: style)
    }

    private func progressForm(_ values: ParsedValues, isDumb: Bool) -> Progress.Form {
        switch values[GlobalOptions.progress] {
        case .none: .off
        case .plain: .plain
        case .json: .json
        case .auto where values[GlobalOptions.quiet] || !err.isTerminal: .off
        case .auto: isDumb ? .plain : .live(columns: err.columns)
        }
    }

    /// Tells a person something that is no result; left out with `--quiet`.
    func note(_ line: Line) {
        if !style.quiet { tell(line) }
    }

    /// Tells a person something that is no result and that matters even with `--quiet`.
    ///
    /// If standard error cannot be written there is nobody left to tell.
    func tell(_ line: Line) {
        progress.clear()
        try? err.write(line.text + "\n")
        try? err.flush()
    }
}
