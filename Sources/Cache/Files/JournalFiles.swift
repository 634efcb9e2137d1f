import Blobs
import Digest

/// The files of a journal in the order of hashes, a portion after the other.
struct JournalFiles {
    private static let portion = 8192

    private let read: (_ after: ContentHash?, _ limit: Int) throws -> [Pointer]
    private var portion: [Pointer] = []
    private var next = 0
    private var isAtEnd = false

    init(_ journal: BlobJournal) { read = { try journal.files(after: $0, atMost: $1) } }

    init(_ journal: JournalReader) { read = { try journal.files(after: $0, atMost: $1) } }

    /// The first file that does not stand before a hash.
    mutating func pass(to oid: ContentHash) throws -> Pointer? {
        while true {
            while next < portion.count {
                if portion[next].oid >= oid { return portion[next] }
                next += 1
            }
            if isAtEnd { return nil }
            portion = try read(portion.last?.oid, Self.portion)
            next = 0
            isAtEnd = portion.count < Self.portion
        }
    }
}
