import Files
import Store
import Sync

/// A remote of this store, and how its files are reached.
struct RemoteFiles: Sendable {
    let remote: Remote
    let files: any FileTransport
    /// Whether it is on another computer, and every question a journey.
    let isFar: Bool
}

extension Library {
    /// The remotes whose files can be reached from this computer, whether or not they are there now.
    ///
    /// A guest has none, whatever is in its store's configuration.
    func remoteFiles(
        besides other: Remote? = nil, _ progress: Progress = .none
    ) throws(StoreError) -> [RemoteFiles] {
        if guest != nil { return [] }
        return try store.remotes().filter { $0 != other }.compactMap { remote in
            switch RemoteAddress(remote.url, from: path) {
            case .folder(let folder):
                RemoteFiles(
                    remote: remote, files: FolderFiles(at: Self.repository(at: folder), modes: .unshared),
                    isFar: false)
            case .network:
                (try? link(to: remote, progress)).map {
                    RemoteFiles(remote: remote, files: $0.files(of: store), isFar: true)
                }
            case .nowhere: nil
            }
        }
    }

    /// A remote with a work tree keeps its repository in it.
    private static func repository(at folder: FilePath) -> FilePath {
        let inner = folder.appending(".git")
        return FileSystem.exists(inner.appending("HEAD")) ? inner : folder
    }
}

extension Progress {
    /// Who tells this how far a transfer is.
    func transfer(_ what: String) -> TransferReport {
        let sums = TransferSums()
        return TransferReport(
            planned: { _, bytes in report(what, done: 0, of: sums.plan(bytes), .bytes) },
            done: { _, bytes in
                let (done, total) = sums.add(bytes)
                report(what, done: done, of: total, .bytes)
            })
    }

    /// Who tells this how many objects of versions have come.
    var arriving: @Sendable (_ done: Int, _ total: Int) -> Void {
        { done, total in report("Receiving versions", done: Int64(done), of: Int64(total), .items) }
    }
}
