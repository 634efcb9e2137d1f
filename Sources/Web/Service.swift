import Offbeat
import Serving

/// All that requests share.
final class Service: Sendable {
    let library: Library
    let settings: PageSettings
    let door: Door
    let events: EventHub
    let lists = ListShelf()
    private let router: Router
    private let page: PageFiles

    init(_ library: Library, _ settings: PageSettings) throws(Failure) {
        (self.library, self.settings) = (library, settings)
        page = try PageFiles(in: settings.folder)
        door = Door(of: library, settings)
        events = EventHub(of: library)
        router = Router(API.routes)
    }

    /// Begins what goes on beside requests.
    func begin(at port: UInt16) {
        door.open(at: port)
        events.begin()
    }

    /// Ends it.
    func stop() { events.stop() }

    /// Answers a request; what is refused is an answer too.
    func answer(_ request: Request) -> Response {
        do {
            try door.requireOwnName(request)
            if request.path.first == "api" { return try router.answer(request, of: self) }
            return try page.answer(request, of: self)
        } catch { return ProblemAnswer(error).response }
    }
}
