import Catalog
import Digest
import Files

/// One scene with a guest, put back and disturbed as often as wanted.
struct GuestTrial {
    let scene: GuestScene
    let calls: [DisturbedCall]
    private let studio: Studio
    private let guest: StudioGuest
    private let stage: Stage
    private let known: Set<String>
    private let before: GuestPicture
    private let after: GuestPicture
    private let conflicts: Int
    private let bytes: [String: String]

    /// Prepares the place in an empty studio, and sees what is done when nothing disturbs it.
    init(_ scene: GuestScene, in studio: Studio) throws {
        self.scene = scene
        self.studio = studio
        try GuestScene.prepare(studio)
        if scene.person == nil { try studio.git("config", "--unset", "offbeat.user").done() }
        guest = try studio.startGuest(adding: GuestScene.time(1))
        try scene.work(guest)
        if scene.person == nil { try studio.offbeat("config", "set", "user", "ana").done() }
        try scene.meanwhile(studio)
        known = try studio.ids()
        stage = try Stage(studio)
        bytes = try studio.bytesOutsideScratch()
        before = try GuestPicture(of: studio, guest, knowing: known)
        let run = try studio.trace(Self.call(scene, guest), adding: GuestScene.time(10))
        if run.outcome.status != scene.status { throw Unexpected("\(run.outcome)") }
        calls = run.calls
        after = try GuestPicture(of: studio, guest, knowing: known)
        conflicts = try studio.openConflicts(adding: GuestScene.time(11))
        if before == after { throw Unexpected("\(scene) changes nothing") }
    }

    private static func call(_ scene: GuestScene, _ guest: StudioGuest, isJSON: Bool = true) throws -> [Word] {
        let store: [Word] = scene.speaker == .guest ? ["--store", Word(guest.path)] : []
        return [Word(try Scenarios.program())] + (isJSON ? ["--json"] : []) + store
            + scene.words.map { $0.description == "GUEST" ? Word(guest.id) : $0 }
    }

    /// Disturbs one call. Answers how it went, nil where the program did not come to it; tells `lose` what must not be.
    func disturb(_ number: Int, with disturbance: Disturbance, lose: (String) -> Void) throws -> String? {
        try stage.reset()
        let isJSON = number.isMultiple(of: 2)
        let run = try studio.trace(
            Self.call(scene, guest, isJSON: isJSON), disturbing: number, with: disturbance,
            adding: GuestScene.time(10))
        guard let met = run.calls.first(where: \.isMet) else { return nil }
        func tell(_ what: String) {
            lose("\(scene), \(disturbance.rawValue) at \(met.number) (\(met.name) \(met.subject)): \(what)")
        }
        expectAnswer(run.outcome, disturbance, isJSON: isJSON, tell)
        do {
            let ending = try lookAtRemains(run.outcome, tell)
            try expectTidy(tell)
            if scene.isKeeping, number.isMultiple(of: 3) {
                try goOnAfterAnEdit(from: ending, tell)
            } else {
                try goOn(from: ending, tell)
            }
            try expectSound(tell)
            return ending.rawValue
        } catch {
            tell("\(error) after \(run.outcome)")
            return "lost"
        }
    }

    /// How far it had come.
    private enum Ending: String { case before, partly, after }

    private func expectAnswer(
        _ outcome: Outcome, _ disturbance: Disturbance, isJSON: Bool, _ tell: (String) -> Void
    ) {
        if disturbance == .kill {
            if outcome.status != 137 { tell("it was not killed: \(outcome)") }
            return
        }
        if ![0, 1, 75, scene.status].contains(outcome.status) { tell("status: \(outcome)") }
        if isJSON {
            let document = try? JSON.parse(outcome.out)
            if document == nil { tell("not one document: \(outcome)") }
            let isTold =
                document?["error"]?["message"]?.asString?.contains("\n") == false
                || document?["failed"] != nil
            if outcome.status != scene.status, !isTold { tell("\(outcome)") }
        } else if outcome.status != 0, outcome.status != scene.status {
            let lines = outcome.complaint.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count != 2 || !lines[0].hasPrefix("offbeat: ") { tell("not one line: \(outcome)") }
        }
    }

    /// The library is as before or as after; what a guest does leaves its every byte alone.
    private func lookAtRemains(_ outcome: Outcome, _ tell: (String) -> Void) throws -> Ending {
        let now = try GuestPicture(of: studio, guest, knowing: known)
        if scene.speaker == .guest {
            let now = try studio.bytesOutsideScratch()
            let changed = Set(now.keys).union(bytes.keys).filter { now[$0] != bytes[$0] }
            if !changed.isEmpty { tell("a guest changed \(changed.sorted())") }
        }
        let complaints = try studio.complaintsOfGit()
        if !complaints.isEmpty { tell(complaints) }
        if now == after { return .after }
        if [0, scene.status].contains(outcome.status) {
            tell("said to be done, and is not: \(now.differences(from: after))")
        }
        if now == before { return .before }
        // Files come before the records, analyses before them too, and the guest's store goes last.
        let isWhole =
            [before, after].contains { $0.records == now.records }
            && [before, after].contains { $0.analyses == now.analyses }
        if !isWhole || !scene.isKeeping { tell("half a change: \(now.differences(from: before))") }
        return .partly
    }

    /// The next command leaves only whole guests.
    private func expectTidy(_ tell: (String) -> Void) throws {
        try studio.offbeat("ls", adding: GuestScene.time(11)).done()
        let left = try studio.scratchNames()
        if left.contains(where: { $0.utf8.count != 32 }) { tell("left behind: \(left)") }
        let listed = try studio.listedGuests(adding: GuestScene.time(11))
        if left != listed { tell("\(left) is there, \(listed) is listed") }
    }

    /// The same words again come to what they come to undisturbed.
    private func goOn(from ending: Ending, _ tell: (String) -> Void) throws {
        if scene.speaker == .guest, ending == .after { return }
        let again = try studio.run(Self.call(scene, guest), adding: GuestScene.time(12))
        let isOver = ending == .after && scene.again != 0
        if again.status != (isOver ? scene.again : scene.status), !isConflictAlreadyThere(ending, again) {
            tell("the same again: \(again)")
        }
        let now = try GuestPicture(of: studio, guest, knowing: known)
        let isSame = scene.name == "start" ? now.isEqualButForCount(after) : now == after
        if !isSame { tell("the same again: \(now.differences(from: after))") }
        let found = try studio.openConflicts(adding: GuestScene.time(13))
        if found != conflicts { tell("\(found) conflicts instead of \(conflicts)") }
    }

    /// What made conflicts the first time, and was cut off then, makes no new ones.
    private func isConflictAlreadyThere(_ ending: Ending, _ again: Outcome) -> Bool {
        scene.status == 5 && ending != .before && again.status == 0
    }

    /// A person changes what was kept, and the same is said again: the edit stands, and is no conflict if it came after.
    private func goOnAfterAnEdit(from ending: Ending, _ tell: (String) -> Void) throws {
        let song = try studio.tracks().first {
            ["song", "Guest's", "Person's"].contains($0.value["title"]?.asString ?? "")
        }
        guard let song else { return tell("the song is gone") }
        let isIn = try GuestPicture(of: studio, guest, knowing: known).records == after.records
        try studio.offbeat("edit", "\(song.key)", "artist=Mine", adding: GuestScene.time(20)).done()
        let again = try studio.run(Self.call(scene, guest), adding: GuestScene.time(21))
        let isOver = ending == .after
        let statuses: [Int32] = isOver ? [3] : isIn ? [0] : [5]
        if !statuses.contains(again.status) { tell("kept again after an edit: \(again)") }
        let found = try studio.openConflicts(adding: GuestScene.time(22))
        if found != conflicts + (isIn ? 0 : 1) { tell("\(found) conflicts instead of \(conflicts), after an edit") }
        let artist = try studio.track(song.key)["artist"]?.asString
        if artist != "Mine" { tell("the person's edit is lost: \(artist ?? "")") }
        if try !studio.tracks().values.contains(where: { $0["title"]?.asString == "new" }) {
            tell("the guest's track is lost")
        }
    }

    /// Neither git nor Offbeat finds anything wrong, in the library or with the guests.
    private func expectSound(_ tell: (String) -> Void) throws {
        let complaints = try studio.complaints()
        if !complaints.isEmpty { tell(complaints) }
        let check = try studio.offbeat("fsck", "--deep", adding: GuestScene.time(30))
        if check.status != 0 { tell("\(check)") }
        // The next writer clears up.
        try studio.offbeat("user", "add", "zoe", adding: GuestScene.time(30)).done()
        let left = try studio.leftovers().filter { !$0.contains("scratch/") }
        if !left.isEmpty, scene.isKeeping { tell("left behind: \(left)") }
        for id in try studio.listedGuests(adding: GuestScene.time(30)) {
            let guest = StudioGuest(studio: studio, id: id)
            // It can go on working, and clears up on the way.
            try guest.offbeat("add", "--no-analyze", "later.wav", adding: GuestScene.time(30)).done()
            let complaints = try guest.complaints()
            if !complaints.isEmpty { tell(complaints) }
            let check = try guest.offbeat("fsck", "--deep", adding: GuestScene.time(30))
            if check.status != 0 { tell("\(check)") }
            let ended = try studio.offbeat("guest", "end", Word(id), adding: GuestScene.time(31))
            if ended.status != 0 { tell("\(ended)") }
        }
        let rest = try studio.scratchNames()
        if !rest.isEmpty { tell("not taken away: \(rest)") }
    }
}

/// What the library and the guest hold, without what differs from run to run.
struct GuestPicture: Equatable {
    let records: Picture
    let analyses: [String: String]
    private let guest: [String: String]
    private let count: Int

    init(of studio: Studio, _ guest: StudioGuest, knowing known: Set<String>) throws {
        var all = try Picture(of: studio, knowing: known, sight: .analyses)
        analyses = all.lines.filter { $0.key.hasPrefix("analyses:") }
        all.lines = all.lines.filter { !$0.key.hasPrefix("analyses:") }
        records = all
        count = try studio.scratchNames().count { $0.utf8.count == 32 }
        var own = all
        own.lines = [:]
        if FileSystem.exists(guest.path) {
            own.addLines(of: try studio.contents(of: "refs/heads/main", in: guest.path), knowing: known)
        }
        self.guest = own.lines
    }

    static func == (left: GuestPicture, right: GuestPicture) -> Bool {
        left.isEqualButForCount(right) && left.count == right.count
    }

    /// Whether they differ at most by how many guests there are.
    func isEqualButForCount(_ other: GuestPicture) -> Bool {
        records == other.records && analyses == other.analyses && guest == other.guest
    }

    func differences(from other: GuestPicture) -> [String] {
        var mine = records
        var others = other.records
        mine.lines.merge(analyses) { $1 }
        others.lines.merge(other.analyses) { $1 }
        for (key, line) in guest { mine.lines["guest \(key)"] = line }
        for (key, line) in other.guest { others.lines["guest \(key)"] = line }
        mine.lines["guests"] = "\(count)"
        others.lines["guests"] = "\(other.count)"
        return mine.differences(from: others)
    }
}
