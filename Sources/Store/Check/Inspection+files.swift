import Blobs
import Catalog
import Digest
import Files
import Git
import Synchronization

extension Inspection {
    /// Looks whether the files that versions name are here, and hashes as many as are asked for.
    func inspectFiles() throws {
        counts.files = named.all.count
        var damaged: [(pointer: Pointer, verdict: BlobStore.Verdict)] = []
        let hasRemote = hasRemote()
        for (number, mention) in named.all.values.enumerated() {
            try advance("Checking files", number, of: named.all.count)
            let verdict = try blobs.look(at: mention.pointer)
            if verdict == .sound { continue }
            if try verdict == .missing && (isSetAside(mention) || hasRemote && !vanished.contains(mention.pointer))
            {
                counts.elsewhere += 1
            } else {
                damaged.append((mention.pointer, verdict))
            }
        }
        if request.hashedAlone.map({ !$0.isEmpty }) ?? (request.hashedPercent > 0) {
            damaged += try hashFiles(besides: Set(damaged.map(\.pointer.oid)))
        }
        tell(damaged)
    }

    /// Whether a collection has set the file aside, which it may with what only earlier versions name.
    private func isSetAside(_ mention: NamedFiles.Mention) throws(BlobError) -> Bool {
        guard mention.version != head?.id else { return false }
        return try blobs.quarantine.find(mention.pointer.oid)?.pointer == mention.pointer
    }

    private func hasRemote() -> Bool {
        guard let bytes = try? FileSystem.read(path.appending("config"), limit: 1 << 20) else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains {
            $0.drop { $0 == " " || $0 == "\t" }.hasPrefix("[remote \"")
        }
    }

    // MARK: Hashing

    /// Reads and hashes the files that are stored, named or not, or a share of them that chance picks.
    private func hashFiles(
        besides known: Set<ContentHash>
    ) throws -> [(pointer: Pointer, verdict: BlobStore.Verdict)] {
        let chosen = try chooseFiles(besides: known)
        let total = chosen.reduce(0) { $0 + $1.size }
        let hashing = Hashing(store: blobs, watch: watch, total: total)
        try Parallel.forEach(count: chosen.count, workers: max(1, min(8, Parallel.processors))) { number in
            try hashing.verify(chosen[number])
        }
        counts.hashed = chosen.count
        counts.bytes = total
        return hashing.damaged
    }

    /// The greatest first, so that no worker is left alone with one at the end.
    private func chooseFiles(besides known: Set<ContentHash>) throws -> [Pointer] {
        var stored: [Pointer] = []
        try blobs.forEachFile { file in
            guard request.hashedAlone?.contains(file.oid) ?? true else { return }
            if !known.contains(file.oid) { stored.append(named[file.oid]?.pointer ?? file) }
        }
        if request.hashedAlone == nil, request.hashedPercent < 100 {
            var random = context.random
            stored.shuffle(using: &random)
            stored.removeLast(stored.count - (stored.count * request.hashedPercent + 99) / 100)
        }
        return stored.sorted { $0.size != $1.size ? $0.size > $1.size : $0.oid < $1.oid }
    }

    // MARK: Telling

    private func tell(_ damaged: [(pointer: Pointer, verdict: BlobStore.Verdict)]) {
        let mentions = damaged.compactMap { named[$0.pointer.oid] }
        let paths = NamedFiles.paths(of: mentions, in: repository)
        for (pointer, verdict) in damaged.sorted(by: { $0.pointer.oid < $1.pointer.oid }) {
            let place = named[pointer.oid].map { mention in
                let version = mention.version.map { " in version \(Version($0).short)" } ?? ""
                return "\(paths[mention.blob]?.description ?? "a pointer")\(version)"
            }
            let subject = place.map { "the file of \($0)" } ?? "a file that no version names"
            add(
                Problem(
                    .file, pointer.oid.hex,
                    "\(subject) \(verdict.words(expecting: pointer))",
                    "add it again, or run `offbeat fsck --repair`",
                    remedy: .file(pointer)))
        }
    }
}

extension BlobStore.Verdict {
    /// What was found, as the end of a sentence.
    func words(expecting pointer: Pointer) -> String {
        switch self {
        case .sound: "is sound"
        case .missing: "is missing"
        case .notRegular(let what): "cannot be read: there is \(what) in its place"
        case .wrongSize(let size): "has \(size) bytes instead of \(pointer.size)"
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .wrongHash: "has other bytes than it was stored with"
        }
    }
}

/// Several threads hash files; each has memory of its own.
private final class Hashing: Sendable {
    private let store: BlobStore
    private let watch: CheckWatch
    private let total: Int64
    private let done = Atomic<Int64>(0)
    private let idle = Mutex<[BlobVerifier]>([])
    private let found = Mutex<[(pointer: Pointer, verdict: BlobStore.Verdict)]>([])

    init(store: BlobStore, watch: CheckWatch, total: Int64) {
        self.store = store
        self.watch = watch
        self.total = total
    }

    var damaged: [(pointer: Pointer, verdict: BlobStore.Verdict)] { found.withLock { $0 } }

    func verify(_ pointer: Pointer) throws {
        try watch.checkStopped()
        let verifier = idle.withLock { $0.popLast() } ?? BlobVerifier(of: store)
        defer { idle.withLock { $0.append(verifier) } }
        var verdict = try settled(verifier, pointer)
        // It may have been replaced by a sound one, or been removed for good, since it was listed.
        if verdict != .sound { verdict = try settled(verifier, pointer) }
        if verdict != .sound, verdict != .missing { found.withLock { $0.append((pointer, verdict)) } }
        let count = done.add(pointer.size, ordering: .relaxed).newValue
        watch.report("Hashing files", count, total, true)
    }

    /// A file that changes while it is read is one that is damaged just now; its size tells.
    private func settled(_ verifier: BlobVerifier, _ pointer: Pointer) throws(BlobError) -> BlobStore.Verdict {
        do throws(BlobError) { return try verifier.verify(pointer) } catch {
            guard error.code == .changed || error.code == .missing else { throw error }
            return try store.look(at: pointer)
        }
    }
}
