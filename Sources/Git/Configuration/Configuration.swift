public import Files

/// Git's configuration as git itself reads it: that of the machine, of the person, of a repository, and of the environment,
/// with all that they include.
///
/// A ``Repository`` takes no notice of it, so that it behaves the same for whoever opens it. It is for what depends on the
/// person: how other computers are reached.
public enum Configuration {
    /// All lines, the weakest first: of several with one name the last counts, unless the name is for a list.
    ///
    /// - Parameters:
    ///   - repository: the folder whose own configuration counts; nil where there is none yet.
    ///   - environment: the variables that git would see.
    /// - Throws: where a file cannot be read or understood, as git refuses to go on then. A missing one is none.
    public static func lines(
        of repository: FilePath?, environment: [String: String]
    ) throws(GitError) -> [Setting] {
        var walk = ConfigurationWalk(repository: repository, home: environment["HOME"].flatMap(Self.named))
        for file in files(environment) { try walk.read(file) }
        if let repository { try walk.read(repository.appending("config")) }
        walk.lines += try ConfigurationVariables(environment).lines()
        return walk.lines
    }

    /// The files that are nobody's repository, in git's order.
    private static func files(_ environment: [String: String]) -> [FilePath] {
        var files: [FilePath] = []
        if !isTrue(environment["GIT_CONFIG_NOSYSTEM"]) {
            files.append(FilePath(environment["GIT_CONFIG_SYSTEM"] ?? "/etc/gitconfig"))
        }
        if let own = environment["GIT_CONFIG_GLOBAL"] { return files + [FilePath(own)] }
        let home = environment["HOME"].flatMap(named)
        let folder =
            environment["XDG_CONFIG_HOME"].flatMap(named) ?? home.map { $0.appending(".config") }
        if let folder { files.append(folder.appending("git/config")) }
        if let home { files.append(home.appending(".gitconfig")) }
        return files
    }

    private static func named(_ path: String) -> FilePath? { path.isEmpty ? nil : FilePath(path) }

    private static func isTrue(_ value: String?) -> Bool { value.flatMap(Setting.flag) ?? false }
}

extension Setting {
    /// What a value says where it is read as yes or no, as git does; nil where it says neither.
    public static func flag(_ value: String) -> Bool? {
        switch value.lowercased() {
        case "true", "yes", "on": true
        case "false", "no", "off", "": false
        default: number(value).map { $0 != 0 }
        }
    }

    /// What a value says where it is read as a number, as git does: `10k` is 10,240. nil where it is none.
    public static func number(_ value: String) -> Int? {
        let digits = value.prefix { $0.isASCII && $0.isNumber || $0 == "-" || $0 == "+" }
        guard let number = Int(digits) else { return nil }
        let shift: Int? =
            switch value[digits.endIndex...].lowercased() {
            case "": 0
            case "k": 10
            case "m": 20
            case "g": 30
            default: nil
            }
        guard let shift else { return nil }
        let (product, isOver) = number.multipliedReportingOverflow(by: 1 << shift)
        return isOver ? nil : product
    }
}
