/// The one place where it is decided who hands a post over.
public protocol Arbiter: Sendable {
    /// The claims that stand there now.
    func claims() throws -> [Claim]

    /// Makes a claim where there is none on the same attempt. False where there is one.
    func make(_ claim: Claim) throws -> Bool

    /// Takes a claim away, if it still is this very one.
    func release(_ claim: Claim) throws
}
