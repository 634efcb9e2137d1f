import Blobs
import Catalog
import Digest
import Files
import Glibc
import Store

/// Made-up tracks, each with an audio file that nobody has.
enum MadeTracks {
    private static let words = [
        "Amber", "Blue", "Cedar", "Distant", "Early", "Falling", "Golden", "Hollow", "Ivory", "Jade", "Kindred",
        "Lantern", "Morning", "Northern", "Open", "Paper", "Quiet", "River", "Silver", "Tidal",
    ]
    private static let genres = ["ambient", "folk", "house", "jazz", "techno"]

    /// The id that the track of this number has.
    static func id(_ number: Int) -> TrackID { .of(audio: oid(number)) }

    /// The file that it names.
    static func pointer(_ number: Int) -> Pointer { Pointer(oid: oid(number), size: Int64(30_000_000 + number)) }

    private static func oid(_ number: Int) -> ContentHash { ContentHash(of: Array("made-up audio \(number)".utf8)) }

    /// Writes the track of this number into a draft.
    static func put(_ number: Int, into draft: Draft) throws {
        let pointer = pointer(number)
        let (oid, size) = (pointer.oid, pointer.size)
        let stamp = draft.stamp()
        var track = Track(
            id: .of(audio: oid), audio: AudioReference(oid: oid, size: size, name: "take \(number).wav"),
            facts: Facts(
                of: oid, format: "wav", frames: size / 4, sampleRate: 44100, channels: 2, bits: 16),
            created: stamp)
        for (field, value) in fields(number) { try track.set(field, to: value, at: stamp) }
        try track.add(genres[number / 7 % genres.count], to: "tags", at: stamp)
        guard let fileExtension = FileExtension("wav") else { throw BenchError("wav is no extension") }
        try draft.put(
            track, audio: .init(pointer: pointer, fileExtension: fileExtension),
            mayBeAbsent: true)
    }

    private static func fields(_ number: Int) -> [(String, JSON)] {
        func word(_ step: Int) -> String { words[number / step % words.count] }
        return [
            ("title", .string("\(word(1)) \(word(20)) \(number)")),
            ("artist", .string("\(word(40)) \(word(3)) Trio")),
            ("album", .string("\(word(12)) \(word(60))")), ("genre", .string(genres[number % genres.count])),
            ("year", .integer(Int64(1960 + number % 60))), ("trackNumber", .integer(Int64(1 + number % 12))),
        ]
    }
}

extension StoreContext {
    /// The world as it is, told as the command line tells it: so the copies that it works on keep their id.
    static var bench: StoreContext {
        let machine = (try? FileSystem.read("/etc/machine-id", limit: 256)) ?? []
        return StoreContext(
            now: { UInt64(SystemClock.wallMilliseconds()) }, utcOffset: { _ in 0 }, machine: machine)
    }
}
