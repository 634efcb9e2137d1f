import Blobs
import Catalog
import Digest
import Files
import Git
import TestSupport
import Testing

@testable import Store

/// What a test puts into a tree.
struct MadeFile: Equatable {
    var mode = EntryMode.blob
    var content: Content

    enum Content: Equatable {
        case bytes([UInt8])
        /// An object that is not here, as that of a submodule.
        case id(ObjectID)
    }

    static func text(_ text: String) -> MadeFile { MadeFile(content: .bytes(Array(text.utf8))) }
    static func bytes(_ bytes: [UInt8]) -> MadeFile { MadeFile(content: .bytes(bytes)) }
    static func pointer(_ words: String) -> MadeFile { .bytes(audio(of: words).encoded()) }
    static func link(_ target: String) -> MadeFile {
        MadeFile(mode: .link, content: .bytes(Array(target.utf8)))
    }
    static func record<Kind>(_ record: Record<Kind>) throws -> MadeFile { .bytes(try record.encode()) }

    /// What it says, if it is a file.
    var bytes: [UInt8]? { if case .bytes(let bytes) = content { bytes } else { nil } }
}

typealias MadeTree = [String: MadeFile]

/// A bare repository in which tests make versions of lists of files, and merge them.
struct Versions {
    let repository: Repository
    private let temporary: TemporaryDirectory

    init(in folder: FilePath) throws {
        let path = folder.appending("bare")
        try Repository.create(at: path)
        repository = try Repository(at: path)
        temporary = try TemporaryDirectory(in: path.appending("made"))
    }

    /// Makes versions in a store, as if they had arrived there.
    init(in world: World) throws {
        repository = world.store.repository
        temporary = try TemporaryDirectory(in: world.path.appending("made"))
    }

    /// Lets `body` write objects.
    func write<R>(_ body: (ObjectWriter) throws -> R) throws -> R {
        let writer = ObjectWriter(repository: repository, temporary: temporary)
        let result = try body(writer)
        let batch = WriteBatch(temporary: temporary, durable: false)
        try writer.finish(into: batch)
        try batch.commit()
        try repository.refresh()
        return result
    }

    /// A version of exactly these files.
    func commit(
        _ files: MadeTree, parents: [ObjectID] = [], at seconds: Int64 = 1_800_000_000,
        message: String = "Change\n",
        by name: String = "Ana", _ email: String = "ana@example.org"
    ) throws -> ObjectID {
        try write { writer in
            try commit(
                tree(files, writer), parents: parents, at: seconds, message: message, by: name, email,
                writer: writer)
        }
    }

    /// A version of a tree that is made already.
    func commit(
        _ tree: ObjectID, parents: [ObjectID] = [], at seconds: Int64 = 1_800_000_000, message: String = "Change\n",
        by name: String = "Ana", _ email: String = "ana@example.org", writer: ObjectWriter
    ) throws -> ObjectID {
        let person = Signature(name: name, email: email, seconds: seconds)
        return try writer.write(
            Commit(tree: tree, parents: parents, author: person, committer: person, message: message))
    }

    /// A tree of these files, with folders for what stands before a slash.
    func tree(_ files: MadeTree, _ writer: ObjectWriter) throws -> ObjectID {
        var entries: [TreeEntry] = []
        var folders: [String: MadeTree] = [:]
        for (path, file) in files {
            let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                folders[parts[0], default: [:]][parts[1]] = file
                continue
            }
            let id =
                switch file.content {
                case .bytes(let bytes): try writer.write(blob: bytes)
                case .id(let id): id
                }
            entries.append(TreeEntry(mode: file.mode, name: try entryName(path), id: id))
        }
        for (name, files) in folders {
            entries.append(TreeEntry(mode: .tree, name: try entryName(name), id: try tree(files, writer)))
        }
        return try writer.write(Tree(entries))
    }

    // MARK: Merging

    /// What came of a merge.
    struct Merged {
        let id: ObjectID
        let commit: Commit
        let files: MadeTree
        let report: MergeReport
    }

    /// Merges two versions, both ways, and keeps the result.
    func merge(
        _ one: ObjectID, _ other: ObjectID, location: SourceLocation = #_sourceLocation
    ) throws -> Merged {
        let merge = VersionMerge(in: repository)
        let outcome = try merge.merge(one, other)
        guard case .merged(let commit, let report) = outcome else {
            throw NoMerge(outcome: "\(outcome)")
        }
        guard case .merged(let mirrored, let otherReport) = try VersionMerge(in: repository).merge(other, one)
        else {
            throw NoMerge(outcome: "only one way")
        }
        #expect(commit == mirrored && report == otherReport, "each laptop makes the same", sourceLocation: location)
        try checkSides(commit.tree, one, other, location)
        let id = merge.objects.make(commit)
        try write { writer in try merge.objects.write(id, to: writer) }
        return Merged(id: id, commit: commit, files: try files(of: commit.tree), report: report)
    }

    struct NoMerge: Error {
        let outcome: String
    }

    /// The trees alone, of which none is the first by its id.
    private func checkSides(_ tree: ObjectID, _ one: ObjectID, _ other: ObjectID, _ location: SourceLocation) throws
    {
        let objects = ObjectOverlay(over: repository)
        var origin = CommonOrigin(in: repository, objects)
        let areAlike = try repository.aheadBehind(one, other, ifAll: VersionMerge.isMerge) != nil
        let base = areAlike ? nil : try origin.tree(of: repository.mergeBases(one, other))
        let trees = try (repository.readCommit(one).tree, repository.readCommit(other).tree)
        for (left, right) in [trees, (trees.1, trees.0)] {
            let merged = try TreeMerge(objects).merge(Branches(base: base, one: left, other: right))
            #expect(merged == tree || merged == nil, "the sides are alike", sourceLocation: location)
        }
    }

    /// All files below a tree.
    func files(of tree: ObjectID) throws -> MadeTree {
        var found: MadeTree = [:]
        for entry in try repository.readTree(tree).entries {
            let name = pathText(entry.name.bytes)
            switch entry.mode {
            case .tree:
                for (path, file) in try files(of: entry.id) { found["\(name)/\(path)"] = file }
            case .submodule: found[name] = MadeFile(mode: entry.mode, content: .id(entry.id))
            default:
                let bytes = try repository.readBlob(entry.id)
                found[name] = MadeFile(mode: entry.mode, content: .bytes(bytes))
            }
        }
        return found
    }
}

/// A name in which `\xNN` stands for a byte that is no text.
private func entryName(_ text: String) throws -> EntryName {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
            let value = UInt8(String(Substring(rest.dropFirst().prefix(2))), radix: 16)
        {
            rest = rest.dropFirst(3)
            bytes.append(value)
        } else {
            bytes.append(byte)
        }
    }
    return try #require(EntryName(bytes: bytes))
}

private func pathText(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return bytes.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined()
}
