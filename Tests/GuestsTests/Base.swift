import Catalog
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

@testable import Guests

/// A store with records, and a clock that tests set.
struct Base {
    let path: FilePath
    let store: Store
    let person: Person
    let clock = TestClock(1_800_000_000_000)
    let context: StoreContext

    init(in folder: FilePath, records: Int = 3) throws {
        path = folder.appending("store")
        let clock = clock
        context = StoreContext(
            now: { clock.value }, utcOffset: { _ in 0 }, machine: [1], patience: 5)
        let made = try Store.create(
            at: path, seed: StoreSeed(name: "Band", handle: Handle("ana")), context: context)
        (store, person) = (made.store, try #require(made.person))
        try write(records)
    }

    /// Adds records, here or in a store over this one.
    @discardableResult
    func write(_ count: Int, in other: Store? = nil) throws -> Version {
        let names = clock.value
        return try (other ?? store).write(by: person) { draft in
            for number in 0..<count {
                let handle = try #require(Handle("p\(names % 1_000_000)-\(number)"))
                try draft.put(Person(id: draft.newID(), handle: handle, created: draft.stamp()))
            }
            return "Add \(count) records"
        }
    }

    /// Starts a guest, and opens its store for as long as the test likes.
    func start(_ fill: (inout GuestRequest) -> Void = { _ in }) throws -> Scratch {
        var request = GuestRequest(for: person)
        fill(&request)
        return try scratches.start(request).scratch
    }

    var scratches: Scratches { Scratches(over: store) }

    /// Everything that lies in the folder of scratch stores.
    var names: [String] {
        get throws {
            let folder = path.appending("scratch")
            return FileSystem.exists(folder) ? try FileSystem.list(folder).map(\.name.string).sorted() : []
        }
    }

    func pass(seconds: UInt64) { clock.add(seconds * 1000) }
}

/// A number that several threads may read and raise.
final class TestClock: Sendable {
    private let held: Mutex<UInt64>

    init(_ value: UInt64) { held = Mutex(value) }

    var value: UInt64 { held.withLock { $0 } }

    func add(_ more: UInt64) { held.withLock { $0 += more } }
}

func withBase<R>(records: Int = 3, _ body: (Base) throws -> R) throws -> R {
    try withTemporaryDirectory { try body(try Base(in: $0, records: records)) }
}

/// The error that `body` ends in.
func guestError(
    _ code: GuestError.Code, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> GuestError {
    let thrown = #expect(throws: GuestError.self, sourceLocation: location) { _ = try body() }
    let error = try #require(thrown, sourceLocation: location)
    #expect(error.code == code, "\(error)", sourceLocation: location)
    #expect(!error.description.utf8.contains(UInt8(ascii: "\n")), sourceLocation: location)
    return error
}
