public import Blobs
public import Digest
public import Files

/// The files that a ``TransferServer`` gives away and takes.
public protocol TransferShelf: AnyObject {
    /// Those of these files that are there, by name and size.
    func present(_ files: [Pointer]) throws -> Set<Pointer>

    /// Opens a file by its name; nil where it is not there.
    func open(_ oid: ContentHash) throws -> FileDescriptor?

    /// Begins to take a file. Throws where there is no room for it.
    func begin(_ file: Pointer) throws -> any TransferArrival

    /// Makes all files durable, with their names, that were finished since the last call.
    func commit() throws

    /// Lets go of what is needed only as long as somebody is served.
    func end()
}

/// A file that is being taken. One that is dropped before it was finished leaves nothing.
public protocol TransferArrival: AnyObject {
    /// Adds what has come next, which is never more than the file has.
    func append(_ bytes: UnsafeRawBufferPointer) throws

    /// Says that all has come; false where that is not what the file's name says.
    func finish() throws -> Bool
}
