import Files
import TestSupport

/// Cuts the power while a command runs: before calls that change files, and in the moment in which it has ended.
struct PowerCut {
    /// What came of one command on one kind of disk.
    struct Row {
        let attack: String
        let kind: LoopDisk.Kind
        /// How many calls change files when nothing cuts the command off.
        var calls = 0
        var cuts = 0
        var before = 0
        var after = 0
        var losses: [String] = []
    }

    let attack: Attack
    let kind: LoopDisk.Kind

    /// Cuts about `wanted` times, spread evenly from a place that chance decides on.
    func run(wanted: Int, using random: inout SeededRandom) throws -> Row {
        let calls = try Studio.withStore { studio in
            try attack.prepare(studio)
            return try studio.trace([Word(Scenarios.program())] + attack.words).calls.count
        }
        let step = max(1, calls / wanted)
        var row = try run(every: step, rest: Int.random(in: 0..<step, using: &random))
        row.calls = calls
        return row
    }

    /// Cuts before each call whose number leaves `rest` when divided by `step`.
    private func run(every step: Int, rest: Int) throws -> Row {
        try withTemporaryDirectory { root in
            let root = try FileSystem.realPath(root)
            return try LoopDisk.with(kind, at: root) { disk in
                let studio = try Studio(root: root, work: disk.path.appending("work"))
                try studio.offbeat("init", "--user", "ana").done()
                try attack.prepare(studio)
                let ids = try studio.ids()
                let before = try Picture(of: studio, knowing: ids).ofStore
                let hook = try hook(disk, below: root)
                let words = [Word(try Scenarios.program())] + attack.words
                let outcome = try studio.trace(words, each: hook, every: step, rest: rest, timeout: 600).outcome
                try disk.cut(to: root.appending("cuts/done"))
                try outcome.done()
                let after = try Picture(of: studio, knowing: ids).ofStore
                return try look(at: disk, below: root, ids: ids, before: before, after: after)
            }
        }
    }

    /// A program that copies the disk as it lies.
    private func hook(_ disk: LoopDisk, below root: FilePath) throws -> FilePath {
        let cuts = root.appending("cuts")
        try FileSystem.makeDirectory(cuts)
        let hook = root.appending("cut")
        let text = """
            #!/bin/sh
            exec cp --sparse=always '\(disk.image)' '\(cuts)/'"$1"

            """
        try FileSystem.write(text, to: hook, mode: 0o755)
        return hook
    }

    /// Starts from each copy, as the computer would.
    private func look(
        at disk: LoopDisk, below root: FilePath, ids: Set<String>, before: Picture, after: Picture
    ) throws -> Row {
        var row = Row(attack: attack.name, kind: kind)
        for entry in try FileSystem.list(root.appending("cuts")) {
            let moment = entry.name.string
            row.cuts += 1
            let copy = root.appending("cuts").appending(entry.name)
            try disk.afterPowerCut(copy: copy, at: root.appending("again")) { found in
                let studio = try Studio(root: root, work: found.path.appending("work"))
                let tell = { (what: String) in
                    row.losses.append("\(attack.name) on \(kind.rawValue), cut at \(moment): \(what)")
                }
                let now = try Picture(of: studio, knowing: ids).ofStore
                if now == after {
                    row.after += 1
                } else if now == before, moment != "done" {
                    row.before += 1
                } else {
                    tell("\(now.differences(from: moment == "done" ? after : before))")
                }
                try lookAtStore(studio, now, tell)
            }
        }
        return row
    }

    /// The words of a call that runs as on a computer that was started after all that lies on the disk was written: by
    /// this a program knows a lock for a dead one's.
    private func startedAgain(_ words: [Word], in studio: Studio) throws -> [Word] {
        let facts = studio.root.appending("runs/stat")
        try FileSystem.write("cpu 0 0 0 0 0 0 0 0 0 0\nbtime 4000000000\n", to: facts)
        let script: Word = "mount --bind \"$0\" /proc/stat && exec \"$@\""
        return ["unshare", "--mount", "sh", "-c", script, Word(facts)] + words
    }

    /// Everything that the head names is there, and the next change works.
    private func lookAtStore(_ studio: Studio, _ now: Picture, _ tell: (String) -> Void) throws {
        for lost in try studio.lostFiles(of: now) { tell("\(lost) is lost") }
        let complaints = try studio.complaints()
        if !complaints.isEmpty { tell(complaints) }
        let next = try studio.run(startedAgain([Word(Scenarios.program()), "user", "add", "zoe"], in: studio))
        if next.status != 0 { tell("the next change: \(next)") }
        let left = try studio.leftovers()
        if !left.isEmpty { tell("left behind: \(left)") }
    }
}
