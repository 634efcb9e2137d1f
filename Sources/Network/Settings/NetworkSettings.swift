public import Git

/// What git's configuration says about the network: the person's own files and the store's.
public struct NetworkSettings: Sendable {
    /// All lines, the weakest first: of several the last counts.
    let lines: [Setting]

    /// Takes the lines of a configuration in git's order: the machine's, the person's, the store's.
    public init(_ lines: [Setting]) { self.lines = lines }

    /// The value of a setting, the last where it is written several times; section and variable are in small letters.
    public subscript(_ name: String) -> String? { lines.last { $0.name == name }?.value }
}
