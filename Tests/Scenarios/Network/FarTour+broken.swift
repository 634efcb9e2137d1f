import Catalog
import Files
import TestSupport
import Testing

/// The same with a way to the server that breaks.
extension FarTour {
    /// Behind a web server, at the other end of a path that breaks connections.
    static func overBrokenWeb(_ body: (FarTour, BrokenPath) throws -> Void) throws {
        var paths: [BrokenPath] = []
        defer { for path in paths { path.stop() } }
        var settings = WebServer.Settings()
        settings.handsOutFiles = true
        try overWeb(
            .giftless, settings,
            through: { port in
                let path = try BrokenPath(to: port)
                paths.append(path)
                return path.port
            }, { tour, _ in try body(tour, paths[0]) })
    }

    /// Behind a web server, with somebody on the way who answers in its place.
    static func overFalseWeb(_ body: (FarTour, WebPath) throws -> Void) throws {
        var paths: [WebPath] = []
        defer { for path in paths { path.stop() } }
        try overWeb(
            through: { port in
                let path = try WebPath(to: port)
                paths.append(path)
                return path.port
            }, { tour, _ in try body(tour, paths[0]) })
    }

    /// Reached by ssh, through a path that breaks connections.
    static func overBrokenSSH(_ body: (FarTour, BrokenPath) throws -> Void) throws {
        var paths: [BrokenPath] = []
        defer { for path in paths { path.stop() } }
        try overSSH(
            through: { port in
                let path = try BrokenPath(to: port)
                paths.append(path)
                return path.port
            }, { tour, _ in try body(tour, paths[0]) })
    }

    /// A way to reach the remote: what is promised of a broken path is promised of each.
    enum Way: String, CaseIterable, CustomTestStringConvertible {
        case web, ssh
        var testDescription: String { rawValue }
    }

    /// The one or the other.
    static func over(_ way: Way, _ body: (FarTour, BrokenPath) throws -> Void) throws {
        switch way {
        case .web: try overBrokenWeb(body)
        case .ssh: try overBrokenSSH(body)
        }
    }

    /// Ana adds a song and edits one, so that there is something to push, of so many bytes.
    func work(_ number: Int, frames: Int = 4_000) throws {
        let sound = try studio.sound(
            FilePath("work \(number).wav"), seed: UInt64(1_000 + number), frames: frames)
        try at("ana", "add", "--no-analyze", Word(sound)).done()
        try at("ana", "edit", "song 1", "comment=\(Word("\(number)"))").done()
    }

    /// A sync that comes to nothing leaves the store as it was, says so in one line, and takes no longer than so long.
    func expectFailure(
        of laptop: String, _ status: Int32, _ code: String, saying words: String? = nil,
        within seconds: Double = 20,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let head = try head(laptop)
        let watch = Stopwatch()
        let outcome = try json(laptop, "sync")
        try outcome.expectFailure(status, code, sourceLocation: location)
        #expect(watch.seconds < seconds, "\(watch.seconds) s: \(outcome)", sourceLocation: location)
        let error = try outcome.json()["error"]
        let text = (error?["message"]?.asString ?? "") + "; " + (error?["hint"]?.asString ?? "no hint")
        if let words { #expect(text.contains(words), "\(outcome)", sourceLocation: location) }
        #expect(error?["hint"]?.asString?.isEmpty == false, "\(outcome)", sourceLocation: location)
        #expect(try self.head(laptop) == head, "\(outcome)", sourceLocation: location)
    }

    /// Over a sound path both come together again.
    func comeTogether() throws { for laptop in ["ana", "ben", "ana"] { try at(laptop, "sync").done() } }
}
