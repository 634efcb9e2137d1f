import Catalog
import Files
import TestSupport
import Testing

/// Audio that a program of the person's choice decodes, with the built command.
@Suite struct DecoderTests {
    @Test(.enabled(if: isInstalled("ffmpeg"), "ffmpeg is not there")) func aRealM4A() throws {
        try Studio.withStore { studio in
            try FileSystem.write(
                wav(seconds: 2, sampleRate: 44_100, channels: 2), to: studio.work.appending("tone.wav"))
            let encode: [Word] = ["-v", "error", "-i", "tone.wav", "-c:a", "aac", "-metadata", "title=Tone"]
            try studio.run(["ffmpeg"] + encode + ["-y", "song.m4a"]).done()
            try studio.run(["ffmpeg"] + encode + ["-f", "adts", "-y", "song.aac"]).done()
            try studio.json("add", "song.m4a").expectFailed(naming: "audio.decoder")
            try studio.offbeat("config", "set", "audio.decoder", "ffmpeg -v error -i {in} -f wav -").done()
            let added = try studio.json("add", "song.m4a", "song.aac").done().json()["added"]?.asArray ?? []
            #expect(
                added.compactMap { $0["audio"]?["format"]?.asString } == ["m4a", "aac"])
            #expect(added.first?["title"] == "Tone", "what the file says of itself comes through")
            let id = try #require(added.first?["id"]?.asString)
            #expect(
                try studio.offbeat("cat", "\(id)").done().out == FileSystem.read(studio.work.appending("song.m4a")))
            let analyzed = try studio.json("analyze").done().json()
            #expect(analyzed["failed"] == [], "\(analyzed)")
            let analysis = try studio.json("analysis", "get", "\(id)").done().json()
            #expect(analysis["features"]?["sampleRate"] == 44_100, "\(analysis)")
            try studio.git("lfs", "fsck").done()
        }
    }

    /// Audio that plain git has committed is taken in, and the record says what it is.
    @Test func aRepairAsksTheDecoderToo() throws {
        try Studio.withStore { studio in
            let script = studio.work.appending("decode.sh")
            try FileSystem.write("#!/bin/sh\ntail -c +33 \"$1\"\n", to: script, mode: 0o755)
            try studio.offbeat("config", "set", "audio.decoder", "\(script) {in}").done()
            let box: [UInt8] = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 20)
            try FileSystem.write(box + noise(seed: 4, frames: 900), to: studio.work.appending("song.m4a"))
            try studio.offbeat("add", "--no-analyze", "song.m4a").done()
            let names = try studio.git("ls-tree", "-r", "--name-only", "main").done().text.split(separator: "\n")
            let place = try #require(names.first { $0.hasSuffix("/audio.m4a") })
            try studio.commit(box + noise(seed: 5, frames: 1200), to: String(place))
            try studio.offbeat("fsck", "--repair").done()
            let audio = try #require(try studio.tracks().first?.value["audio"])
            #expect(audio["format"] == "m4a" && audio["frames"] == 1200, "\(audio)")
        }
    }

    @Test func interruptingEndsTheDecoderAndLeavesNothing() throws {
        try Studio.withStore { studio in
            let script = studio.work.appending("decode.sh")
            try FileSystem.write("#!/bin/sh\necho $$ >\"$0.runs\"\nsleep 100\n", to: script, mode: 0o755)
            try studio.offbeat("config", "set", "audio.decoder", "\(script) {in}").done()
            let box: [UInt8] = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 2000)
            try FileSystem.write(box, to: studio.work.appending("song.m4a"))
            let running = try studio.start([Word(Scenarios.program()), "--json", "add", "song.m4a"])
            let note = FilePath("\(script).runs")
            let watch = Stopwatch()
            while try (FileSystem.readIfExists(note) ?? []).isEmpty, watch.seconds < 60 {
                SystemClock.sleep(seconds: 0.01)
            }
            running.child.interrupt()
            let outcome = try running.outcome(timeout: 30)
            #expect(outcome.status != 0, "\(outcome)")
            let process = String(decoding: try FileSystem.read(note), as: UTF8.self).filter(\.isNumber)
            #expect(!FileSystem.exists(FilePath("/proc/\(process)/cwd")), "the decoder still runs")
            #expect(try FileSystem.list(studio.store.appending("lfs/tmp")).isEmpty)
            #expect(try studio.tracks().isEmpty)
            try studio.expectSound()
        }
    }
}

extension Outcome {
    /// Expects that the one file was not taken, and that the hint names something.
    fileprivate func expectFailed(naming word: String) throws {
        let failed = try json()["failed"]?.asArray ?? []
        #expect(status == 1 && failed.count == 1, "\(self)")
        #expect(failed.first?["hint"]?.asString?.contains(word) == true, "\(self)")
    }
}
