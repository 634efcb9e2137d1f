/// Gives a replica its stamps: each greater than the one before, near to wall time when the wall clock behaves.
///
/// A plain value. Whoever owns it keeps `last` where it outlives the process, and hands in the time.
public struct HybridClock: Sendable, Hashable {
    /// How far ahead of the wall clock another replica's stamp may be and still move this clock: a day.
    public static let trustedLead: UInt64 = 86_400_000

    /// Whose clock this is.
    public let replica: ReplicaID

    /// The greatest stamp given or trusted so far; before the first one, a stamp of time 0.
    public private(set) var last: Stamp

    /// Makes a clock that goes on from the greatest stamp that it gave before.
    public init(replica: ReplicaID, last: Stamp? = nil) {
        self.replica = replica
        self.last = last ?? Stamp(clock: 0, replica: replica)
    }

    /// Gives a new stamp, greater than the clock's last and than every stamp that it replaces.
    ///
    /// A replaced stamp of more than a day ahead is exceeded too, but does not pull the clock along: the next tick
    /// that replaces nothing of the kind is near to wall time again. When the counter runs over, the milliseconds
    /// move on. At the end of time (the year 10889) a stamp cannot grow any more and repeats.
    ///
    /// - Parameters:
    ///   - now: the wall time in milliseconds since 1970.
    ///   - replaced: the stamps that the new one must exceed.
    public mutating func tick(now: UInt64, after replaced: some Sequence<Stamp>) -> Stamp {
        let own = max(Stamp(milliseconds: now, replica: replica).clock, Self.next(last.clock))
        last = Stamp(clock: own, replica: replica)
        var result = own
        for stamp in replaced where stamp >= Stamp(clock: result, replica: replica) {
            result = Self.next(stamp.clock)
        }
        let stamp = Stamp(clock: result, replica: replica)
        if isTrusted(stamp, now: now) { last = stamp }
        return stamp
    }

    /// Gives a new stamp, greater than the clock's last.
    public mutating func tick(now: UInt64) -> Stamp { tick(now: now, after: EmptyCollection()) }

    /// Takes note of a stamp that came from elsewhere, so that later ones exceed it.
    ///
    /// - Returns: whether it was taken; one of more than a day ahead is not.
    @discardableResult
    public mutating func observe(_ received: Stamp, now: UInt64) -> Bool {
        guard isTrusted(received, now: now) else { return false }
        last = max(last, received)
        return true
    }

    private func isTrusted(_ stamp: Stamp, now: UInt64) -> Bool {
        stamp <= last || stamp.milliseconds <= now.addingReportingOverflow(Self.trustedLead).partialValue
    }

    private static func next(_ clock: UInt64) -> UInt64 { clock == .max ? clock : clock + 1 }
}
