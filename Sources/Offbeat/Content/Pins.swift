import Catalog
import Digest
import Files
import Store

/// Which tracks this computer keeps, and which it was told to let go. It is a matter of this computer, and never synced.
struct Pins: Sendable, Hashable {
    /// Tracks that are kept.
    var pinned: Set<TrackID> = []
    /// Queries that keep what they match, now and later.
    var queries: [String] = []
    /// Tracks that no sync brings back, until somebody fetches or pins them.
    var dropped: Set<TrackID> = []

    private static func place(in store: FilePath) -> FilePath { store.appending("pins") }
    private static let limit = 1 << 26

    /// What is written down in a store; nothing where there is no such file.
    static func read(in store: FilePath) throws -> Pins {
        guard let bytes = try FileSystem.readIfExists(place(in: store), limit: limit) else { return Pins() }
        guard let document = try? JSON.parse(bytes).asObject,
            let pinned = ids(document["pinned"]), let dropped = ids(document["dropped"]),
            let queries = texts(document["queries"])
        else {
            throw Failure(
                .damaged, "\(place(in: store)) cannot be read, which says what this computer keeps",
                hint: "mend the file, or remove it and pin again")
        }
        return Pins(pinned: pinned, queries: queries, dropped: dropped)
    }

    private static func texts(_ value: JSON?) -> [String]? {
        guard let value else { return [] }
        let texts = value.asArray?.compactMap(\.asString)
        return texts?.count == value.asArray?.count ? texts : nil
    }

    private static func ids(_ value: JSON?) -> Set<TrackID>? {
        guard let texts = texts(value) else { return nil }
        let ids = texts.compactMap { TrackID($0) }
        return ids.count == texts.count ? Set(ids) : nil
    }

    private var text: [UInt8] {
        let document: JSON = [
            "pinned": Self.list(pinned), "queries": .array(queries.map(JSON.string)), "dropped": Self.list(dropped),
        ]
        return document.canonical()
    }

    private static func list(_ ids: Set<TrackID>) -> JSON {
        .array(ids.map(\.description).sorted().map(JSON.string))
    }

    /// What tells these pins from others.
    var digest: String { ContentHash(of: text).hex }
}

extension Library {
    /// What this computer keeps.
    var pins: Pins { get throws { try Pins.read(in: path) } }

    /// Changes what this computer keeps, while nobody else does.
    func changePins(_ change: (inout Pins) throws -> Void) throws {
        try store.exclusively { writer in try changePins(writer, change) }
    }

    func changePins(_ writer: borrowing Writer, _ change: (inout Pins) throws -> Void) throws {
        let old = try pins
        var new = old
        try change(&new)
        if new != old { try new.write(in: path) }
    }
}

extension Pins {
    fileprivate func write(in store: FilePath) throws(FileError) {
        try FileSystem.replaceAtomically(Self.place(in: store), with: text)
    }
}
