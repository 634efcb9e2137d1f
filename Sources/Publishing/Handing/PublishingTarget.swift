/// Where posts are handed to.
public protocol PublishingTarget: Sendable {
    /// Why nothing can be handed over from this computer as things are, in a sentence: a token or a file that is missing.
    /// Asked before anything is claimed. Nothing is sent for it.
    func obstacle(to publication: Publication) -> String?

    /// Hands a post over, once.
    ///
    /// - Parameters:
    ///   - deadline: until when something may be sent: others may think afterwards that this computer is gone.
    ///   - isStopped: whether somebody wants an end; what has been sent by then is told as ``HandOff/unknown(_:)``.
    func handOff(_ publication: Publication, until deadline: Deadline, isStopped: () -> Bool) -> HandOff
}

/// What came of handing a post over.
public enum HandOff: Sendable, Hashable {
    /// It is out; for each place where it appeared, the address, and for each where it did not, why. A place may be in
    /// neither, where nothing is known of it yet.
    case sent(links: [String: String], failures: [String: String] = [:])
    /// It was not taken, says who should have taken it.
    case refused(String)
    /// Nothing was sent, or what was sent was surely not taken in: it may be tried again as if nothing had happened.
    case unreached(String)
    /// It was sent, and nobody here can know what became of it.
    case unknown(String)
}
