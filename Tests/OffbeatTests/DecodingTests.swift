import Analysis
import Blobs
import Catalog
import Files
import Glibc
import Store
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// Audio that only a program of the person's choice can read.
struct DecodingTests {
    /// A place with a decoder of these shell commands; `$1` is the file.
    private static func with(_ commands: String?, _ body: (Place, FilePath) throws -> Void) throws {
        try withPlace { place in
            if let commands {
                let script = place.folder.appending("decode.sh")
                try FileSystem.write("#!/bin/sh\n\(commands)\n", to: script, mode: 0o755)
                try place.library.settings.set(.decoder, to: "\(script) {in}")
            }
            // What an M4A file begins with; then a WAV file, which a decoder here has only to cut out.
            let song = place.sounds.appending("song.m4a")
            try FileSystem.write(box + wav(seconds: 0.5, sampleRate: 8000, channels: 2), to: song)
            try body(place, song)
            let left = try FileSystem.list(place.path.appending("lfs/tmp")).map(\.name.string)
            #expect(left.isEmpty, "\(left)")
        }
    }

    private static let box: [UInt8] = [0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 20)
    private static let good = "tail -c +33 \"$1\""

    @Test func theOriginalIsKeptAndItsSoundIsKnown() throws {
        try Self.with(Self.good) { place, song in
            let track = try #require(try place.session.add(AddRequest(paths: [song])).added.first)
            let facts = try #require(track.facts)
            #expect(facts.format == "m4a" && facts.bits == nil && facts.channels == 2)
            #expect(facts.sampleRate == 8000 && facts.frames == 4000 && track.durationMs == 500)
            #expect(try track.audioSize == pointer(to: song).size)
            var bytes: [UInt8] = []
            try place.session.cat(track.id.hex) { bytes += $0 }
            #expect(try bytes == FileSystem.read(song))
            let analysis = try place.session.readAnalysis(of: track.id.hex)
            #expect(analysis.origin == .computed)
            guard case .sound(let sound) = analysis.content else { throw Nothing() }
            #expect(sound.features.frames == 4000 && sound.features.loudness.integrated != nil)
            #expect(try place.session.add(AddRequest(paths: [song])).present == [track.id])
            try place.expectSound()
        }
    }

    private struct Nothing: Error {}

    @Test func otherWaysInAreTheSame() throws {
        try Self.with(Self.good) { place, song in
            let track = try place.add("one.wav")
            #expect(try place.session.addStem("drums", to: track.id.hex, from: song).change == .added)
            let replaced = try place.session.replace(track.id.hex, with: song).tracks
            #expect(replaced.first?.facts?.format == "m4a")
            #expect(try place.session.analyze().analyzed.count == 2)
            try place.expectSound()
        }
    }

    @Test func withoutADecoderTheErrorNamesTheSetting() throws {
        try Self.with(nil) { place, song in
            let failed = try #require(try place.session.add(AddRequest(paths: [song])).failed.first?.failure)
            #expect(failed.code == .notAudio && failed.message.contains("song.m4a is an MP4 or M4A file"))
            #expect(failed.hint?.contains("audio.decoder") == true)
            let walked = try place.session.add(AddRequest(paths: [place.sounds]))
            #expect(walked.skipped == [song] && walked.undecoded == [song])
            // Another computer may have had a decoder.
            try place.library.settings.set(.decoder, to: "tail -c +33 {in}")
            let track = try #require(try place.session.add(AddRequest(paths: [song])).added.first)
            try place.library.settings.set(.decoder, to: "false {in}")
            let broken = try #require(try place.session.analyze().failed.first)
            #expect(broken.failure.message.contains("of track \(track.id.hex.prefix(8)) cannot be decoded"))
        }
    }

    /// A program is not run on all that lies around.
    @Test func onlyWhatIsCalledAudioIsDecodedWhenItIsMet() throws {
        try Self.with("echo \"$1\" >>\"$0.ran\"; \(Self.good)") { place, song in
            let film = place.sounds.appending("film.mp4")
            try FileSystem.write(Self.box + wav(seconds: 0.1), to: film)
            for (name, bytes) in [
                ("notes.m4a", Array("just text".utf8)), ("cover.m4a", [0xff, 0xd8, 0xff, 0xe0]),
                ("some.bin", [1, 2, 3]),
            ] as [(String, [UInt8])] {
                try FileSystem.write(bytes, to: place.sounds.appending(name))
            }
            let walked = try place.session.add(AddRequest(paths: [place.sounds]))
            #expect(walked.added.map(\.track.title) == ["song"] && walked.failed.isEmpty)
            #expect(walked.skipped.count == 4 && walked.undecoded.isEmpty)
            let ran = try FileSystem.read(place.folder.appending("decode.sh.ran"))
            #expect(ran.count { $0 == UInt8(ascii: "\n") } == 1)
            #expect(String(decoding: ran, as: UTF8.self).hasSuffix("/audio.m4a\n"), "its ending says what it is")
            #expect(try place.session.add(AddRequest(paths: [film])).added.first?.facts?.format == "m4a")
        }
    }

    @Test func bytesWithoutAMarkAreWhatTheirNameSays() throws {
        try Self.with(Self.good) { place, _ in
            let raw = place.sounds.appending("radio.AAC")
            try FileSystem.write([0xff, 0xf1] + [UInt8](repeating: 0x81, count: 30) + wav(seconds: 0.2), to: raw)
            #expect(try place.session.add(AddRequest(paths: [raw])).added.first?.facts?.format == "aac")
        }
    }

    @Test(arguments: [
        ("echo no such codec >&2; exit 3", "ended with status 3: no such codec"),
        ("echo \"$1: broken\" >&2; exit 1", "song.m4a: broken"),
        ("kill -9 $$", "was ended by signal 9"), ("true", "wrote nothing"),
        ("echo 'some words'", "is text, not audio"), ("head -c 9000 /dev/urandom", "is no audio"),
        ("tail -c +33 \"$1\" | head -c 500", "is cut off: 114 of 4000 frames are there"),
        ("tail -c +33 \"$1\" | head -c 44", "is cut off: 0 of 4000 frames"),
        ("rm \"$1\"; mkdir \"$1\"; exit 1", "ended with status 1"),
    ])
    func aDecoderThatFailsIsAnErrorWithItsReason(commands: String, reason: String) throws {
        try Self.with(commands) { place, song in
            let before = try place.library.version()
            for paths in [[song], [place.sounds]] {
                let outcome = try place.session.add(AddRequest(paths: paths))
                let failure = try #require(outcome.failed.first?.failure, "\(outcome)")
                #expect(failure.code == .io && failure.message.contains("song.m4a cannot be decoded: "))
                #expect(failure.message.contains(reason), "\(failure)")
                #expect(!failure.message.contains("\n") && !failure.message.contains("lfs/tmp"), "\(failure)")
            }
            #expect(try place.library.version() == before)
        }
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        try Self.with(nil) { place, song in
            try place.library.settings.set(.decoder, to: "no-such-decoder {in}")
            let failure = try #require(try place.session.add(AddRequest(paths: [song])).failed.first?.failure)
            #expect(failure.code == .notFound && failure.message.contains("there is no program no-such-decoder"))
        }
    }

    @Test(arguments: ["ffmpeg -i song", "'open {in}", ""]) func aCommandThatCannotBeIsRefused(command: String)
        throws
    {
        try withPlace { place in
            try failure(.usage) { try place.library.settings.set(.decoder, to: command) }
            #expect(try place.library.settings.get(.decoder) == nil)
        }
    }

    // MARK: Limits

    /// Decodes with limits of its own, and answers why that failed.
    private static func failing(
        _ commands: String, _ limits: Decoder.Limits, progress: Progress = .none
    ) throws -> Failure? {
        var found: Failure?
        try Self.with(commands) { place, song in
            let script = place.folder.appending("decode.sh")
            let decoding = Decoding(scratch: place.path.appending("lfs/tmp"), progress: progress, limits: limits) {
                "\(script) {in}"
            }
            let file = try FileDescriptor.open(song, .read)
            do { _ = try decoding.inspect(file, song, isNamed: true) } catch { found = Failure(error) }
        }
        return found
    }

    @Test func oneThatHangsIsEnded() throws {
        let watch = Stopwatch()
        let idle = try Self.failing("sleep 60", Decoder.Limits(idleSeconds: 0.3))
        #expect(idle?.code == .io && idle?.message.contains("wrote nothing for") == true, "\(idle as Any)")
        let slow = try Self.failing(
            "while :; do echo more; sleep 0.05; done", Decoder.Limits(seconds: 0.6, idleSeconds: 30))
        #expect(slow?.code == .io && slow?.message.contains("took longer than") == true, "\(slow as Any)")
        let deaf = try Self.failing("trap '' TERM; sleep 60 & wait", Decoder.Limits(idleSeconds: 0.3))
        #expect(deaf?.code == .io)
        #expect(watch.seconds < 30)
    }

    @Test func oneThatWritesWithoutEndIsEnded() throws {
        let limits = Decoder.Limits(leastBytes: 1 << 20)
        let endless = try Self.failing("cat /dev/zero", limits)
        #expect(endless?.code == .overLimit && endless?.message.contains("song.m4a") == true, "\(endless as Any)")
        let quick = try Self.failing("head -c 20000000 /dev/zero", limits)
        #expect(quick?.code == .overLimit)
    }

    @Test func whoWantsItToEndIsHeard() throws {
        let watch = Stopwatch()
        let progress = Progress(stop: { watch.seconds > 0.3 })
        let stopped = try Self.failing("sleep 60", Decoder.Limits(), progress: progress)
        #expect(stopped?.code == .interrupted && watch.seconds < 20)
        try Self.with("sleep 60") { place, song in
            let start = Stopwatch()
            try failure(.interrupted) {
                try place.session.add(
                    AddRequest(paths: [song]), progress: Progress(stop: { start.seconds > 0.3 }))
            }
            #expect(start.seconds < 20)
        }
    }

    /// What a decoder does to its input is done to a copy; what it leaves behind goes.
    @Test func whatADecoderDoesToItsInputDoesNoHarm() throws {
        let script = "\(Self.good); chmod +w \"$1\"; echo spoilt >\"$1\"; echo more >left-behind"
        try Self.with(script) { place, song in
            let before = try FileSystem.read(song)
            let track = try #require(try place.session.add(AddRequest(paths: [song])).added.first)
            _ = try place.session.analyze()
            #expect(try FileSystem.read(song) == before)
            #expect(try place.store.blobs.read(pointer(to: song), limit: 1 << 20) == before)
            #expect(track.isHere)
            try place.expectSound()
        }
    }

    @Test func aFileThatIsChangedWhileItIsDecodedIsNotTaken() throws {
        try Self.with(nil) { place, song in
            let script = place.folder.appending("decode.sh")
            try FileSystem.write("#!/bin/sh\necho more >>'\(song)'\n\(Self.good)\n", to: script, mode: 0o755)
            try place.library.settings.set(.decoder, to: "\(script) {in}")
            let failed = try place.session.add(AddRequest(paths: [song])).failed.first?.failure
            #expect(failed?.code == .changed, "\(failed as Any)")
        }
    }
}
