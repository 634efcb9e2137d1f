import Files
public import Trace

/// What a store takes from the world around it, so that tests can hand in another world.
public struct StoreContext: Sendable {
    /// Milliseconds since 1970.
    public var now: @Sendable () -> UInt64
    /// Minutes east of Greenwich, at a moment given in milliseconds since 1970.
    public var utcOffset: @Sendable (UInt64) -> Int
    /// What tells this machine from others; a store that finds another takes a new replica id.
    public var machine: [UInt8]
    /// When the machine was started, in seconds since 1970; nil where that is not known.
    public var bootTime: Int64?
    /// How long to wait for another writer, in seconds.
    public var patience: Double
    /// Fresh random bits, for ids.
    public var random: RandomSource
    /// Who wants to know what happens inside.
    public var trace: Trace
    /// The variables of this process's environment: what git and ssh see of the world.
    public var environment: @Sendable () -> [String: String] = { [:] }
    /// Whether a person is at a terminal, who may be asked for a password.
    public var mayAsk = false

    /// Makes a context; only the clock, the zone and the machine have no sensible default.
    public init(
        now: @escaping @Sendable () -> UInt64, utcOffset: @escaping @Sendable (UInt64) -> Int, machine: [UInt8],
        bootTime: Int64? = nil, patience: Double = 30, random: RandomSource = RandomSource(),
        trace: Trace = .off
    ) {
        self.now = now
        self.utcOffset = utcOffset
        self.machine = machine
        self.bootTime = bootTime
        self.patience = patience
        self.random = random
        self.trace = trace
    }
}

extension StoreContext {
    /// Tells whoever wants to hear more of what is done: of what went wrong beside the step that was asked for.
    public func announce(_ what: @autoclosure () -> String) { trace.announce(.store, what()) }
}

/// Where random bits come from: the system, or a test's own sequence.
public struct RandomSource: RandomNumberGenerator, Sendable {
    private let draw: @Sendable () -> UInt64

    /// Takes them from a function; without one, from the system.
    public init(_ draw: (@Sendable () -> UInt64)? = nil) {
        self.draw =
            draw ?? {
                randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
            }
    }

    /// Eight fresh bytes.
    public mutating func next() -> UInt64 { draw() }
}
