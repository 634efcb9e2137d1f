import Blobs
import Catalog
import Digest
import Files
import TestSupport
import Testing

@testable import Store

/// One track with all that belongs to it, at fixed ids and stamps.
struct Song {
    static let id = TrackID(String(repeating: "1", count: 32))
    static let place = "tracks/1/1/1/\(String(repeating: "1", count: 32))"

    var track: Track
    var files: MadeTree = [:]

    static func stamp(_ milliseconds: UInt64) -> Stamp {
        Stamp(milliseconds: milliseconds, replica: ReplicaID(truncating: 7))
    }

    static func reference(_ words: String) -> AudioReference {
        let pointer = audio(of: words)
        return AudioReference(oid: pointer.oid, size: pointer.size, name: "\(words).wav")
    }

    init(track: Track, files: MadeTree) {
        self.track = track
        self.files = files
    }

    init(_ words: String = "song") throws {
        track = Track(
            id: try #require(Self.id), audio: Self.reference(words), facts: nil, created: Self.stamp(1_000))
        files["audio.wav"] = .pointer(words)
    }

    /// All of it, with the record.
    func tree() throws -> MadeTree {
        var tree = try Self.inPlace(files)
        tree["\(Self.place)/track.json"] = try .record(track)
        return tree
    }

    static func inPlace(_ files: MadeTree) throws -> MadeTree {
        Dictionary(uniqueKeysWithValues: files.map { ("\(place)/\($0.key)", $0.value) })
    }

    mutating func rename(_ title: String, at time: UInt64 = 2_000) throws {
        try track.set("title", to: .string(title), at: Self.stamp(time))
    }

    mutating func replace(by words: String, at time: UInt64) throws {
        try track.setAudio(Self.reference(words), facts: nil, at: Self.stamp(time))
        files["audio.wav"] = .pointer(words)
    }

    mutating func setStem(_ type: String, _ words: String, at time: UInt64) throws {
        let type = try #require(StemType(type))
        var stem =
            try files["stems/\(type).json"]?.bytes.map { try Stem.read($0) }
            ?? Stem(type: type, audio: Self.reference(words), created: Self.stamp(time))
        try stem.setAudio(Self.reference(words), facts: nil, madeFrom: nil, at: Self.stamp(time))
        files["stems/\(type).json"] = try .record(stem)
        files["stems/\(type).wav"] = .pointer(words)
    }

    mutating func removeStem(_ type: String) {
        files["stems/\(type).json"] = nil
        files["stems/\(type).wav"] = nil
    }

    func with(_ change: (inout Song) throws -> Void) throws -> Song {
        var song = self
        try change(&song)
        return song
    }

    /// The pointer of this audio, where it is kept after it lost.
    static func kept(_ words: String) -> String { "conflicts/\(audio(of: words).oid.hex).wav" }
}

extension Versions.Merged {
    /// The track, as it came out.
    func track() throws -> Track { try Track.read(#require(files["\(Song.place)/track.json"]?.bytes)) }

    /// The files of the track's folder, without its record.
    var folder: MadeTree {
        let inside = files.filter { $0.key.hasPrefix(Song.place + "/") && !$0.key.hasSuffix("/track.json") }
        return Dictionary(
            uniqueKeysWithValues: inside.map { (String($0.key.dropFirst(Song.place.count + 1)), $0.value) })
    }
}

extension Versions {
    /// Merges what two laptops made of one tree.
    func merge(
        _ base: MadeTree?, _ one: MadeTree, _ other: MadeTree, location: SourceLocation = #_sourceLocation
    ) throws -> Merged {
        let parents = try base.map { [try commit($0, message: "base\n")] } ?? []
        return try merge(
            commit(one, parents: parents, message: "one\n"), commit(other, parents: parents, message: "other\n"),
            location: location)
    }

    func merge(_ base: Song, _ one: Song, _ other: Song, location: SourceLocation = #_sourceLocation) throws
        -> Merged
    {
        try merge(base.tree(), one.tree(), other.tree(), location: location)
    }
}

/// Lends a bare repository, and removes it.
func withVersions<R>(_ body: (Versions) throws -> R) throws -> R {
    try withTemporaryDirectory { try body(try Versions(in: $0)) }
}
