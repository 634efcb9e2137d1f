import Blobs
import Files
import TestSupport
import Testing

/// What stands in the journal, read without a change.
@Suite struct AccountTests {
    @Test func `A batch at work has notes, and files of its own`() throws {
        try withStore { store, folder in
            let scratch = folder.appending("scratch")
            try FileSystem.makeDirectory(scratch)
            #expect(try store.journal.account(copyingTo: scratch) == nil)
            let batch = try store.beginBatch()
            let put = try batch.put(bytes: Array("sound".utf8))
            try batch.flush()
            let noted = try #require(try store.journal.account(copyingTo: scratch))
            #expect(noted.totals.files == 0)
            #expect(noted.notes.map(\.files) == [[put.oid]] && noted.notes[0].isAlive)
            #expect(noted.notes[0].owner == batch.temporary.name)
            try batch.publish()
            try batch.syncDirectories()
            let settled = try #require(try store.journal.account(copyingTo: scratch))
            #expect(settled.totals.files == 1 && settled.totals.bytes == 5)
            #expect(try FileSystem.list(scratch).isEmpty)
        }
    }
}
