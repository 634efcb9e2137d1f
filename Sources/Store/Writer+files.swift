import Blobs
import Files
import Git

extension Writer {
    /// Makes sure that the files which a draft names are here: under this lock no collection can take them away.
    ///
    /// One that lies in quarantine is taken back. Names are looked at, not bytes.
    func requireFiles(of draft: Draft, _ temporary: TemporaryDirectory) throws(StoreError) {
        guard !draft.namedFiles.isEmpty else { return }
        let here: Set<Pointer>
        do throws(BlobError) {
            here = try store.blobs.quarantine.takeBack(Array(draft.namedFiles.keys), owner: temporary)
        } catch { throw StoreError(error) }
        let gone = draft.namedFiles.filter { !$0.value && !here.contains($0.key) }.keys
        guard let first = gone.min(by: { $0.oid < $1.oid }) else { return }
        throw StoreError(
            .fileGone, "the file \(first.oid) is gone, which the new version was to name",
            hint: "add the audio again")
    }
}

extension Store {
    /// How often files are taken in again that a collection took away before a version named them.
    private static let takings = 5

    /// Does a step that takes files in and makes a version of them; from the start when one is gone by then.
    ///
    /// That needs a file that was here before, and two collections without a time of grace, in the moment between.
    public func takingAgain<R>(_ step: () throws -> R) throws -> R {
        for _ in 1..<Self.takings {
            do { return try step() } catch let error as StoreError where error.code == .fileGone {}
        }
        return try step()
    }
}
