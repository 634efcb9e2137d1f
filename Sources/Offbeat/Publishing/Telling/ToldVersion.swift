import Catalog
import Files
import Git
import Store

/// Up to where people on this computer were told of posts that came to stand otherwise.
///
/// It is written after each run of the program. So a crash tells one thing twice at most, and leaves none out.
struct ToldVersion: Equatable {
    /// Everything up to this version is told.
    var version: Version
    /// What is being told: up to which version, and which posts are done.
    var next: Progress?

    struct Progress: Equatable {
        let version: Version
        var told: Set<String> = []
    }

    private static func place(in store: FilePath) -> FilePath {
        LocalTargets.folder(in: store).appending("notified")
    }

    /// Whoever holds this tells, and nobody else.
    static func lock(in store: FilePath) -> FilePath { LocalTargets.folder(in: store).appending("notified.lock") }

    /// What is written down in a store; nil where there is nothing that can be read: then nothing old is told.
    static func read(in store: FilePath) throws(FileError) -> ToldVersion? {
        guard let bytes = try FileSystem.readIfExists(place(in: store), limit: 1 << 26),
            let document = try? JSON.parse(bytes), let version = version(document["version"])
        else { return nil }
        var read = ToldVersion(version: version)
        if let next = self.version(document["next"]), let told = document["told"]?.asArray {
            read.next = Progress(version: next, told: Set(told.compactMap(\.asString)))
        }
        return read
    }

    private static func version(_ value: JSON?) -> Version? {
        value?.asString.flatMap { ObjectID(hex: $0) }.map { Version($0) }
    }

    func write(in store: FilePath) throws(FileError) {
        try Self.makeFolder(in: store)
        var document: JSONObject = ["version": .string(version.description)]
        if let next {
            document["next"] = .string(next.version.description)
            document["told"] = .array(next.told.sorted().map(JSON.string))
        }
        // Durable, since an empty file, as a power cut may leave, would say that nothing old is to be told.
        try FileSystem.replaceAtomically(
            Self.place(in: store), with: JSON.object(document).canonical(), mode: 0o600)
    }

    static func makeFolder(in store: FilePath) throws(FileError) {
        try FileSystem.makeDirectory(LocalTargets.folder(in: store), mode: 0o700)
    }

    static func forget(in store: FilePath) throws(FileError) { try FileSystem.remove(place(in: store)) }
}
