import Files
import Guests
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// Keeping a guest's work comes to the same as if its person had done it on another computer, and then synced.
@Suite struct KeepModelTests {
    private static let histories = 6
    private static let deeds = 30

    @Test(arguments: 0..<histories)
    func keepingEqualsMerging(_ history: Int) throws {
        var chance = SeededRandom(seed: Seed.current &+ UInt64(history))
        try withBand { place in
            var before = GuestDeed(sounds: place.sounds, chance: SeededRandom(seed: chance.next()))
            for _ in 0..<8 { try after(1, at: place) { _ = try before.act(in: place.session("ana")) } }
            // The same clock and the same chance for both, so that they give the same stamps and ids.
            let (seed, laptopFolder) = (chance.next(), place.folder.appending("laptop"))
            var guest: Library? = try place.guest(for: "ana", context: Self.context(of: place, seed))
            let id = try #require(guest).guestID
            let laptop = try Place(in: laptopFolder, copying: place)
            let library = try Library(at: laptop.path, context: Self.context(of: place, seed))
            var deeds = [UInt64](repeating: chance.next(), count: 2).map {
                GuestDeed(sounds: place.sounds, chance: SeededRandom(seed: $0))
            }
            var others = GuestDeed(sounds: place.sounds, chance: SeededRandom(seed: chance.next()))
            for _ in 0..<Self.deeds {
                try after(1, at: place) {
                    let done = try deeds[0].act(in: #require(guest).session())
                    #expect(try deeds[1].act(in: library.session(as: "ana")) == done, "\(chance)")
                }
                if Bool.random(using: &chance) {
                    try after(1, at: place) {
                        _ = try others.act(
                            in: place.session(["ana", "ben"].randomElement(using: &chance) ?? "ana"))
                    }
                }
            }
            guest = nil
            try expectEqual(keeping: id, of: place, merging: laptop, "\(chance)")
        }
    }

    private func expectEqual(keeping id: String, of place: Place, merging laptop: Place, _ seed: String) throws {
        let control = try Place(in: place.folder.appending("control"), copying: place)
        let fetched = try run(
            command: "git",
            arguments: [
                "-C", control.path.string, "fetch", "-q", laptop.path.string, "+main:refs/remotes/laptop/main",
            ],
            environment: hermeticEnvironment(home: place.folder))
        try #require(fetched.status == 0, "\(fetched.stderr)")
        let merged = try control.store.takeIn(laptop.library.version(), because: "Sync")
        let kept = try place.session("ana").keepGuest(id)
        #expect(try place.git("rev-parse", "main^{tree}") == control.git("rev-parse", "main^{tree}"), "\(seed)")
        #expect(kept.absorbed.report.conflicts.count == merged.report.conflicts.count, "\(seed)")
        #expect(
            try place.git("rev-list", "--count", "\(kept.absorbed.from)..main")
                == (kept.absorbed.from == kept.absorbed.to ? "0\n" : "1\n"))
        #expect(try place.scratches.isEmpty, "\(seed)")
        try place.expectSound()
    }

    private func after(_ seconds: UInt64, at place: Place, _ body: () throws -> Void) throws {
        place.clock.pass(seconds: seconds)
        try body()
    }

    private static func context(of place: Place, _ seed: UInt64) -> StoreContext {
        let chance = Mutex(SeededRandom(seed: seed))
        var context = place.clock.context
        context.random = RandomSource { chance.withLock { $0.next() } }
        return context
    }
}
