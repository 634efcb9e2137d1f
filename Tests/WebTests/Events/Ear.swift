import Catalog
import Dispatch
import Files
import HTTP
import Synchronization

@testable import Web

/// Somebody who listens to the events of a stage, until that ends them or it is gone.
final class Ear: Sendable {
    struct Event: Sendable {
        var name = ""
        var id = ""
        var data = ""

        var json: JSON { (try? JSON.parse(Array(data.utf8))) ?? .null }
    }

    private struct State {
        var text = ""
        var status = 0
        var hasEnded = false
    }

    private let state: Mutex<State>

    /// Begins to listen, and waits until the server has answered.
    init(at stage: Stage, _ headers: HTTPHeaders? = nil, since last: String? = nil) throws {
        state = Mutex(State())
        var headers = headers ?? Stage.by(stage.server.token)
        headers["Last-Event-ID"] = last
        let (url, lines) = (try HTTPURL(stage.server.url + "/api/events"), headers)
        DispatchQueue.global().async { [weak self] in
            let request = HTTPRequest(.get, url, headers: lines)
            let response = try? HTTPClient().send(request) { bytes in
                guard let self else { return false }
                self.state.withLock { $0.text += String(decoding: bytes, as: UTF8.self) }
                return true
            }
            self?.state.withLock { state in
                state.hasEnded = true
                state.status = response?.status ?? 0
            }
        }
        _ = eventually { !self.ids.isEmpty || self.hasEnded }
    }

    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    var status: Int { state.withLock { $0.status } }

    private var blocks: [Event] {
        state.withLock { $0.text }.split(separator: "\n\n").map { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            }
            return event
        }
    }

    /// All ids that came, with that of the beginning.
    var ids: [UInt64] { blocks.compactMap { UInt64($0.id) } }

    /// What came by now.
    func events(_ name: String? = nil) -> [Event] {
        blocks.filter { !$0.name.isEmpty && (name == nil || $0.name == name) }
    }

    /// Waits for an event.
    func hears(_ name: String, within seconds: Double = 5, _ isMeant: (JSON) -> Bool = { _ in true }) -> Bool {
        eventually(within: seconds) { events(name).contains { isMeant($0.json) } }
    }
}

extension JSON {
    /// Whether a list of changes has one with that id.
    func names(_ id: String) -> Bool { self["changes"]?.asArray?.contains { $0["id"] == .string(id) } ?? false }
}
