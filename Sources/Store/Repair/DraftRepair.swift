import Blobs
import Catalog
import Digest
import Files
import Git

/// Mends records and pointers in a draft of the next version.
struct DraftRepair {
    let repair: Repair
    let store: Store
    let draft: Draft
    let temporary: TemporaryDirectory

    init(_ repair: Repair, _ store: Store, draft: Draft, temporary: TemporaryDirectory) {
        self.repair = repair
        self.store = store
        self.draft = draft
        self.temporary = temporary
    }

    func mend(_ problem: Problem, _ batch: BlobBatch) throws {
        switch problem.remedy {
        case .pointer(let path, let pointer):
            try draft.put(pointer.encoded(), at: path)
            repair.note(problem, "it was written")
        case .attributes: try mendAttributes(problem)
        case .storeRecord: try mendStoreRecord(problem)
        case .rawFile(let path, let blob): try takeIn(blob, at: path, problem, batch)
        case .facts(let id, let stem): try renewFacts(of: id, stem, problem)
        default: break
        }
    }

    /// Adds our lines behind those that a team has written.
    private func mendAttributes(_ problem: Problem) throws {
        let entry = try draft.base.entry(at: ".gitattributes")
        let bytes = entry.flatMap { try? draft.base.record($0.id, at: ".gitattributes") } ?? []
        let text = String(decoding: bytes, as: UTF8.self)
        let present = Set(text.split(separator: "\n"))
        let own = Catalog.gitAttributes.split(separator: "\n")
        // All of them and in their order, since of two lines for one path the later counts.
        let others = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !own.contains($0) }
        let kept = others.joined(separator: "\n").drop { $0 == "\n" }
        let start = kept.isEmpty || kept.hasSuffix("\n") ? String(kept) : "\(kept)\n"
        try draft.put(Array((start + Catalog.gitAttributes).utf8), at: .gitAttributes)
        repair.note(problem, "\(own.filter { !present.contains($0) }.count) lines were added")
    }

    private func mendStoreRecord(_ problem: Problem) throws {
        let search = LastReadable(path: .store, in: store.repository)
        guard
            let last = try search.find(
                before: draft.base.version, where: { (try? StoreRecord.readStore($0)) != nil })
        else { return }
        let root = try store.commit(of: last).tree
        let old = Snapshot(version: last, root: root, repository: store.repository)
        guard let entry = try old.entry(at: RecordPath.store.text) else { return }
        try draft.put(try old.record(entry.id, at: RecordPath.store.text), at: .store)
        repair.note(problem, "it is as it was in version \(last.short)")
    }

    // MARK: Audio

    /// Takes in a file that plain git has committed; if that is no audio, the record's own file comes back.
    private func takeIn(_ blob: ObjectID, at path: RecordPath, _ problem: Problem, _ batch: BlobBatch) throws {
        let bytes = try store.repository.readBlob(blob, limit: ReachableObjects.blobLimit)
        let file = temporary.newPath()
        defer { _ = try? FileSystem.remove(file) }
        try FileDescriptor.open(file, .write, create: .exclusive).write(all: bytes)
        guard let audio = try inspect(file) else { return try putBack(path, problem) }
        let put = try batch.put(file)
        let place = path.with(audio.fileExtension)
        if place != path { draft.remove(path) }
        try draft.put(put.pointer.encoded(), at: place)
        try renew(path, put.pointer, audio.facts)
        repair.note(problem, "its bytes are a file of the store now, with a pointer in its place")
    }

    private func putBack(_ path: RecordPath, _ problem: Problem) throws {
        guard let reference = try audioReference(at: path) else { return }
        let pointer = Pointer(oid: reference.oid, size: reference.size)
        guard store.blobs.contains(pointer) else {
            return repair.note(problem, "it is no audio, and the file that the record names is not here")
        }
        try draft.put(pointer.encoded(), at: path)
        repair.note(problem, "it was no audio; the pointer to the record's own file is back")
    }

    /// Reads anew what a record says of its audio, by the pointer that lies beside it.
    private func renewFacts(of id: TrackID, _ type: StemType?, _ problem: Problem) throws {
        guard case .track(let folder)? = try draft.base.read(id) else { return }
        let stem = type.flatMap { type in folder.stems.first { $0.stem.type == type } }
        guard let audio = type == nil ? folder.audio : stem?.audio else { return }
        guard store.blobs.contains(audio.pointer), let found = try inspect(store.blobs.path(of: audio.pointer.oid))
        else {
            return repair.note(problem, "the file is not here, so it cannot be read")
        }
        let path =
            type.map { RecordPath.stemAudio(id, $0, audio.fileExtension) } ?? .trackAudio(id, audio.fileExtension)
        try renew(path, audio.pointer, found.facts)
        repair.note(problem, "what is known of the audio was read anew")
    }

    private func inspect(_ file: FilePath) throws -> (
        facts: RepairMeans.AudioDescription, fileExtension: FileExtension
    )? {
        try repair.means.inspect(FileDescriptor.open(file, .read, nonBlocking: true))
    }

    private func audioReference(at path: RecordPath) throws -> AudioReference? {
        switch path {
        case .trackAudio(let id, _): try draft.base.track(id)?.track.audio
        case .stemAudio(let id, let type, _):
            try draft.base.track(id)?.stems.first { $0.stem.type == type }?.stem.audio
        default: nil
        }
    }

    /// Lets the record speak of the file that the pointer names.
    private func renew(_ path: RecordPath, _ pointer: Pointer, _ found: RepairMeans.AudioDescription) throws {
        let facts = Facts(
            of: pointer.oid, format: found.format, frames: found.frames, sampleRate: found.sampleRate,
            channels: found.channels, bits: found.bits)
        switch path {
        case .trackAudio(let id, _):
            guard var track = try draft.base.track(id)?.track else { return }
            let stamp = draft.stamp(after: track.stamp(of: "audio"), track.stamp(of: "facts"))
            let audio = AudioReference(oid: pointer.oid, size: pointer.size, name: track.audio.name)
            try track.setAudio(audio, facts: facts, at: stamp)
            try draft.put(track)
        case .stemAudio(let id, let type, _):
            guard var stem = try draft.base.track(id)?.stems.first(where: { $0.stem.type == type })?.stem else {
                return
            }
            let stamp = draft.stamp(
                after: stem.stamp(of: "audio"), stem.stamp(of: "facts"), stem.stamp(of: "madeFrom"))
            let audio = AudioReference(oid: pointer.oid, size: pointer.size, name: stem.audio.name)
            try stem.setAudio(audio, facts: facts, madeFrom: stem.madeFrom, at: stamp)
            try draft.put(stem.encode(), at: .stem(id, type))
        default: break
        }
    }
}

extension RecordPath {
    /// The same place with another extension.
    fileprivate func with(_ suffix: FileExtension) -> RecordPath {
        switch self {
        case .trackAudio(let id, _): .trackAudio(id, suffix)
        case .stemAudio(let id, let type, _): .stemAudio(id, type, suffix)
        default: self
        }
    }
}
