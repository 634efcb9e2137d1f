import Catalog
import Files
import TestSupport
import Testing

/// A band whose posts go out, on laptops that share a remote.
///
/// Ana owns the workspace, whoever has another laptop approves, Cara writes. Posts are handed to a program that notes each
/// hand-off in a file outside of everything: what is in there went out, whatever the records say.
struct Band {
    let tour: Tour
    let laptops: [String]
    let receiver: FilePath

    var studio: Studio { tour.studio }

    /// Makes the workspace, which all laptops hold then.
    static func with(_ others: [String] = ["ben"], _ body: (Band) throws -> Void) throws {
        try Tour.with(others) { tour in
            let band = Band(
                tour: tour, laptops: ["ana"] + others, receiver: tour.studio.root.appending("receiver"))
            try band.prepareReceiver()
            try band.at("ana", "user", "add", "cara").done()
            try band.at("ana", "workspace", "add", "band", "--zone", "UTC").done()
            for other in others {
                try band.at("ana", "workspace", "member", "add", "band", Word(other), "--role", "approver").done()
            }
            try band.at("ana", "workspace", "member", "add", "band", "cara", "--role", "editor").done()
            try band.nameReceiver(on: ["ana"])
            try band.at("ana", "sync").done()
            for other in others { try band.at(other, "sync").done() }
            try band.nameReceiver(on: others)
            try body(band)
        }
    }

    // MARK: The receiver

    /// What the program does before it notes what it was given, and after.
    enum Moment: String { case before, after }

    private func prepareReceiver() throws {
        try FileSystem.makeDirectory(receiver)
        try FileSystem.write(
            """
            place=$1
            if [ -e "$place/before" ]; then . "$place/before"; fi
            line=$(tr -d "\\n")
            # What could not be noted was not taken.
            printf '%s\\n' "$line" >>"$place/received" || exit 75
            if [ -e "$place/after" ]; then . "$place/after"; fi
            """, to: receiver.appending("receive.sh"))
    }

    func nameReceiver(on laptops: [String]) throws {
        for laptop in laptops {
            try at(
                laptop, "workspace", "target", "band", "command", "--", "sh",
                Word(receiver.appending("receive.sh")), Word(receiver)
            ).done()
        }
    }

    /// Has the program run these words of the shell, or none.
    func receive(_ moment: Moment, _ script: String?) throws {
        let file = receiver.appending(FilePath(moment.rawValue))
        try FileSystem.remove(file)
        if let script { try FileSystem.write(script + "\n", to: file) }
    }

    /// What was handed over so far.
    func received() throws -> [JSON] {
        let bytes = try FileSystem.readIfExists(receiver.appending("received")) ?? []
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON.parse(Array($0)) }
    }

    /// The texts of what was handed over.
    func texts() throws -> [String] { try received().compactMap { $0["text"]?.asString } }

    func forgetReceived() throws { try FileSystem.remove(receiver.appending("received")) }

    // MARK: What is said at a laptop

    /// The time, in minutes after noon of the day.
    static func clock(_ minutes: Int) -> String {
        let (hour, minute) = ((720 + minutes) / 60, (720 + minutes) % 60)
        return "2031-01-01T\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute):00"
    }

    func time(_ minutes: Int) -> [String: String] { ["OFFBEAT_NOW": "\(Self.clock(minutes))Z"] }

    /// Runs a command at somebody's laptop in the morning of that day.
    func at(_ laptop: String, minute: Int = -60, _ words: Word...) throws -> Outcome {
        try studio.offbeat(words: call(laptop, words), adding: time(minute))
    }

    private func call(_ laptop: String, _ words: [Word]) -> [Word] {
        ["--json", "--store", Word(tour.store(laptop))] + words
    }

    func start(_ laptop: String, minute: Int, _ words: Word...) throws -> Studio.Running {
        try studio.start([Word(Scenarios.program())] + call(laptop, words), adding: time(minute))
    }

    func publishDue(_ laptop: String, minute: Int) throws -> Outcome {
        try at(laptop, minute: minute, "publish", "--due")
    }

    /// Hands a post in; if it has a time, that is in minutes after noon.
    func pending(_ text: String, on laptop: String = "ana", at minute: Int? = nil, _ words: Word...) throws -> Word
    {
        let schedule: [Word] = minute.map { ["--at", Word(Self.clock($0))] } ?? []
        let call = call(laptop, ["--user", "cara", "post", "new", "-w", "band", "--submit"] + schedule + words)
        let made = try studio.offbeat(words: call + [Word(text)], adding: time(-60)).done().json()
        return Word(try #require(made["id"]?.asString))
    }

    /// A post that may go out, which is on Ana's laptop alone so far.
    func approved(_ text: String, at minute: Int? = nil, _ words: Word...) throws -> Word {
        let id = try pending(text, at: minute)
        try at("ana", "post", "approve", id).done()
        return id
    }

    /// The same, on all laptops.
    func sharedPost(_ text: String, at minute: Int? = nil) throws -> Word {
        let id = try approved(text, at: minute)
        try syncAll(minute: -60)
        return id
    }

    /// All laptops hold the same then.
    func syncAll(minute: Int) throws {
        for laptop in laptops + laptops.dropLast() { try at(laptop, minute: minute, "sync").done() }
    }

    func post(_ id: Word, on laptop: String = "ana", minute: Int = 0) throws -> JSON {
        try at(laptop, minute: minute, "post", "show", id).done().json()
    }

    func state(_ id: Word, on laptop: String = "ana") throws -> String? {
        try post(id, on: laptop)["state"]?.asString
    }

    // MARK: What must be in the end

    /// The claims that stand at a repository.
    func claims(at place: FilePath? = nil) throws -> [String] {
        try studio.git("for-each-ref", "--format=%(refname)", "refs/offbeat/claims", in: place ?? tour.remote)
            .done()
            .text.split(separator: "\n").map(String.init)
    }

    /// After syncing, all laptops say that of the posts, nobody finds a fault, and no claim stands but of an attempt whose
    /// end nobody knows.
    func expectEnd(
        _ state: String, of ids: [Word], minute: Int, location: SourceLocation = #_sourceLocation
    ) throws {
        try syncAll(minute: minute)
        for laptop in laptops {
            for id in ids {
                let found = try post(id, on: laptop, minute: minute)
                #expect(found["state"]?.asString == state, "\(laptop): \(found)", sourceLocation: location)
            }
            try at(laptop, minute: minute, "fsck", "--remote").done()
        }
        let claims = try claims()
        #expect(
            state == "needs-attention" ? claims.count <= ids.count : claims == [], "\(claims)",
            sourceLocation: location)
        try tour.expectTogether(laptops, location: location)
    }
}

extension Outcome {
    /// The texts or ids of what a publishing reports under a key.
    func told(_ key: String) throws -> [JSON] { try json()[key]?.asArray ?? [] }
}
