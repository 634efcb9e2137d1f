import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// `guest run`: how a program ends is passed on, and what it did is gone, whatever it did.
@Suite struct GuestRunTests {
    @Test func passesOnHowTheProgramEnded() throws {
        try GuestRunStage.with { stage in
            for (script, status) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -TERM $$", 143)] {
                let outcome = try stage.guest(script: script)
                #expect(outcome.status == Int32(status) && outcome.out.isEmpty && outcome.err.isEmpty, "\(outcome)")
            }
        }
    }

    @Test func theProgramWorksOnAStoreOfItsOwn() throws {
        try GuestRunStage.with { stage in
            try stage.studio.sound("new.wav", seed: 7)
            let outcome = try stage.guest(
                script:
                    #"echo "$OFFBEAT_STORE" "$OFFBEAT_GUEST"; "$0" --quiet add --no-analyze new.wav; "$0" --json ls"#
            ).done()
            let lines = outcome.text.split(separator: "\n")
            let words = lines[0].split(separator: " ").map(String.init)
            #expect(words[0] == stage.studio.store.appending("scratch/\(words[1])").string)
            #expect(try JSON.parse(Array(try #require(lines.last).utf8))["total"] == 2)
        }
    }

    @Test func theProgramIsHandedStreamsAndWordsAsTheyAre() throws {
        try GuestRunStage.with { stage in
            let input = stage.notes.appending("input")
            try FileSystem.write(Array("typed".utf8), to: input)
            let odd = FilePath(bytes: [0xFF, 0x20, 0x2D])
            let outcome = try stage.guest(
                script: #"cat; echo no >&2; shift; printf '|%s' "$@""#, Word(odd), "--json", "--", "-x", "",
                stdin: .file(input))
            #expect(outcome.status == 0 && outcome.complaint == "no\n", "\(outcome)")
            #expect(outcome.out == Array("typed|".utf8) + odd.bytes + Array("|--json|--|-x|".utf8))
            // Also one that is open beyond the three.
            let words = try stage.call([], ["sh", "-c", "echo seen >&7"]).map(\.description)
            let piped = try stage.studio.run(
                ["sh", "-c", #"exec 7>&1; "$@" >/dev/null"#, "-"] + words.map { Word($0) })
            #expect(piped.text == "seen\n", "\(piped)")
        }
    }

    @Test func aDocumentIsAllOfTheOutput() throws {
        try GuestRunStage.with { stage in
            for (script, exit, signal) in [("echo out; exit 7", 7, nil), ("echo out; kill -9 $$", nil, 9)]
                as [(String, Int64?, Int64?)]
            {
                let outcome = try stage.guest("--json", script: script)
                #expect(outcome.status == Int32(exit ?? 137) && outcome.complaint == "out\n", "\(outcome)")
                let document = try outcome.json()
                #expect(document["guest"]?.asString?.count == 32)
                #expect(document["exit"]?.asInteger == exit && document["signal"]?.asInteger == signal)
            }
        }
    }

    @Test func aProgramThatCannotBeRunIsTold() throws {
        try GuestRunStage.with { stage in
            try FileSystem.write(Array("no program".utf8), to: stage.notes.appending("text"))
            for word in [
                "offbeat-no-such-program", "/no/such", "", Word(stage.notes), Word(stage.notes.appending("text")),
            ]
                as [Word]
            {
                let outcome = try stage.studio.run(stage.call(["--json"], [word]))
                try outcome.expectFailure(word.bytes.isEmpty ? 2 : 3, word.bytes.isEmpty ? "usage" : "not-found")
                #expect(try stage.scratches() == [])
            }
            let outcome = try stage.studio.run(stage.call([], ["offbeat-no-such-program"]))
            #expect(outcome.complaint.split(separator: "\n").count == 1 && outcome.complaint.contains("PATH"))
            #expect(try stage.studio.offbeat("guest", "run", "--").status == 2)
        }
    }

    @Test func theStoreGoesThoughAStrangerIsAtWorkInIt() throws {
        try GuestRunStage.with { stage in
            let running = try stage.studio.start(
                stage.call(
                    [],
                    stage.script(
                        #"echo "$OFFBEAT_STORE" > "$1/store"; while ! [ -e "$1/go" ]; do sleep 0.01; done"#)))
            let store = try stage.note("store")
            let stranger = try stage.studio.start([
                "flock", "-s", "\(store)/in-use", "sh", "-c", "echo $$ > \"$1\"; exec sleep 1000", "-",
                Word(stage.notes.appending("held")),
            ])
            _ = try stage.noteNumber("held")
            try FileSystem.write([], to: stage.notes.appending("go"))
            #expect(try running.outcome().status == 0)
            #expect(try stage.scratches() == [])
            let sleeper = try stage.noteNumber("held")
            kill(sleeper, SIGKILL)
            _ = try stranger.outcome()
        }
    }

    @Test func aProgramThatTakesItsStoreAwayHarmsNobody() throws {
        try GuestRunStage.with { stage in
            let outcome = try stage.guest(script: #"rm -rf "$OFFBEAT_STORE"; exit 4"#)
            #expect(outcome.status == 4 && outcome.err.isEmpty, "\(outcome)")
            // Nor one that makes it hard to take away.
            let script = #"""
                cd "$OFFBEAT_STORE/lfs"; mkdir -p a/b; : > a/b/c; chmod 500 a/b; chmod 0 a; ln -s / root
                """#
            #expect(try stage.guest(script: script).done().err.isEmpty)
        }
    }

    @Test func overQuotaIsRefusedAndTheProgramGoesOn() throws {
        try GuestRunStage.with { stage in
            for number in 0..<3 {
                try stage.studio.sound(FilePath("\(number).wav"), seed: UInt64(50 + number), frames: 40_000)
            }
            let outcome = try stage.guest(
                "--quota", "200k", "--records", "10",
                script: #"""
                    for i in 0 1 2; do "$0" --quiet add --no-analyze $i.wav; echo $?; done
                    "$0" --quiet edit 0 title=other; echo $?
                    """#)
            #expect(outcome.text == "0\n0\n4\n0\n" && outcome.status == 0, "\(outcome)")
            let records = try stage.guest(
                "--records", "1", script: #"for i in 0 1; do "$0" --quiet add --no-analyze $i.wav; echo $?; done"#)
            #expect(records.text == "0\n4\n", "\(records)")
        }
    }

    @Test func aProgramWhoseTimeIsOverIsToldSo() throws {
        try GuestRunStage.with { stage in
            let script = #"""
                OFFBEAT_NOW=2099-01-01T00:00:00Z "$0" --json ls; echo $? >&2
                test -e "$OFFBEAT_STORE" && OFFBEAT_NOW=2099-01-01T00:00:00Z OFFBEAT_STORE= OFFBEAT_GUEST= "$0" status >&2
                test -e "$OFFBEAT_STORE"
                """#
            let outcome = try stage.guest("--ttl", "1h", script: script).done()
            #expect(try outcome.json()["error"]?["code"] == "wrong-state", "\(outcome)")
            #expect(outcome.complaint.hasPrefix("4\n"), "\(outcome)")
        }
    }

    @Test func whatAProgramMayNotIsRefused() throws {
        try GuestRunStage.with { stage in
            let studio = stage.studio
            let other = try studio.json("guest", "start").done().json()
            let path = FilePath(try #require(other["path"]?.asString))
            let link = stage.notes.appending("link")
            try FileSystem.symbolicLink(to: studio.store, at: link)
            try studio.offbeat("init", Word(studio.root.appending("third")), "--user", "ana").done()
            let stores: [FilePath] = [
                studio.store, path, link, link.appending("scratch").appending(path.lastComponent ?? ""),
                studio.root.appending("third"), studio.work,
            ]
            var calls = stores.flatMap { store in
                [
                    ["--store", Word(store), "ls"], ["--store", Word(store), "guest", "ls"],
                    ["--store", Word(store), "fsck"],
                ]
                    as [[Word]]
            }
            calls += [
                ["ls", "--user", "zoe"], ["init", "fourth"], ["clone", Word(studio.store), "fifth"],
                ["clone", Word(path), "fifth"], ["guest", "start"], ["guest", "ls"],
                ["guest", "end", Word(path.lastComponent ?? "")], ["guest", "run", "--", "true"], ["sync"],
                ["config", "set", "user", "zoe"], ["user", "add", "zoe"],
            ]
            for call in calls {
                let outcome = try stage.guest(script: #"shift; "$0" --json "$@""#, rest: call)
                #expect([3, 4].contains(outcome.status), "\(outcome)")
            }
            // Up and out of its own store by `..`, which names the library.
            let up = try stage.guest(script: #""$0" --json ls --store "$OFFBEAT_STORE/../..""#)
            try up.expectFailure(4, "not-allowed")
            #expect(
                !FileSystem.exists(studio.work.appending("fourth"))
                    && !FileSystem.exists(studio.work.appending("fifth")))
            try studio.offbeat("guest", "end", Word(path.lastComponent ?? "")).done()
        }
    }

    @Test func aGuestRunsNoProgramsAsOthers() throws {
        try GuestRunStage.with { stage in
            let id = try #require(try stage.studio.json("guest", "start").done().json()["guest"]?.asString)
            let store = stage.studio.store.appending("scratch/\(id)").string
            let outcome = try stage.studio.json("guest", "run", "--", "true", adding: ["OFFBEAT_STORE": store])
            try outcome.expectFailure(4, "not-allowed")
            try stage.studio.offbeat("guest", "end", "\(id)").done()
        }
    }
}

extension GuestRunStage {
    fileprivate func guest(script text: String, rest: [Word]) throws -> Outcome {
        try studio.run(call([], script(text) + rest))
    }
}
