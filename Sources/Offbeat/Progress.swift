/// How a long step tells its caller how far it is, and learns that it should stop.
public struct Progress: Sendable {
    /// What is counted.
    public enum Unit: Sendable { case items, bytes }

    /// One report.
    public struct Report: Sendable {
        /// What is being done.
        public let what: String
        /// How much is done.
        public let done: Int64
        /// How much there is, where that is known.
        public let total: Int64?
        /// What is counted.
        public let unit: Unit
    }

    private let receive: @Sendable (Report) -> Void
    private let stop: @Sendable () -> Bool
    /// Is told with true before a program may ask a person something, and with false afterwards.
    let isAsked: @Sendable (Bool) -> Void

    /// Makes a progress that hands its reports on, and asks whether to stop.
    ///
    /// - Parameter isAsked: is told with true before a program may ask a person something at the terminal, and with false
    ///   afterwards: nothing else is to be written there meanwhile.
    public init(
        receive: @escaping @Sendable (Report) -> Void = { _ in }, stop: @escaping @Sendable () -> Bool = { false },
        isAsked: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        self.isAsked = isAsked
        self.receive = receive
        self.stop = stop
    }

    /// Tells nobody, and never stops.
    public static let none = Progress()

    func report(_ what: String, done: Int64, of total: Int64?, _ unit: Unit) {
        receive(Report(what: what, done: done, total: total, unit: unit))
    }

    /// Whether somebody wants it to stop.
    var isStopped: Bool { stop() }

    func checkStopped(_ message: String = "interrupted; nothing was changed") throws(Failure) {
        if stop() { throw Failure(.interrupted, message) }
    }
}
