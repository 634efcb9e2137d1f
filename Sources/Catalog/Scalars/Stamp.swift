/// Identifies one copy of a store on one machine: 12 lower-case hexadecimal digits.
public struct ReplicaID: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The identifier as a number below 2^48.
    public let value: UInt64

    /// Takes the lowest 48 bits of a number.
    public init(truncating value: UInt64) { self.value = value & 0xFFFF_FFFF_FFFF }

    /// Makes an identifier of text; `nil` unless it is exactly 12 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 12, let value = ASCII.hex(text.utf8) else { return nil }
        self.value = value
    }

    /// Makes a random identifier from a generator that is handed in.
    public static func random(using generator: inout some RandomNumberGenerator) -> ReplicaID {
        ReplicaID(truncating: generator.next())
    }

    /// The 12 digits.
    public var description: String {
        var bytes: [UInt8] = []
        ASCII.appendHex(value, digits: 12, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Tells whether `left` stands before `right` in the order of their text.
    public static func < (left: ReplicaID, right: ReplicaID) -> Bool { left.value < right.value }
}

/// When and where a value was written: `<12 hex: milliseconds><4 hex: counter>@<12 hex: replica>`.
///
/// Ordered as its text is: by time, then counter, then replica. Which of two values is later is decided by this
/// order alone, never by a local clock.
public struct Stamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970 in the upper 48 bits, the counter in the lower 16.
    public let clock: UInt64

    /// Where it was made.
    public let replica: ReplicaID

    /// Makes a stamp of its parts.
    public init(clock: UInt64, replica: ReplicaID) {
        self.clock = clock
        self.replica = replica
    }

    /// Makes a stamp of a wall time; milliseconds beyond 48 bits count as the last ones.
    public init(milliseconds: UInt64, counter: UInt16 = 0, replica: ReplicaID) {
        self.init(clock: min(milliseconds, 0xFFFF_FFFF_FFFF) << 16 | UInt64(counter), replica: replica)
    }

    /// Makes a stamp of text; `nil` unless it has exactly the form above.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == 29, let at = bytes.index(bytes.startIndex, offsetBy: 16, limitedBy: bytes.endIndex),
            bytes[at] == UInt8(ascii: "@"), let clock = ASCII.hex(bytes[..<at]),
            let replica = ASCII.hex(bytes[bytes.index(after: at)...])
        else { return nil }
        self.init(clock: clock, replica: ReplicaID(truncating: replica))
    }

    /// The wall time, in milliseconds since 1970.
    public var milliseconds: UInt64 { clock >> 16 }

    /// The counter within the millisecond.
    public var counter: UInt16 { UInt16(truncatingIfNeeded: clock) }

    /// The wall time.
    public var time: Timestamp { Timestamp(milliseconds: Int64(milliseconds)) }

    /// Tells whether `left` stands before `right` in the order of their text.
    public static func < (left: Stamp, right: Stamp) -> Bool {
        (left.clock, left.replica.value) < (right.clock, right.replica.value)
    }
}

extension Stamp: LosslessStringConvertible {
    /// The text of 29 characters.
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(29)
        ASCII.appendHex(clock, digits: 16, to: &bytes)
        bytes.append(UInt8(ascii: "@"))
        ASCII.appendHex(replica.value, digits: 12, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
