public import Files

/// A git-lfs server: one that others have written, from PyPI, or a plain one that is as fast as the web server before it.
public final class LFSServer: Sendable {
    /// Which.
    public enum Kind: String, Sendable { case giftless, dulwich, plain }

    /// Those that others have written.
    public static let ofOthers: [Kind] = [.giftless, .dulwich]

    /// The port that it listens at.
    public let port: UInt16
    /// Where its files are.
    public let folder: FilePath
    private let process: ServerProcess

    private static let here = FilePath(#filePath).parent
    private static let python = here.parent.parent.parent.appending(".build/servers/bin/python")

    /// Whether `.ci/prepare test` has laid them down.
    public static let isInstalled = FileSystem.exists(python)

    /// Starts it, with its files in a folder.
    public init(_ kind: Kind, in place: FilePath) throws {
        folder = place.appending("files")
        try FileSystem.makeDirectories(folder)
        port = try LoopbackPort.free()
        process = try ServerProcess(
            [
                kind == .plain ? "python3" : Self.python.string, Self.here.appending("lfs-server.py").string,
                kind.rawValue, "\(port)",
                folder.string,
            ],
            environment: hermeticEnvironment(home: place), log: place.appending("files.log"))
        let port = port
        try process.wait { LoopbackPort.answers(port) }
    }

    /// Where git-lfs's API is, if nothing stands in front of it: of a repository for giftless, of all for dulwich.
    public func url(_ kind: Kind, repository: String) -> String {
        kind == .giftless
            ? "http://localhost:\(port)/\(repository).git/info/lfs" : "http://localhost:\(port)"
    }

    /// What it has said so far.
    public var words: String { process.words }

    /// Ends it.
    public func stop() { process.stop() }
}
