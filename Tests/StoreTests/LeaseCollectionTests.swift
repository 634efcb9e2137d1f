import Blobs
import Files
import Store
import Synchronization
import TestSupport
import Testing

/// Who pushes to a store is about to name files in it: a collection there leaves them alone.
@Suite struct LeaseCollectionTests {
    private func lease(_ text: String, in world: World) throws -> Lease {
        try Lease(on: [audio(of: text).oid], in: world.store.blobs.directory)
    }

    @Test func whatSomebodyIsAboutToNameStays() throws {
        try withWorld { world in
            try putFiles("pushed", "orphan", in: world.store)
            let lease = try lease("pushed", in: world)
            #expect(try world.collect().quarantined == 1)
            #expect(world.here("pushed", "orphan") == [true, false])
            lease.release()
            #expect(try world.collect().quarantined == 1)
            #expect(world.here("pushed") == [false])
        }
    }

    @Test func aLeaseOfYesterdayHoldsNothing() throws {
        try withWorld { world in
            try putFiles("pushed", in: world.store)
            let lease = try lease("pushed", in: world)
            let folder = world.store.blobs.directory.appending("leases")
            let name = try #require(try FileSystem.list(folder).first).name
            let list = folder.appending(name).appending("files")
            let aged = try run(command: "touch", arguments: ["-d", "25 hours ago", list.string])
            try #require(aged.status == 0)
            #expect(try world.collect().quarantined == 1)
            withExtendedLifetime(lease) {}
        }
    }

    /// The file is seen by the one who pushes after the collection has decided, and before it is gone.
    @Test func aLeaseThatComesBetweenIsHonoured() throws {
        try withWorld { world in
            try putFiles("pushed", "orphan", in: world.store)
            let lease = Mutex<Lease?>(nil)
            let outcome = try world.collect { request in
                request.report = { what, _ in
                    guard what == "Moving files" else { return }
                    lease.withLock { $0 = try? self.lease("pushed", in: world) }
                }
            }
            #expect(lease.withLock { $0 != nil })
            #expect(outcome.quarantined == 1)
            #expect(world.here("pushed", "orphan") == [true, false])
            #expect(try world.store.blobs.journal.differences().isEmpty)
        }
    }
}
