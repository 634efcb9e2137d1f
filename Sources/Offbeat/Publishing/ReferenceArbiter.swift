import Publishing
import Store
import Sync

/// The arbiter as a repository: a claim is a reference there.
struct ReferenceArbiter: Arbiter {
    let references: any ReferenceTransport
    /// The remote that it is; nil for this store itself.
    let remote: Remote?

    /// What says who the arbiter is, at the arbiter.
    static let name = "refs/offbeat/arbiter"
    /// What says, at one that was the arbiter, who is it now.
    static let movedName = "refs/offbeat/arbiter-moved"

    func claims() throws -> [Claim] {
        try references.references(below: Claim.folder).compactMap { found in
            found.bytes.flatMap { Claim($0) }.flatMap { $0.name == found.name ? $0 : nil }
        }
    }

    func make(_ claim: Claim) throws -> Bool {
        guard try references.create(claim.name, standingFor: claim.encoded) else {
            if let found = try references.reference(claim.name), Claim(found.bytes ?? []) == nil {
                throw Failure(
                    .damaged, "the claim \(claim.name) at \(references.place) cannot be read",
                    hint: "once you know that nobody is publishing, remove it there: `git update-ref -d`")
            }
            return false
        }
        // Who was made the arbiter in its place decides by now. The order of the two is what makes it safe.
        guard try references.reference(Self.movedName) == nil else {
            try release(claim)
            throw Failure(
                .raceLost, "\(references.place) does not decide any more who publishes",
                hint: "`offbeat sync`, then try again")
        }
        return true
    }

    func release(_ claim: Claim) throws {
        guard let found = try references.reference(claim.name), Claim(found.bytes ?? []) == claim else { return }
        _ = try references.remove(found)
    }
}
