import Blobs
import Digest
import Files
import SQLite
import Store

/// How many of the files that tracks name are here.
public struct FileCounts: Sendable, Hashable {
    /// Those that are here.
    public var here: Int
    /// Those that are not.
    public var missing: Int

    /// As many as are said.
    public init(here: Int = 0, missing: Int = 0) { (self.here, self.missing) = (here, missing) }

    /// Counts one more.
    public mutating func count(isHere: Bool) { if isHere { here += 1 } else { missing += 1 } }
}

extension Index {
    /// So many files are looked at one by one; of more the journal of files is believed, which does not know what somebody
    /// did to them by hand. `fsck` tells.
    public static let filesLookedAt = 4096

    /// Over a network nobody may open the journal. Elsewhere it is made from the files where there is none yet.
    private static func mayKeepJournal(_ blobs: BlobStore) -> Bool {
        (try? FileSystem.kind(at: blobs.directory)) == .local
    }

    /// Counts the files that the tracks of a scope name, as they are on the disk now.
    ///
    /// - Parameter limit: with more than so many the journal is believed.
    public func fileCounts(
        in scope: TrackRequest.Scope, lookingAtMost limit: Int = filesLookedAt
    ) throws -> FileCounts {
        let blobs = store.blobs
        let found = try refresh { reader -> (counts: FileCounts, key: FileSums.Key?) in
            let isFew = try reader.fileCount(in: scope, upTo: limit + 1) <= limit
            guard !isFew, Self.mayKeepJournal(blobs), let position = try? blobs.journal.position() else {
                var counts = FileCounts()
                try reader.forEachFile(in: scope) { counts.count(isHere: blobs.contains($0)) }
                return (counts, nil)
            }
            let key = FileSums.Key(scope: scope, turn: try reader.turn(ofFilesIn: scope), position: position)
            if let known = try FileSums(reader.database).counts(key) { return (known, nil) }
            return (try reader.fileCounts(in: scope, by: blobs.journal), key)
        }.value
        if let key = found.key {
            // Where it cannot be noted, it is counted again.
            try? perform { file in
                try file.database.transaction { try FileSums(file.database).remember(found.counts, as: key) }
            }
        }
        return found.counts
    }
}

extension IndexReader {
    fileprivate func turn(ofFilesIn scope: TrackRequest.Scope) throws -> Int64 {
        let parts = scope == .everything ? [.files] : try parts(ofPickerIn: scope)
        return try ViewTable(database).last(of: parts)?.turn ?? 0
    }

    /// Goes through what is named and what is here side by side, both in the order of hashes.
    fileprivate func fileCounts(in scope: TrackRequest.Scope, by journal: BlobJournal) throws -> FileCounts {
        var counts = FileCounts()
        var files = JournalFiles(journal)
        try forEachFile(in: scope) { pointer in
            counts.count(isHere: try files.pass(to: pointer.oid) == pointer || pointer == .empty)
        }
        return counts
    }
}

/// The files of the journal, a portion after the other.
private struct JournalFiles {
    private static let portion = 8192

    private let journal: BlobJournal
    private var portion: [Pointer] = []
    private var next = 0
    private var isAtEnd = false

    init(_ journal: BlobJournal) { self.journal = journal }

    /// The first file that does not stand before a hash.
    mutating func pass(to oid: ContentHash) throws -> Pointer? {
        while true {
            while next < portion.count {
                if portion[next].oid >= oid { return portion[next] }
                next += 1
            }
            if isAtEnd { return nil }
            portion = try journal.files(after: portion.last?.oid, atMost: Self.portion)
            next = 0
            isAtEnd = portion.count < Self.portion
        }
    }
}
