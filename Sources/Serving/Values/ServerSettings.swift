/// Where a server listens and what it puts up with.
public struct ServerSettings: Sendable {
    /// The address to listen at, in numbers: `127.0.0.1`, `::1`, `0.0.0.0`.
    public var address = "127.0.0.1"
    /// The port to listen at; 0 is any that is free.
    public var port: UInt16 = 0

    /// How many connections may be open.
    public var connections = 1024
    /// How many of them may come from one address; for the own computer all may, since a program in front of the server
    /// is on it.
    public var connectionsPerAddress = 128

    /// How many bytes the head of a request may have, with its first line.
    public var headBytes = 16 << 10
    /// How many header lines it may have.
    public var headerCount = 100
    /// How many bytes what is asked for may have.
    public var targetBytes = 8 << 10

    /// Within how many seconds the head of a request has to be whole.
    public var secondsForHead = 10.0
    /// For how many seconds a connection may wait for its next request, and an answer for somebody who reads on.
    public var secondsOfIdleness = 60.0
    /// How many bytes of a body have to come in a second, on average.
    public var bytesPerSecond = 1024.0
    /// Over how many seconds that is measured. Time that the server itself takes does not count.
    public var secondsOfPace = 30.0

    /// How many requests without a body may be worked on at once.
    public var workers = 8
    /// How many requests with a body may be worked on at once: they take as long as whoever sends, and nobody else has to
    /// wait for them.
    public var uploads = 8
    /// How many more of each kind may wait for their turn; any other is told to come again.
    public var waiting = 256

    /// Makes the settings that fit most.
    public init() {}
}
