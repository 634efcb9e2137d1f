public import Files
import Git
import Network

/// Serves the files of a bare repository on this computer to those who reach it by ssh, as `git-lfs-transfer`.
///
/// A repository that was never anything but `git init --bare` is a whole remote then: for Offbeat, and for git-lfs from version
/// 3 on. It acts for whoever ssh has let in, with the rights that the file system gives them, and asks no store about people.
public enum FileService {
    /// Which way files go, for callers who know nothing of other computers.
    public enum Direction: String, Sendable, CaseIterable { case download, upload }

    /// Serves what standard input asks for, until that ends.
    ///
    /// - Parameters:
    ///   - path: the repository, found as git finds one: `band` may be `band.git`.
    ///   - owner: in whose name files are locked.
    public static func serve(_ path: FilePath, _ direction: Direction, owner: String) throws(Failure) {
        do {
            let place = try repository(at: path)
            let modes = SharedModes(configValue: try SharedRepository(at: place).sharing)
            let files = place.appending("lfs")
            let server = TransferServer(
                TransferFolder(files, modes: modes, keeping: direction == .upload),
                locks: TransferLocks(in: files, owner: owner, modes: modes),
                direction: direction == .upload ? .upload : .download)
            try server.serve()
        } catch let error as NetworkError {
            throw Failure(error.code == .denied ? .notAllowed : .io, error.message, hint: error.hint)
        } catch let error as GitError {
            guard error.code == .notARepository else { throw Failure(error) }
            throw noRepository(path)
        } catch { throw Failure(error) }
    }

    private static func repository(at path: FilePath) throws -> FilePath {
        let whole = try path.absolute()
        let name = whole.lastComponent ?? ""
        let places = [
            whole, whole.parent.appending(bytes: name.bytes + Array(".git".utf8)), whole.appending(".git"),
        ]
        // A work tree has its repository in it; every other folder is none.
        guard let found = places.first(where: { FileSystem.exists($0.appending("HEAD")) }) else {
            throw noRepository(path)
        }
        return found
    }

    private static func noRepository(_ path: FilePath) -> Failure {
        Failure(
            .notFound, "there is no bare git repository at \(path)",
            hint: "`git init --bare` makes one there; look at the path in the remote's URL")
    }
}
