public import Blobs

/// How an analysis has been used on this computer.
public struct AnalysisUse: Sendable, Hashable {
    /// The blob that holds it.
    public internal(set) var pointer: Pointer
    /// How many bytes it would have as it was computed.
    public internal(set) var rawSize: Int64
    /// When its bytes first came here, in milliseconds since 1970.
    public internal(set) var created: Int64
    /// When somebody last asked for it.
    public internal(set) var lastAccess: Int64
    /// How often it was ready for who asked.
    public internal(set) var hits: Int64
    /// Whether its bytes are here, as far as that was noted: who needs to be sure looks.
    public internal(set) var isHere: Bool
    /// Whether its bytes were here, and were removed to save space: no sync brings them back by itself.
    public internal(set) var isDropped = false

    /// Notes that its bytes came here, or that somebody found them here.
    public init(_ pointer: Pointer, rawSize: Int64?, hits: Int64 = 0, at now: Int64) {
        self.pointer = pointer
        self.rawSize = rawSize ?? pointer.size
        (created, lastAccess) = (now, now)
        self.hits = hits
        isHere = true
    }

    /// Adds what was noted later.
    mutating func add(_ later: AnalysisUse) {
        if pointer != later.pointer { created = later.created }
        (pointer, rawSize, lastAccess) = (later.pointer, later.rawSize, later.lastAccess)
        (isHere, isDropped) = (later.isHere, later.isDropped)
        hits = hits.saturatingSum(later.hits)
    }
}

/// How much is kept here.
public struct AnalysisTotals: Sendable, Hashable {
    /// Analyses whose bytes are here.
    public internal(set) var entries: Int64 = 0
    /// Their bytes.
    public internal(set) var bytes: Int64 = 0
    /// The bytes that they would have as they were computed.
    public internal(set) var rawBytes: Int64 = 0
}
