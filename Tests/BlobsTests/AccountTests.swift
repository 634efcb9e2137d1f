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

    /// The system lets go of a process's locks on a file when any descriptor of that process for it is closed.
    @Test func `Who has the journal open keeps the locks on it`() throws {
        try withStore { store, folder in
            try store.journal.rebuild()
            let inode = try FileSystem.status(of: store.directory.appending("journal")).inode
            func locks() throws -> Int {
                let table = String(
                    decoding: try FileDescriptor.open("/proc/locks", .read).readAll(limit: 1 << 24), as: UTF8.self)
                return table.split(separator: "\n").count { $0.contains("POSIX") && $0.contains(":\(inode) ") }
            }
            let held = try locks()
            #expect(held > 0)
            _ = try store.journal.account(copyingTo: folder.appending("scratch"))
            _ = try store.journal.look(copyingTo: folder.appending("scratch"))
            #expect(try locks() == held)
        }
    }
}
