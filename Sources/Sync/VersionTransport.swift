public import Blobs
public import Files
public import Git
public import Store

/// How versions reach a remote and come from it.
public protocol VersionTransport: Sendable {
    /// Whether a branch may only be moved to what was made from where it stands.
    var deniesNonFastForwards: Bool { get }

    /// What the branches of the remote stand at now.
    func heads() throws -> RemoteHeads

    /// Brings what these lead to into the store, which checks it. Nothing there moves.
    func fetch(_ heads: RemoteHeads, into store: Store) throws -> ObjectTransfer.Outcome

    /// Lends a repository that holds what these lead to, for a store that is about to be made from it. What has to come for
    /// that lies in a folder meanwhile.
    ///
    /// - Parameter whole: whether to refuse what has come from a server where anything is lacking of what these lead to, in
    ///   any version. A folder's own objects are lent as they are.
    func lend<R>(
        _ heads: RemoteHeads, whole: Bool, in folder: FilePath, to body: (Repository) throws -> R
    ) throws -> R

    /// Waits until those have pushed who came before, for at most so many seconds; nil where nobody can tell.
    func turn(atMost seconds: Double) -> Turn?

    /// Clears away what is left there of those who were cut off, as far as they are known to be gone.
    func clearAway()

    /// Gathers what the remote lacks of some heads; `standing` is what its branches stand at.
    func prepare(_ heads: RemoteHeads, over standing: RemoteHeads, from store: Store) throws -> any PreparedPush
}

/// What is about to be pushed. Dropped before it is sent it leaves nothing at the remote.
public protocol PreparedPush: AnyObject {
    /// The files that any of its versions names: they have to be at the remote before.
    var files: [Pointer] { get }
    /// How many versions it has.
    var commits: Int { get }

    /// Makes the objects durable at the remote, and then moves each branch that still stands where it stood.
    ///
    /// - Throws: `.raceLost` when one stands elsewhere, `.locked` when another is moving one.
    func send() throws
}
