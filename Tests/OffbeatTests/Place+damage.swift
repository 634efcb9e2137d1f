import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

extension Place {
    /// Makes a second person of a handle, as two laptops can.
    @discardableResult
    func twin(of handle: String) throws -> Person {
        var twin: Person?
        try store.write(by: nil) { draft in
            let person = Person(id: draft.newID(), handle: try #require(Handle(handle)), created: draft.stamp())
            try draft.put(person)
            twin = person
            return "Add a twin"
        }
        return try #require(twin)
    }

    /// Puts a track's record and pointer at another id, too.
    func copy(_ id: TrackID, as other: TrackID) throws {
        var fields = try store.snapshot().fields(at: RecordPath.track(id).text)
        fields["id"] = .string(other.hex)
        try commitPlainly([RecordPath.track(other).text: JSON.object(fields).canonical()])
    }

    /// Takes a track's file from the disk.
    func loseFile(of track: TrackSummary) throws {
        let path = try store.blobs.path(of: track.track.audio.oid)
        try FileSystem.remove(path)
    }

    /// Gives a track a stem, as plain git would; its file is in the store.
    @discardableResult
    func addStem(_ type: String, to track: TrackSummary, withPointer: Bool = true) throws -> Pointer {
        let batch = try store.blobs.beginBatch(durable: false)
        let pointer = try batch.put(bytes: Array("the sound of \(type)".utf8)).pointer
        try batch.commit()
        let reference = AudioReference(oid: pointer.oid, size: pointer.size, name: nil)
        let stem = Stem(type: try #require(StemType(type)), audio: reference, created: track.track.created)
        let folder = "\(RecordFolder.track(track.id).path)/stems"
        var files = ["\(folder)/\(type).json": try stem.encode()]
        if withPointer { files["\(folder)/\(type).wav"] = pointer.encoded() }
        try commitPlainly(files)
        return pointer
    }
}
