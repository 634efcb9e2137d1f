import Catalog
import Files
import Store
import Synchronization
import TestSupport
import Testing

@testable import Guests

@Suite struct ScratchUseTests {
    private static func context(patience: Double) -> StoreContext {
        StoreContext(
            now: { 1_800_000_000_000 }, utcOffset: { _ in 0 }, machine: Array("this machine".utf8),
            patience: patience)
    }

    /// Calls `body` with a scratch store that nobody is at work in.
    private static func withScratch(_ body: (Scratch) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let seed = StoreSeed(name: "Band", handle: Handle("ana"))
            let store = try Store.create(at: folder.appending("store"), seed: seed, context: context(patience: 1))
                .store
            try body(try Scratches(over: store).start(GuestRequest()).scratch)
        }
    }

    /// Whoever asks whether a scratch store is in use has its lock alone for a moment.
    @Test func whoOnlyAsksHoldsNobodyOff() throws {
        try Self.withScratch { scratch in
            let alone = Mutex(try ScratchUse.take(scratch.path, shared: false))
            #expect(alone.withLock { $0 != nil })
            let isWaiting = Atomic(false)
            let work = BackgroundWork {
                isWaiting.store(true, ordering: .releasing)
                _ = try scratch.enter(Self.context(patience: 60))
            }
            while !isWaiting.load(ordering: .acquiring) { SystemClock.sleep(seconds: 0.001) }
            alone.withLock { $0 = nil }
            try work.wait()
        }
    }

    @Test func whoIsBeingEndedIsNotEntered() throws {
        try Self.withScratch { scratch in
            let alone = try ScratchUse.take(scratch.path, shared: false)
            withExtendedLifetime(alone) {
                let failure = #expect(throws: GuestError.self) { () throws in
                    _ = try scratch.enter(Self.context(patience: 0.01))
                }
                #expect(failure?.code == .inUse)
            }
        }
    }
}
