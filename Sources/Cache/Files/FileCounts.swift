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
        let found = try refresh { reader -> (counts: FileCounts, key: FileSums.Key?) in
            let isFew = try reader.fileCount(in: scope, upTo: limit + 1) <= limit
            if !isFew, Self.mayKeepJournal(store.blobs),
                let found = try fileCounts(in: scope, byJournals: reader)
            {
                return found
            }
            var counts = FileCounts()
            let lookup = try? BlobLookup(in: store.blobs)
            try reader.forEachFile(in: scope) {
                counts.count(isHere: lookup?.contains($0) ?? store.blobs.contains($0))
            }
            return (counts, nil)
        }.value
        // Where it cannot be noted, it is counted again; no index is made for it.
        if let key = found.key, hasOwnFile {
            try? perform { file in
                try file.database.transaction { try FileSums(file.database).remember(found.counts, as: key) }
            }
        }
        return found.counts
    }

    /// What the journal says; nil while somebody changes it. A guest has what the store below has, and what it put beside.
    private func fileCounts(
        in scope: TrackRequest.Scope, byJournals reader: IndexReader
    ) throws -> (counts: FileCounts, key: FileSums.Key?)? {
        let journal = store.blobs.journal
        func counts(
            at position: String, in journals: [JournalFiles]
        ) throws -> (counts: FileCounts, key: FileSums.Key?) {
            let key = FileSums.Key(scope: scope, turn: try reader.turn(ofFilesIn: scope), position: position)
            if let known = try FileSums(reader.database).counts(key) { return (known, nil) }
            return (try reader.fileCounts(in: scope, by: journals), key)
        }
        guard store.blobs.lender != nil else {
            guard let position = try? journal.position() else { return nil }
            return try counts(at: position.description, in: [JournalFiles(journal)])
        }
        var own: BlobJournal.Position?
        if !journal.isUntouched {
            guard let position = try? journal.position() else { return nil }
            own = position
        }
        return try store.blobs.readJournalOfLender(copyingTo: directory) { lent in
            guard let position = try lent.position() else { return nil }
            // What the store below has counted holds for a guest who has put nothing beside.
            guard let own, own.totals.files > 0 else {
                return try counts(at: position.description, in: [JournalFiles(lent)])
            }
            return try counts(
                at: "\(position) \(own)", in: [JournalFiles(lent), JournalFiles(journal)])
        } ?? nil
    }
}

extension IndexReader {
    fileprivate func turn(ofFilesIn scope: TrackRequest.Scope) throws -> Int64 {
        let parts = scope == .everything ? [.files] : try parts(ofPickerIn: scope)
        return try ViewTable(database).last(of: parts)?.turn ?? 0
    }

    /// Goes through what is named and what is here side by side, both in the order of hashes.
    fileprivate func fileCounts(in scope: TrackRequest.Scope, by journals: [JournalFiles]) throws -> FileCounts {
        var counts = FileCounts()
        var journals = journals
        try forEachFile(in: scope) { pointer in
            var isHere = pointer == .empty
            for index in journals.indices where try journals[index].pass(to: pointer.oid) == pointer {
                isHere = true
            }
            counts.count(isHere: isHere)
        }
        return counts
    }
}
