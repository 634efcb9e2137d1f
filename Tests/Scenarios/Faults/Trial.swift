import Catalog
import Digest
import Files
import Synchronization

/// One command at one prepared place, disturbed as often as wanted. Each time it is looked at what was left of it.
final class Trial: Sendable {
    /// What came of one disturbance.
    enum Ending { case before, after, partly }

    /// The calls that change files, in a run that nothing disturbed.
    let calls: [DisturbedCall]
    private let attack: Attack
    private let stage: Stage
    private let before: Picture
    private let after: Picture
    /// Where the words that are said instead of the same ones lead to.
    private let finally: Picture
    /// What a list answers, whatever becomes of the index.
    private let tracks: JSON?
    private let knownIDs: Set<String>
    private let sight: Picture.Sight
    /// States of repository and files that git and git-lfs have found sound.
    private let sound = Mutex<Set<ContentHash>>([])

    private var studio: Studio { stage.studio }

    /// Prepares the place in an empty studio, and sees what the command does when nothing disturbs it.
    init(_ attack: Attack, in studio: Studio) throws {
        self.attack = attack
        if attack.needsStore { try studio.offbeat("init", "--user", "ana", "--name", "Band").done() }
        try attack.prepare(studio)
        knownIDs = try studio.ids()
        sight =
            if attack.damage != nil { .remains(of: try studio.reachableObjects()) } else {
                attack.isReading
                    ? .index
                    : attack.isAboutAnalyses
                        ? .analyses : attack.isAboutRemote ? .remote : attack.isAboutFiles ? .files : .head
            }
        try attack.damage?(studio)
        stage = try Stage(studio)
        before = try Picture(of: studio, knowing: knownIDs, sight: sight)
        let words = [Word(try Scenarios.program()), "--json"] + attack.words
        let run = try studio.trace(words, adding: Trial.clock)
        if run.outcome.status != attack.status { throw Unexpected("\(run.outcome)") }
        calls = run.calls
        tracks = attack.isReading ? try run.outcome.json()["tracks"] : nil
        after = try Picture(of: studio, knowing: knownIDs, sight: sight)
        if let words = attack.onceThere { try studio.offbeat(words: words, adding: Trial.clock).done() }
        finally = try Picture(of: studio, knowing: knownIDs, sight: sight)
        if before == after { throw Unexpected("\(attack.name) changes nothing") }
    }

    /// The clock stands still, so that equal runs make equal objects.
    static let clock = ["OFFBEAT_NOW": "2031-01-01T00:00:00Z"]

    /// Disturbs one call. Answers nil where the program did not come to it, else how it ended; tells `lose` what must
    /// not be.
    func disturb(
        _ number: Int, with disturbance: Disturbance, lose: (String) -> Void
    ) throws -> (ending: Ending, isError: Bool)? {
        try stage.reset()
        // Scripts and people are answered in turn.
        let isJSON = number.isMultiple(of: 2)
        let words = [Word(try Scenarios.program())] + (isJSON ? ["--json"] : []) + attack.words
        let run = try studio.trace(words, disturbing: number, with: disturbance, adding: Trial.clock)
        guard let met = run.calls.first(where: \.isMet) else { return nil }
        let outcome = run.outcome
        func tell(_ what: String) {
            lose("\(attack.name), \(disturbance.rawValue) at \(met.number) (\(met.name) \(met.subject)): \(what)")
        }
        expectAnswer(outcome, disturbance, isJSON: isJSON, tell)
        let ending: Ending
        do {
            ending = try lookAtRemains(outcome, tell)
            try goOn(from: ending, tell)
        } catch {
            // What cannot even be looked at is told with the call that led to it.
            tell("\(error) after \(outcome)")
            return (.partly, false)
        }
        return (ending, outcome.status != 0 && disturbance != .kill)
    }

    /// The exit status is one of the contract; an error is one line, or one document.
    private func expectAnswer(
        _ outcome: Outcome, _ disturbance: Disturbance, isJSON: Bool, _ tell: (String) -> Void
    ) {
        if disturbance == .kill {
            if outcome.status != 137 { tell("it was not killed: \(outcome)") }
            return
        }
        if ![0, 1, 75].contains(outcome.status), !isOfDamage(outcome) { tell("status: \(outcome)") }
        if isJSON {
            let document = try? JSON.parse(outcome.out)
            if document == nil { tell("not one document: \(outcome)") }
            let isTold =
                document?["failed"] != nil || document?["refused"] != nil || isError(document?["error"])
                || isReport(document)
            if outcome.status != 0, !isTold { tell("\(outcome)") }
            if outcome.status == 0, let tracks, document?["tracks"] != tracks { tell("another answer: \(outcome)") }
        } else if outcome.status != 0 {
            let lines = outcome.complaint.split(separator: "\n", omittingEmptySubsequences: false)
            let isOneLine = lines.count == 2 && lines[0].hasPrefix("offbeat: ")
            if !isOneLine, attack.parts == .none { tell("not one line: \(outcome)") }
        }
    }

    /// A repair that could not mend all says so.
    private func isOfDamage(_ outcome: Outcome) -> Bool { attack.damage != nil && outcome.status == 6 }

    private func isReport(_ document: JSON?) -> Bool {
        attack.damage != nil && document?["ok"] == false
            && document?["problems"]?.asArray?.contains { $0["repaired"] == false } == true
    }

    private func isError(_ error: JSON?) -> Bool {
        guard let code = error?["code"]?.asString, let message = error?["message"]?.asString else { return false }
        return !code.isEmpty && !message.isEmpty && !message.contains("\n")
    }

    /// What was there is there; the new is there whole or not at all.
    private func lookAtRemains(_ outcome: Outcome, _ tell: (String) -> Void) throws -> Ending {
        let now = try picture()
        if attack.isSound { try expectSound(now, tell) }
        if let original = attack.original, now.lines[original] == nil, now.ofStore != after.ofStore {
            tell("the original is gone, and the store does not have it")
        }
        if now == after { return .after }
        if outcome.status == 0, !attack.isReading, !saysWhatIsOpen(outcome) {
            tell("said to be done, and is not: \(now.differences(from: after)), \(outcome)")
        }
        if now == before { return .before }
        let mayBePart = attack.parts == .always || attack.parts == .afterFailure && outcome.status == 1
        let strays = now.strays(from: before, to: after, damaged: attack.damage != nil)
        if !mayBePart { tell("half a change: \(now.differences(from: before))") }
        if mayBePart, !strays.isEmpty { tell("neither before nor after: \(strays)") }
        return .partly
    }

    /// A collection that a remote does not tell what it holds ends well without the files that this decides about, and says
    /// so; the disturbed call may have been one at the remote.
    private func saysWhatIsOpen(_ outcome: Outcome) -> Bool {
        guard attack.isAboutFiles else { return false }
        if let document = try? JSON.parse(outcome.out) {
            return document["undecided"]?.asInteger ?? 0 > 0 && document["silent"]?.asArray?.isEmpty == false
        }
        return outcome.text.contains("of the past kept, since the remote origin does not say what it holds")
    }

    /// The same words again do the work, and the next change leaves nothing behind.
    private func goOn(from ending: Ending, _ tell: (String) -> Void) throws {
        if ending != .after || attack.isRepeatable {
            let other = FileSystem.exists(studio.store) ? attack.onceThere : nil
            let words = other ?? attack.words
            let goal = other == nil ? after : finally
            let again = try studio.offbeat(words: ["--json"] + words, adding: Trial.clock)
            if again.status != attack.status { tell("the same again: \(again)") }
            let now = try picture()
            if now != goal { tell("the same again: \(now.differences(from: goal))") }
            if attack.isCare, attack.status == 0 {
                try expectSound(now, tell)
                let check = try studio.offbeat("fsck", "--deep", adding: Trial.clock)
                if check.status != 0 { tell("a check: \(check)") }
            }
            if attack.isAboutRemote { try expectTidyRemote(tell) }
        }
        guard try !studio.leftovers().isEmpty else { return }
        let next = try studio.offbeat("user", "add", "zoe", adding: Trial.clock)
        if next.status != 0 { tell("the next change: \(next)") }
        let left = try studio.leftovers()
        if !left.isEmpty { tell("left behind: \(left)") }
        if attack.status == 0 { try expectSound(picture(), tell) }
    }

    private func expectTidyRemote(_ tell: (String) -> Void) throws {
        let left = try studio.leftoversAtRemote()
        if !left.isEmpty { tell("left at the remote: \(left)") }
    }

    private func picture() throws -> Picture { try Picture(of: studio, knowing: knownIDs, sight: sight) }

    /// git and git-lfs find nothing, and each file that the head names has the bytes of its name.
    private func expectSound(_ now: Picture, _ tell: (String) -> Void) throws {
        if !attack.mayLackFiles { for lost in try studio.lostFiles(of: now) { tell("\(lost) is lost") } }
        if attack.isAboutRemote, studio.isRemoteThere { try expectSoundRemote(tell) }
        guard now.isStore else { return }
        let state = try studio.fingerprint()
        guard !sound.withLock({ $0.contains(state) }) else { return }
        let complaints = try attack.mayLackFiles ? studio.complaintsOfGit() : studio.complaints()
        if complaints.isEmpty { sound.withLock { _ = $0.insert(state) } } else { tell(complaints) }
    }

    /// The remote names nothing that it lacks.
    private func expectSoundRemote(_ tell: (String) -> Void) throws {
        for lost in try studio.filesLostAtRemote() { tell("\(lost) is named by the remote, which lacks it") }
        let state = try studio.fingerprint(of: studio.remote)
        guard !sound.withLock({ $0.contains(state) }) else { return }
        let complaints = try studio.complaintsAtRemote()
        if complaints.isEmpty { sound.withLock { _ = $0.insert(state) } } else { tell(complaints) }
    }
}
