public import Digest

/// Says what an identifier identifies, so that one cannot stand where another is meant.
public protocol IdentifierKind: Sendable {
    /// What it identifies, in words.
    static var noun: String { get }
}

/// An identifier of 128 bits, as 32 lower-case hexadecimal digits.
///
/// Parsed once, strictly, at the edge. Ordered as its text is.
public struct Identifier<Kind: IdentifierKind>: Sendable, Hashable, Comparable {
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identifier of text; `nil` unless it is exactly 32 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard bytes.count == 32, let high = ASCII.hex(bytes.prefix(16)), let low = ASCII.hex(bytes.suffix(16))
        else {
            return nil
        }
        self.init(high: high, low: low)
    }

    /// Makes an identifier of the 16 bytes that it stands for; `nil` for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: word(0..<8), low: word(8..<16))
    }

    /// Makes a random identifier from a generator that is handed in.
    public static func random(using generator: inout some RandomNumberGenerator) -> Self {
        Self(high: generator.next(), low: generator.next())
    }

    /// The 32 digits.
    public var hex: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        appendHex(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 32 digits as bytes.
    func appendHex(to bytes: inout [UInt8]) {
        ASCII.appendHex(high, digits: 16, to: &bytes)
        ASCII.appendHex(low, digits: 16, to: &bytes)
    }

    /// The identifier as the 16 bytes that it stands for.
    public var bytes: [UInt8] {
        (0..<16).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
        }
    }

    /// Tells whether the digits begin with the given ones.
    public func hasPrefix(_ digits: some StringProtocol) -> Bool { hex.utf8.starts(with: digits.utf8) }

    /// Tells whether `left` stands before `right` in the order of their text.
    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension Identifier: LosslessStringConvertible {
    /// The 32 digits.
    public var description: String { hex }
}

/// The kind of a track's identifier.
public enum TrackIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "track"
}

/// The kind of a person's identifier.
public enum PersonIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "person"
}

/// The kind of a workspace's identifier.
public enum WorkspaceIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "workspace"
}

/// The kind of a post's identifier.
public enum PostIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "post"
}

/// The kind of a decision's identifier.
public enum DecisionIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "decision"
}

/// The kind of a marker's identifier.
public enum MarkerIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "marker"
}

/// The kind of a store's identifier.
public enum StoreIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "store"
}

/// The kind of the identifier of the repository that arbitrates who publishes.
public enum ArbiterIDKind: IdentifierKind {
    /// What it identifies, in words.
    public static let noun = "arbiter"
}

/// Identifies a track, for good: fixed when its audio is added.
public typealias TrackID = Identifier<TrackIDKind>
/// Identifies a person.
public typealias PersonID = Identifier<PersonIDKind>
/// Identifies a workspace.
public typealias WorkspaceID = Identifier<WorkspaceIDKind>
/// Identifies a post.
public typealias PostID = Identifier<PostIDKind>
/// Identifies a decision about a post.
public typealias DecisionID = Identifier<DecisionIDKind>
/// Identifies a marker in a track.
public typealias MarkerID = Identifier<MarkerIDKind>
/// Identifies a store, in all its replicas.
public typealias StoreID = Identifier<StoreIDKind>
/// Identifies the repository that arbitrates who publishes.
public typealias ArbiterID = Identifier<ArbiterIDKind>

extension Identifier where Kind == TrackIDKind {
    /// Derives a track's identifier from its audio, so that a file added twice, apart, is one track.
    ///
    /// - Parameters:
    ///   - audio: the hash of the audio's bytes.
    ///   - owner: whose track it is where each person has tracks of their own; `nil` in a common library.
    ///   - salt: 0, or 1, 2… when the identifiers before it are taken by tracks whose audio has moved on.
    public static func of(audio: ContentHash, owner: PersonID? = nil, salt: Int = 0) -> TrackID {
        var text = "track\n"
        if let owner { text += owner.hex + "\n" }
        text += audio.hex
        if salt > 0 { text += "\n\(salt)" }
        return Identifier(leading: ContentHash(of: [UInt8](text.utf8)))
    }
}

extension Identifier {
    /// Takes the first 128 bits of a hash.
    init(leading hash: ContentHash) {
        let bytes = hash.bytes
        func word(_ range: Range<Int>) -> UInt64 {
            bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(high: word(0..<8), low: word(8..<16))
    }
}
