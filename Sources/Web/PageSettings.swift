public import Files
public import Offbeat

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
    /// What each guest may.
    public var guestLimits = GuestLimits()
    /// How many guests may be here at once.
    public var guestLimit = 64
    /// How many browsers are remembered; of more, the one is forgotten that was away longest.
    public var sessionLimit = 10_000
    /// After how many seconds away a browser is forgotten, and a guest with all that it did.
    public var idleness = 12.0 * 3600
    /// The person for whom whoever has the link acts; nil for the library's own choice.
    public var handle: String?
    /// Where the pages' files lie.
    public var folder: FilePath
    /// A variable of this computer's environment, in which a token for publishing may be.
    public var environment: @Sendable (String) -> String? = { _ in nil }
    /// Whether audio that comes in is analysed without being asked for.
    public var analyzesArrivals = true
    /// Whether posts are brought out when their time has come; only where a person serves the library.
    public var publishesPosts = true
    /// After how many seconds what people look at is synced anew; nil for as long as the library says.
    public var timeToLive: Double?
    /// Is told in a line of each view that is made anew, and why; nil where nobody wants to know.
    public var invalidationLog: (@Sendable (String) -> Void)?
    /// Is told in a line what a person who runs the server may want to know.
    public var log: @Sendable (String) -> Void = { _ in }

    /// Makes the settings that fit most.
    ///
    /// - Parameter folder: where the pages' files lie.
    public init(folder: FilePath) { self.folder = folder }
}
