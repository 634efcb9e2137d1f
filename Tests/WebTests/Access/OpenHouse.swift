import Catalog
import Files
import HTTP
import Offbeat
import Store
import Synchronization
import TestSupport

@testable import Web

/// A library of several people that is served, with a clock that tests set forward.
final class OpenHouse: Sendable {
    private let ahead = Mutex<UInt64>(0)

    /// Lets time pass, for whoever asks for it.
    func pass(hours: Double) { ahead.withLock { $0 += UInt64(hours * 3_600_000) } }

    private var context: StoreContext {
        StoreContext(
            now: { UInt64(SystemClock.wallMilliseconds()) + self.ahead.withLock { $0 } }, utcOffset: { _ in 60 },
            machine: Array("web".utf8))
    }

    /// Calls `body` with a library that these people use.
    static func with(
        sharing: Sharing = .everyone, people: [String] = ["ana", "ben"],
        _ change: (inout PageSettings) -> Void = { _ in }, _ body: (Stage, OpenHouse) throws -> Void
    ) throws {
        let house = OpenHouse()
        try withTemporaryDirectory { folder in
            let library = try Library.create(
                at: folder.appending("store"),
                seed: StoreSeed(name: "Band", sharing: sharing, handle: people.first.flatMap { Handle($0) }),
                context: house.context)
            for name in people.dropFirst() {
                guard let handle = Handle(name) else { continue }
                _ = try library.session().addPerson(handle, name: nil, email: nil)
            }
            var settings = PageSettings(folder: Stage.pages)
            settings.port = 0
            change(&settings)
            let server = try PageServer(library, settings)
            defer { server.stop(within: 1) }
            try body(Stage(folder: folder, library: library, server: server), house)
        }
    }
}

extension Stage {
    /// The headers of somebody who names a token.
    static func by(_ token: String) -> HTTPHeaders { ["Authorization": "Bearer \(token)"] }

    /// Comes in, and answers the headers of that browser.
    func browser(_ credentials: JSON) throws -> HTTPHeaders {
        let reply = try ask(.post, "/api/session", credentials, headers: [:])
        let cookie = (reply.headers["Set-Cookie"] ?? "").prefix { $0 != ";" }
        return ["Cookie": String(cookie), "Origin": server.url]
    }

    /// The same store as another process would open it.
    func another() throws -> Library {
        try Library(at: library.path, context: library.context)
    }

    /// The folders of guests' stores.
    func scratches() throws -> [String] {
        let folder = library.path.appending("scratch")
        guard FileSystem.exists(folder) else { return [] }
        return try FileSystem.list(folder).map(\.name.string)
    }
}

/// Waits until something holds; false where it does not within some seconds.
func eventually(within seconds: Double = 5, _ condition: () -> Bool) -> Bool {
    let watch = Stopwatch()
    while watch.seconds < seconds {
        if condition() { return true }
        SystemClock.sleep(seconds: 0.005)
    }
    return condition()
}
