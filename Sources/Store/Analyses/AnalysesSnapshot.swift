import Blobs
import Catalog
public import Digest
import Git

/// One version of the analyses: immutable, and shareable between threads.
public struct AnalysesSnapshot: Sendable {
    /// The version.
    public let version: Version

    let root: ObjectID
    private let repository: Repository

    init(_ version: Version, root: ObjectID, in repository: Repository) {
        self.version = version
        self.root = root
        self.repository = repository
    }

    /// What is said of one audio, in the order of analyzers.
    ///
    /// What lies there and is no analysis is passed over: it stands in nobody's way.
    public func entries(of audio: ContentHash) throws(StoreError) -> [AnalysisEntry] {
        guard let folder = try folder(of: audio) else { return [] }
        return try entries(of: audio, in: folder)
    }

    /// What one analyzer says of one audio.
    public func entry(_ key: AnalysisKey) throws(StoreError) -> AnalysisEntry? {
        guard let folder = try folder(of: key.audio),
            let pair = AnalysisPlace.pairs(in: folder)[Array(key.analyzer.description.utf8)]
        else { return nil }
        return try reading { () throws(GitError) in try entry(key, pair) }
    }

    /// Visits all that is said, audio by audio in the order of their hashes.
    public func forEach(_ visit: ([AnalysisEntry]) throws -> Void) throws {
        var diff = difference(from: nil)
        while let audio = try reading({ () throws(GitError) in try diff.next() }) {
            let entries = try entries(of: audio)
            if !entries.isEmpty { try visit(entries) }
        }
    }

    /// The audio of which another thing is said than in an earlier version; nil stands for one that says nothing.
    ///
    /// The cost follows what differs.
    public func audio(touchedSince old: AnalysesSnapshot?) throws(StoreError) -> [ContentHash] {
        try reading { () throws(GitError) in
            var diff = difference(from: old?.root)
            var found: [ContentHash] = []
            while let audio = try diff.next() { found.append(audio) }
            return found
        }
    }

    private func difference(from old: ObjectID?) -> TouchedAudio {
        TouchedAudio(from: old, to: root, in: repository)
    }

    private func folder(of audio: ContentHash) throws(StoreError) -> Tree? {
        try reading { () throws(GitError) in
            var tree = try repository.readTree(root)
            for name in AnalysisPlace.folder(of: audio) {
                guard let entry = tree[name], entry.isTree else { return nil }
                tree = try repository.readTree(entry.id)
            }
            return tree
        }
    }

    private func entries(of audio: ContentHash, in folder: Tree) throws(StoreError) -> [AnalysisEntry] {
        try reading { () throws(GitError) in
            var found: [AnalysisEntry] = []
            for (key, pair) in AnalysisPlace.pairs(in: folder) {
                guard let analyzer = Analyzer(String(decoding: key, as: UTF8.self)),
                    let entry = try entry(AnalysisKey(audio, by: analyzer), pair)
                else { continue }
                found.append(entry)
            }
            return found.sorted { $0.key < $1.key }
        }
    }

    /// Nil for a pair in which neither part can be understood.
    private func entry(_ key: AnalysisKey, _ pair: AnalysisPair) throws(GitError) -> AnalysisEntry? {
        var pointer: Pointer?
        if let entry = pair.pointer, entry.mode == .blob || entry.mode == .executable {
            let bytes = try repository.readBlob(entry.id, upTo: Pointer.sizeLimit)
            pointer = bytes.flatMap { Pointer.parse($0)?.pointer }.flatMap { $0.isEmpty ? nil : $0 }
        }
        var fields: JSONObject?
        if let entry = pair.summary, entry.mode == .blob || entry.mode == .executable {
            let bytes = try repository.readBlob(entry.id, upTo: AnalysisSummary.limit)
            fields = bytes.flatMap { (try? JSON.parse($0))?.asObject }
        }
        if pointer == nil, fields == nil { return nil }
        return AnalysisEntry(key, pointer: pointer, summary: AnalysisSummary(fields ?? JSONObject()))
    }

    private func reading<R>(_ step: () throws(GitError) -> R) throws(StoreError) -> R {
        try StoreError.wrapping("read", "version \(version.short) of the analyses", step)
    }
}

/// Finds the audio of which two versions of the analyses say different things, in the order of their hashes.
private struct TouchedAudio {
    private var diff: TreeDiff

    init(from old: ObjectID?, to new: ObjectID?, in repository: Repository) {
        // Below a folder that cannot lead to analyses there is nothing to look for, and none is entered that holds them.
        diff = TreeDiff(from: old, to: new, in: repository) { change in
            let names = change.path.names
            return names.count < AnalysisPlace.depth && AnalysisPlace.isFolder(names)
        }
    }

    mutating func next() throws(GitError) -> ContentHash? {
        while let change = try diff.next() {
            let names = change.path.names
            guard (change.new ?? change.old)?.isTree == true, AnalysisPlace.isOfFile(names),
                let hash = names.last.flatMap({ ContentHash(hex: $0.bytes) })
            else { continue }
            return hash
        }
        return nil
    }
}

extension Store {
    /// What is said of audio now; nil where nothing ever was.
    public func analyses() throws(StoreError) -> AnalysesSnapshot? {
        try analysesVersion().map { (version) throws(StoreError) in try analyses(of: version) }
    }

    /// What was said at a version of the analyses.
    public func analyses(of version: Version) throws(StoreError) -> AnalysesSnapshot {
        AnalysesSnapshot(version, root: try commit(of: version).tree, in: repository)
    }
}
