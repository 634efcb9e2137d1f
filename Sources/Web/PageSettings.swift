public import Files

/// How a library is served.
public struct PageSettings: Sendable {
    /// The address to listen at, in numbers.
    public var address = "127.0.0.1"
    /// The port to listen at; 0 is any that is free.
    public var port: UInt16 = 8414
    /// Where people reach it from outside, behind another server: `https://music.example`.
    public var publicURL: String?
    /// Whether visitors without a token are let in, as guests.
    public var letsGuestsIn = false
    /// The person for whom whoever has the link acts; nil for the library's own choice.
    public var handle: String?
    /// The variables of this computer's environment, in which the token of a publishing service may be.
    public var environment: @Sendable (String) -> String? = { _ in nil }
    /// Where the pages' files lie.
    public var folder: FilePath
    /// Is told in a line what a person who runs the server may want to know.
    public var log: @Sendable (String) -> Void = { _ in }

    /// Makes the settings that fit most.
    ///
    /// - Parameter folder: where the pages' files lie.
    public init(folder: FilePath) { self.folder = folder }
}
