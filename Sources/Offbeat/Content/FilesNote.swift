import Catalog
import Files
import Git
import Store

/// Up to which version this computer has the files that it wants, remembered so that nobody has to look at all of them
/// again. Derived: anyone may delete it.
struct FilesNote: Sendable {
    let version: Version
    /// The same of the branch of analyses.
    var analyses: Version?
    let content: ContentPolicy
    /// What tells the pins of that moment from others.
    let pins: String
    /// The records of which a file was wanted and has not come.
    var incomplete: Set<RecordFolder> = []
    /// Where very many were wanted in vain, and a list would cost more than it saves.
    var vain: Vain?

    /// Very many files were asked of a remote that does not have them: it is not asked again for a while.
    struct Vain: Sendable {
        let count: Int
        /// Its URL.
        let remote: String
        /// Milliseconds since 1970.
        let asked: UInt64

        private static let patience: UInt64 = 600_000

        /// Whether that is recent enough to believe it, and about the same remote.
        func holds(for url: String?, at now: UInt64) -> Bool {
            url == remote && asked <= now && now - asked < Self.patience
        }
    }

    private static func place(in store: FilePath) -> FilePath { store.appending("cache/files.json") }
    private static let limit = 1 << 22
    /// With more, they are looked for all over again, but not each time.
    static let mostIncomplete = 1000

    static func read(in store: FilePath) -> FilesNote? {
        guard let bytes = (try? FileSystem.readIfExists(place(in: store), limit: limit)) ?? nil,
            let document = try? JSON.parse(bytes), let version = version(document["version"]),
            let content = document["content"]?.asString.flatMap({ ContentPolicy(rawValue: $0) }),
            let pins = document["pins"]?.asString, let incomplete = document["incomplete"]?.asArray
        else { return nil }
        let folders = incomplete.compactMap { $0.asString.flatMap { RecordFolder(path: $0) } }
        guard folders.count == incomplete.count else { return nil }
        return FilesNote(
            version: version, analyses: self.version(document["analyses"]), content: content, pins: pins,
            incomplete: Set(folders), vain: vain(document["vain"]))
    }

    private static func vain(_ value: JSON?) -> Vain? {
        guard let count = value?["count"]?.asInteger, let remote = value?["remote"]?.asString,
            let asked = value?["asked"]?.asInteger
        else { return nil }
        return Vain(count: Int(clamping: count), remote: remote, asked: UInt64(clamping: asked))
    }

    private static func version(_ value: JSON?) -> Version? {
        value?.asString.flatMap { ObjectID(hex: $0) }.map(Version.init)
    }

    /// Where it cannot be written, the next search takes longer.
    func write(in store: FilePath) {
        let document: JSON = [
            "version": .string(version.description),
            "analyses": analyses.map { .string($0.description) } ?? .null,
            "content": .string(content.rawValue), "pins": .string(pins),
            "incomplete": .array(incomplete.map(\.path).sorted().map(JSON.string)),
            "vain": vain.map {
                [
                    "count": .integer(Int64($0.count)), "remote": .string($0.remote),
                    "asked": .integer(Int64(clamping: $0.asked)),
                ]
            } ?? .null,
        ]
        let place = Self.place(in: store)
        _ = try? FileSystem.makeDirectories(place.parent)
        _ = try? FileSystem.replaceAtomically(place, with: document.canonical(), durable: false)
    }

    /// Forgets it: somebody has found a file missing that was taken for here.
    static func remove(in store: FilePath) { _ = try? FileSystem.remove(place(in: store)) }
}
