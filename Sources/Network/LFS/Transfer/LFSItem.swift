import Blobs

/// A file of a transfer, and how far it is.
struct LFSItem: Sendable {
    let file: Pointer
    /// What the server said is to be done.
    var object: LFSObject?
    /// How often it failed in a row without getting any further.
    var tries = 0
    /// Since when it has.
    var failing: LFSMoment?
    /// What has come, as long as the file is not whole.
    var sink: (any LFSSink)?
    /// How many of its bytes ever were on the other side, and how many of them have been told of.
    var reached: Int64 = 0
    var told: Int64 = 0
    /// Whether other bytes have come than its name says.
    var isSuspect = false
    /// Whether the server was asked again because what it had said was not allowed.
    var isAskedAgain = false
    /// Whether a part of it may be asked for: not where the server gave another.
    var mayResume = true
    /// Whether another process was at it.
    var wasBusy = false
    /// Why it was too large with its length said before: then it goes once more in chunks.
    var tooLarge: LFSFailure?
    /// Whether it went, and is only to be verified.
    var isSent = false

    init(_ file: Pointer) { self.file = file }
}

/// Where the bytes of a file go that comes.
protocol LFSSink: Sendable {
    /// How many have come.
    var received: Int64 { get }
    /// Takes the next.
    func append(_ bytes: UnsafeRawBufferPointer) throws(BlobError)
    /// Forgets all.
    func restart() throws(BlobError)
}

extension BlobArrival: LFSSink {}
