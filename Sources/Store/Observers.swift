import Synchronization

/// One move of the head, as whoever watches is told of it.
public struct Move: Sendable {
    /// The version before; nil when the store was just made.
    public let from: Version?
    /// The version after.
    public let to: Version
    /// What differs between the two.
    public let changes: [RecordChange]
}

/// Whoever wants to hear of each move of the head that this process makes.
struct Observers: Sendable {
    private var next = 0
    private var all: [Int: @Sendable (Move) -> Void] = [:]
    private var plain: [Int: @Sendable () -> Void] = [:]

    var isEmpty: Bool { all.isEmpty }
    var callbacks: [@Sendable (Move) -> Void] { all.sorted { $0.key < $1.key }.map(\.value) }
    /// Of those who want to know no more than that there was one.
    var plainCallbacks: [@Sendable () -> Void] { plain.sorted { $0.key < $1.key }.map(\.value) }

    mutating func add(_ callback: @escaping @Sendable (Move) -> Void) -> Int {
        next += 1
        all[next] = callback
        return next
    }

    mutating func add(_ callback: @escaping @Sendable () -> Void) -> Int {
        next += 1
        plain[next] = callback
        return next
    }

    mutating func remove(_ key: Int) {
        all[key] = nil
        plain[key] = nil
    }
}

/// What keeps an observer listening; it stops when this goes.
public final class Observation: Sendable {
    private let stop: @Sendable () -> Void

    init(stop: @escaping @Sendable () -> Void) { self.stop = stop }

    deinit { stop() }
}

extension Store {
    /// Calls back after each move of the head that this process makes, on the thread that made it.
    ///
    /// The changes are computed once, and only if somebody observes. Moves made by other processes are noticed by
    /// comparing versions. The lock is let go by then, so a callback may write itself.
    public func observe(_ callback: @escaping @Sendable (Move) -> Void) -> Observation {
        let key = observers.withLock { $0.add(callback) }
        return Observation { [weak self] in self?.observers.withLock { $0.remove(key) } }
    }

    /// Calls back after this process has moved the head, on the thread that did. Nothing is computed for it, so that it
    /// costs nothing where who hears of it does nothing.
    public func observeMoves(_ callback: @escaping @Sendable () -> Void) -> Observation {
        let key = observers.withLock { $0.add(callback) }
        return Observation { [weak self] in self?.observers.withLock { $0.remove(key) } }
    }
}
