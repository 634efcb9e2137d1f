import Files
import Guests
import Offbeat
import Serving
import Synchronization

/// Where one guest works. Its library is closed while a person keeps its work, and when it leaves.
final class GuestPlace: Sendable {
    let id: GuestID
    let path: FilePath
    /// Until when it may be used, in milliseconds since 1970.
    let end: Int64
    private let opened: Mutex<Library?>

    init(_ scratch: Scratch, _ library: Library) {
        (id, path, end) = (scratch.id, scratch.path, scratch.pass.expires)
        opened = Mutex(library)
    }

    /// The guest's library; nil while it is closed.
    var library: Library? { opened.withLock { $0 } }

    func close() { opened.withLock { $0 = nil } }

    func reopen(_ library: Library) { opened.withLock { $0 = library } }
}

/// The guests that were let in, each in a scratch store of its own that goes when its guest does.
final class GuestHouse: Sendable {
    private let library: Library
    private let settings: PageSettings
    private let state = Mutex(State())

    private struct State {
        var places: [GuestID: GuestPlace] = [:]
        /// Those who left, and whose stores somebody may still be about to let go of.
        var leaving: Set<GuestID> = []
        /// How many are just being made.
        var coming = 0
    }

    init(of library: Library, _ settings: PageSettings) { (self.library, self.settings) = (library, settings) }

    /// All that are here.
    var places: [GuestPlace] { state.withLock { Array($0.places.values) } }

    subscript(id: GuestID) -> GuestPlace? { state.withLock { $0.places[id] } }

    /// Lets one in.
    func start() throws -> GuestPlace {
        let hasRoom = state.withLock { state in
            let hasRoom = state.places.count + state.coming + state.leaving.count < settings.guestLimit
            if hasRoom { state.coming += 1 }
            return hasRoom
        }
        guard hasRoom else {
            throw Refusal(
                503, "as many guests are here as there is room for", code: "over-limit",
                headers: ["Retry-After": "60"])
        }
        defer { state.withLock { $0.coming -= 1 } }
        let made = try library.startGuest(for: nil, settings.guestLimits)
        let place = try withExtendedLifetime(made.use) {
            GuestPlace(made.guest, try Library(at: made.guest.path, context: library.context))
        }
        state.withLock { $0.places[place.id] = place }
        return place
    }

    /// Lets one go: nothing of it stays, once nobody works for it any more. ``sweep()`` sees to that.
    func leave(_ place: GuestPlace) {
        place.close()
        state.withLock { state in
            if state.places.removeValue(forKey: place.id) != nil { state.leaving.insert(place.id) }
        }
    }

    /// Takes away the stores of those who left; what somebody still works in stays until next time. Answers whether any does.
    func sweep() -> Bool {
        for id in state.withLock({ $0.leaving }) {
            do throws(Failure) { _ = try library.endGuest(id.hex) } catch {
                if error.code == .locked { continue }
                if error.code != .notFound {
                    settings.log(
                        "the store of guest \(id.hex.prefix(8)) is left to the next command: \(error.message)")
                }
            }
            state.withLock { _ = $0.leaving.remove(id) }
        }
        return state.withLock { !$0.leaving.isEmpty }
    }

    /// Closes all, at the end, and takes away the stores of those who have sent their work to nobody: no cookie leads to them again.
    func closeAll() {
        for place in places {
            if place.library?.workOffered == nil { leave(place) } else { place.close() }
        }
        _ = sweep()
    }

    /// Runs a step on a guest's store that needs it closed. When it fails, the guest goes on as before.
    func withClosed<Value>(_ place: GuestPlace, _ step: () throws(Failure) -> Value) throws -> Value {
        place.close()
        do {
            let value = try patiently(step)
            state.withLock { _ = $0.places.removeValue(forKey: place.id) }
            return value
        } catch {
            if let library = try? Library(at: place.path, context: library.context) { place.reopen(library) }
            throw error
        }
    }

    /// The guest's own requests let go of its library when they are answered.
    private func patiently<Value>(_ step: () throws(Failure) -> Value) throws -> Value {
        let watch = Stopwatch()
        while true {
            do throws(Failure) { return try step() } catch {
                guard error.code == .locked, watch.seconds < Self.patience else { throw error }
            }
            SystemClock.sleep(seconds: 0.01)
        }
    }

    private static let patience = 1.5
}
