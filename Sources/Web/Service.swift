import Files
import Guests
import Offbeat
import Serving
import Synchronization

/// All that requests share, and what goes on beside them.
final class Service: Sendable {
    let library: Library
    let settings: PageSettings
    let door: Door
    let events: EventHub
    let lists = ListShelf()
    /// Analyses what came in.
    let analyses: AnalysisLine
    /// Syncs, and brings out posts.
    let sync: SyncDesk
    private let router: Router
    private let page: PageFiles
    private let housekeeping: Housekeeping
    private let attention: Attention
    private let threads = Mutex<[BackgroundWork]>([])

    init(_ library: Library, _ settings: PageSettings) throws(Failure) {
        (self.library, self.settings) = (library, settings)
        page = try PageFiles(in: settings.folder)
        router = Router(API.routes)
        let door = Door(of: library, settings)
        let events = EventHub(of: library, door, log: settings.invalidationLog)
        let tell: @Sendable (Happening, Library) -> Void = { events.tell($0, in: $1) }
        let attention = Attention()
        (self.door, self.events, self.attention) = (door, events, attention)
        let analyses = AnalysisLine(of: library, log: settings.log, tell: tell)
        self.analyses = analyses
        sync = SyncDesk(
            of: library, settings, isLookedAt: { events.hasListeners || attention.isRecent }, tell: tell,
            onArrival: { analyses.add($0, in: library) })
        housekeeping = Housekeeping(
            Housekeeping.Chores(
                sweep: {
                    for guest in door.sweep() { Self.dismiss(guest, door, events, analyses) }
                    return door.guests.sweep()
                },
                clean: { Self.clean(library, settings) },
                warm: { workspace, visitor in
                    guard let tracks = try? visitor.session().warmHistory(of: workspace) else { return }
                    analyses.add(tracks, in: visitor.library)
                }))
    }

    // MARK: From the beginning to the end

    /// Begins what goes on beside requests.
    func begin(at port: UInt16) {
        door.open(at: port)
        if !settings.analyzesArrivals { analyses.stop() }
        // What another program adds it analyses itself, most likely: it gets a while for that.
        let own = library.observeMoves { [attention] version in attention.noteOwn(version) }
        events.begin { [analyses, attention] step, library in
            let isOwn = library.guest != nil || attention.isOwn(step.to.version)
            analyses.add(step, in: library, after: isOwn ? 0 : Self.courtesy)
            withExtendedLifetime(own) {}
        }
        threads.withLock { [analyses, sync, housekeeping] threads in
            threads = [
                BackgroundWork { analyses.run() }, BackgroundWork { sync.run() },
                BackgroundWork { housekeeping.run() },
            ]
        }
    }

    private static let courtesy = 2.0

    /// Lets all that goes on beside requests come to its end, and ends the streams of events. Does not wait.
    func stop() {
        analyses.stop()
        sync.stop()
        housekeeping.stop()
        events.stop()
    }

    /// Waits until nothing goes on any more, once no request is answered either; nothing of guests stays but what they have sent
    /// to somebody.
    func end() {
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { try? thread.wait() }
        door.guests.closeAll()
    }

    private static func clean(_ library: Library, _ settings: PageSettings) {
        library.sweepGuests()
        do throws(Failure) { _ = try library.cleanCache() } catch {
            settings.log("what is kept was not cleaned up: \(error.message)")
        }
    }

    // MARK: Guests

    /// Lets a guest in.
    func welcomeGuest() throws -> GuestPlace {
        let place = try door.guests.start()
        if let library = place.library { events.add(library, of: place.id) }
        return place
    }

    /// Lets a guest go: its store is taken away as soon as the last request of it is answered.
    func dismiss(_ guest: GuestPlace) {
        Self.dismiss(guest, door, events, analyses)
        housekeeping.look()
    }

    private static func dismiss(_ guest: GuestPlace, _ door: Door, _ events: EventHub, _ analyses: AnalysisLine) {
        door.sessions.remove(guest: guest.id)
        analyses.forget(guest.id)
        events.remove(guest.id)
        door.guests.leave(guest)
    }

    /// Runs a step that takes a guest's store away. When it fails, the guest goes on as before.
    func withClosed<Value>(_ id: GuestID, _ step: () throws(Failure) -> Value) throws -> Value {
        guard let place = door.guests[id] else { return try step() }
        events.remove(id)
        analyses.forget(id)
        do {
            let value = try door.guests.withClosed(place, step)
            door.sessions.remove(guest: id)
            return value
        } catch {
            if let library = place.library { events.add(library, of: id) }
            throw error
        }
    }

    // MARK: Requests

    /// Answers a request; what is refused is an answer too.
    func answer(_ request: Request) -> Response {
        attention.note()
        var response: Response
        do {
            try door.requireOwnName(request)
            if request.path.first == "api" {
                response = try router.answer(request, of: self)
                if response.headers["Cache-Control"] == nil {
                    // What a client holds it asks for again each time, and nobody in between holds anything.
                    response.headers["Cache-Control"] =
                        response.headers["ETag"] == nil ? "no-store" : "private, no-cache"
                }
            } else {
                response = try page.answer(request, of: self)
            }
        } catch {
            response = ProblemAnswer(error).response
            response.headers["Cache-Control"] = "no-store"
        }
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        // Nothing that somebody has uploaded is ever run as a page of ours.
        if response.headers["Content-Security-Policy"] == nil {
            response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
        }
        return response
    }

    /// Notes that somebody asks for what is of a workspace: what they will ask for next is made ready.
    func noteOpening(_ request: Request, by visitor: Visitor?) {
        guard request.method == "GET", request.path.count > 2, request.path[1] == "workspaces", let visitor else {
            return
        }
        open(request.path[2], by: visitor)
    }

    /// Makes a workspace ready for somebody who has opened it.
    func open(_ workspace: String, by visitor: Visitor) {
        housekeeping.open(workspace, by: visitor)
    }
}
