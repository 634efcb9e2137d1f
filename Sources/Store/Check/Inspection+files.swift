public import Blobs
import Catalog
import Digest
import Files
import Git

extension Inspection {
    /// Looks whether the files that versions name are here, and waits for those that are being hashed.
    func inspectFiles(_ hashing: FileHashing?) throws {
        counts.files = named.all.count
        var damaged: [(pointer: Pointer, verdict: BlobStore.Verdict)] = []
        let hasRemote = hasRemote()
        let lookup = try? BlobLookup(in: blobs)
        for (number, mention) in named.all.values.enumerated() {
            try advance("Checking files", number, of: named.all.count)
            let verdict = try lookup?.look(at: mention.pointer) ?? blobs.look(at: mention.pointer)
            if verdict == .sound { continue }
            if try verdict == .missing && (isSetAside(mention) || hasRemote && !vanished.contains(mention.pointer))
            {
                counts.elsewhere += 1
            } else {
                damaged.append((mention.pointer, verdict))
            }
        }
        let known = Set(damaged.map(\.pointer.oid))
        damaged += try hashing?.finish().filter { !known.contains($0.pointer.oid) } ?? []
        tell(damaged)
    }

    /// Whether a collection has set the file aside, which it may with what only earlier versions name; those of a guest it
    /// deletes.
    private func isSetAside(_ mention: NamedFiles.Mention) throws(BlobError) -> Bool {
        guard mention.version.map(branchHeads.contains) != true else { return false }
        if request.lender != nil { return true }
        return try blobs.quarantine.find(mention.pointer.oid)?.pointer == mention.pointer
    }

    /// Whether this store has a remote, or the one that it lies over.
    private func hasRemote() -> Bool { hasRemote(path) || request.lender.map(hasRemote) ?? false }

    private func hasRemote(_ path: FilePath) -> Bool {
        guard let bytes = try? FileSystem.read(path.appending("config"), limit: 1 << 20) else { return false }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains {
            $0.drop { $0 == " " || $0 == "\t" }.hasPrefix("[remote \"")
        }
    }

    // MARK: Hashing

    /// Begins to read and hash the files that are stored, named or not, or a share of them that chance picks.
    func beginHashing() throws -> FileHashing? {
        guard request.hashedAlone.map({ !$0.isEmpty }) ?? (request.hashedPercent > 0) else { return nil }
        let chosen = try chooseFiles()
        counts.hashed = chosen.count
        counts.bytes = chosen.reduce(0) { $0 + $1.size }
        return FileHashing(chosen, in: blobs, watch: watch)
    }

    /// The greatest first, so that no worker is left alone with one at the end.
    private func chooseFiles() throws -> [Pointer] {
        var stored = try blobs.files()
        if let alone = request.hashedAlone {
            stored.removeAll { !alone.contains($0.oid) }
        } else if request.hashedPercent < 100 {
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
                    verdict.advice,
                    remedy: .file(pointer)))
        }
    }
}

extension BlobStore.Verdict {
    /// What was found, as the end of a sentence.
    public func words(expecting pointer: Pointer) -> String {
        switch self {
        case .sound: "is sound"
        case .missing: "is missing"
        case .notRegular(let what): "cannot be read: there is \(what) in its place"
        case .wrongSize(let size): "has \(size) bytes instead of \(pointer.size)"
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .wrongHash: "has other bytes than it was stored with"
        }
    }

    /// What to do about it. What adding does not look at must be out of the way before it can help.
    fileprivate var advice: String {
        switch self {
        case .sound, .missing, .wrongSize: "add it again, or run `offbeat fsck --repair`"
        case .notRegular, .unreadable, .wrongHash:
            "run `offbeat fsck --repair`, and add it again if that finds no other copy"
        }
    }
}
