import Files
import Git

extension Store {
    /// Makes durable what a scratch store was made of, if nobody has written to it yet.
    ///
    /// It is made without waiting for the disk: before the first work in it a power cut takes nothing that anybody did, and
    /// with that work all of it must be there.
    func makeScaffoldDurable() throws(StoreError) {
        guard loan != nil else { return }
        // A branch that was moved has a file of its own; those of a new scratch store are packed.
        for branch in [Self.head, Self.analyses] where FileSystem.exists(path.appending(FilePath(branch))) {
            return
        }
        try wrappingFiles { () throws(FileError) in try FileSystem.syncFileSystem(containing: path) }
    }
}
