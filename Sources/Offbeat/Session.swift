public import Catalog
import Store

/// One person at work in a library. Every read and every write of every surface goes through a session, which holds
/// who may see and do what.
///
/// In a store that has no people yet, and shares everything, a session may act for nobody.
public struct Session: Sendable {
    /// The library.
    public let library: Library
    /// Who acts; nil where nobody is named.
    public let person: Person?

    let sharing: Sharing
    /// Nobody was named though several people could be meant.
    let isOneOfMany: Bool

    var store: Store { library.store }

    /// The store as this person sees it now.
    func view() throws -> View { try View(store.snapshot(), for: self) }

    /// The person who acts, where only somebody can: what belongs to a workspace is its members'.
    func requirePerson() throws(Failure) -> Person {
        if let person { return person }
        try requireWriter()
        throw Failure(
            .notAllowed, "workspaces and posts belong to people, and nobody is named",
            hint: "add yourself with `offbeat user add HANDLE` and `offbeat config set user HANDLE`")
    }

    /// Refuses to write in nobody's name where it matters whose.
    func requireWriter() throws(Failure) {
        if person != nil { return }
        if isOneOfMany {
            throw Failure(
                .notAllowed, "several people use this store, and it is not said who you are",
                hint: "name yourself with --user HANDLE, or once with `offbeat config set user HANDLE`")
        }
        if sharing == .workspaces {
            throw Failure(
                .notAllowed, "this store keeps people's tracks apart, so each change needs a person",
                hint: "add yourself with `offbeat user add HANDLE` and `offbeat config set user HANDLE`")
        }
    }
}
