import Digest
import Files
import Glibc
import TestSupport
import Testing

@testable import Analysis

/// Files that are none, end early, or hold what no music holds.
struct ListeningTroubleTests {
    @Test func whatIsNoAudioIsRefused() throws {
        #expect(try ListeningSound.failure(of: Array("not a song".utf8))?.code == .notAudio)
        #expect(try ListeningSound.failure(of: [])?.code == .notAudio)
        #expect(try ListeningSound.failure(of: Array("fLaC and nothing else".utf8))?.code == .damaged)
    }

    @Test func aFileWithoutASampleIsAnErrorThatSaysSo() throws {
        let error = try ListeningSound.failure(of: ListeningSound(frames: 0) { _, _ in 0 }.bytes)
        #expect(error?.code == .damaged)
        #expect(error?.reason == "holds no sound that can be decoded")
    }

    @Test func oneSampleIsEnough() throws {
        let analysis = try ListeningSound(frames: 1) { _, _ in 0.25 }.analysis()
        #expect(analysis.features.frames == 1)
        #expect(analysis.features.peak == 0.25)
        #expect(analysis.waveform.levels.allSatisfy { $0.mono == [32, 32] || $0.mono == [0, 32] })
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
    func whatIsNoNumberIsSilence(value: Float) throws {
        let sound = ListeningSound(seconds: 1.5) { frame, _ in
            frame % 100 == 7 ? value : 0.5 * Float(sin(Double(frame) / 12))
        }
        let features = try sound.analysis().features
        #expect(abs(features.peak - 0.5) < 0.001)
        #expect(features.rms.isFinite && features.loudness.integrated?.isFinite == true)
        #expect(features.curves.allSatisfy { !$0.raw.isEmpty })
    }

    @Test func steadySoundsAreNoTrouble() throws {
        let steady = try ListeningSound(seconds: 3) { _, _ in 0.5 }.analysis()
        #expect(steady.features.peak == 0.5 && abs(steady.features.rms - 0.5) < 1e-6)
        let square = try ListeningSound(seconds: 3, channels: 2) { frame, _ in frame / 50 % 2 == 0 ? 1 : -1 }
            .analysis()
        #expect(square.features.peak == 1 && square.features.rms == 1)
        #expect(square.waveform.levels[0].mono.allSatisfy { $0 == -128 || $0 == 127 })
        #expect(try #require(square.features.loudness.truePeak) > 0)
    }

    @Test(arguments: [8000, 11025, 48000, 192000])
    func everyRateIsTaken(rate: Int) throws {
        let analysis = try ListeningSound.sine(440, seconds: 1, rate: rate, channels: 2).analysis()
        #expect(analysis.features.durationMs == 1000)
        #expect(analysis.features.loudness.integrated != nil)
    }

    @Test(arguments: [32, 65]) func manyChannelsHaveALoudnessATempoAndAKey(channels: Int) throws {
        let rate = 4000
        let wave = (0..<4 * rate).map { frame in
            let time = Double(frame) / Double(rate)
            let fade = exp(-8 * time.truncatingRemainder(dividingBy: 0.5))
            return Float(0.4 * fade * (sin(2 * .pi * 440 * time) + sin(2 * .pi * 554.37 * time)) / 2)
        }
        let sound = ListeningSound(frames: wave.count, rate: rate, channels: channels) { frame, _ in wave[frame] }
        let features = try sound.analysis().features
        let one = try ListeningSound(frames: wave.count, rate: rate) { frame, _ in wave[frame] }.analysis().features
        #expect(features.channels == channels)
        #expect(abs(try #require(features.tempo?.bpm) - #require(one.tempo?.bpm)) < 0.5)
        #expect(features.key?.name == one.key?.name && features.key != nil)
        // So many of the same are louder by ten times the logarithm of their number.
        let counted = Double(min(channels, 64))
        let expected = try #require(one.loudness.integrated) + 10 * log10(counted)
        #expect(abs(try #require(features.loudness.integrated) - expected) < 0.05)
    }

    /// Loudness counts the first 64 channels; the others are heard all the same.
    @Test func aSoundInTheLastChannelIsHeard() throws {
        func sound(_ channels: Int) -> ListeningSound {
            ListeningSound(seconds: 4, rate: 4000, channels: channels) { frame, channel in
                let fade = exp(-8 * (Double(frame) / 4000).truncatingRemainder(dividingBy: 0.5))
                return channel == channels - 1 ? Float(0.9 * fade * sin(2 * .pi * 440 * Double(frame) / 4000)) : 0
            }
        }
        #expect(try sound(32).analysis().features.loudness.integrated != nil)
        let many = try sound(65).analysis().features
        #expect(many.loudness.integrated == nil && many.tempo != nil)
        let silent = try ListeningSound(seconds: 1, rate: 4000, channels: 65) { _, _ in 0 }.analysis().features
        #expect(silent.tempo == nil && silent.key == nil)
    }

    @Test(arguments: [(7, 3), (8, 3)]) func theChannelOfLowEffectsDoesNotCount(channels: Int, low: Int) throws {
        func loudness(_ sounding: Int) throws -> Double? {
            try ListeningSound(seconds: 1, channels: channels) { frame, channel in
                channel == sounding ? Float(0.5 * sin(Double(frame) / 4)) : 0
            }.analysis().features.loudness.integrated
        }
        #expect(try loudness(low) == nil)
        let (front, side) = (try #require(try loudness(0)), try #require(try loudness(channels - 1)))
        #expect(abs(side - front - 1.5) < 0.05, "the sides count one and a half decibels more")
    }

    @Test(arguments: [Int.min, -1, 0, 63, 65_537, .max]) func aHopThatCannotBeIsRefused(hop: Int) throws {
        var settings = AnalysisSettings()
        settings.hop = hop
        let error = #expect(throws: AnalysisError.self) {
            try ListeningSound.sine(440, seconds: 0.1).analysis(settings)
        }
        #expect(error?.code == .badSettings)
    }

    @Test(arguments: [64, 65_536]) func everyOtherHopGivesCurves(hop: Int) throws {
        var settings = AnalysisSettings()
        settings.hop = hop
        let features = try ListeningSound.sine(440, seconds: 4).analysis(settings).features
        #expect(features.hop == hop && features.curves.allSatisfy { !$0.raw.isEmpty })
    }

    @Test func aFileThatIsCutOffSaysSo() throws {
        let error = try ListeningSound.failure(of: Array(ListeningSound.sine(440).bytes.dropLast(50_000)))
        #expect(error?.code == .damaged && error?.reason == "is cut off: 9550 of 22050 frames are there")
    }

    @Test(arguments: [100, 1024]) func veryManyChannelsAreTaken(channels: Int) throws {
        let analysis = try ListeningSound.sine(440, seconds: 0.5, rate: 4000, channels: channels).analysis()
        #expect(analysis.waveform.levels[0].channels.count == channels)
        #expect(analysis.features.loudness.integrated != nil)
        #expect(abs(analysis.features.peak - 0.5) < 0.01)
    }

    @Test func whoWantsItToEndIsHeard() throws {
        var calls = 0
        let error = try ListeningSound.failure(of: ListeningSound.sine(440, seconds: 8).bytes) { _, done, all in
            calls += 1
            #expect(done > 0 && done < all)
            return calls < 3
        }
        #expect(error?.code == .cancelled)
        #expect(calls == 3)
    }

    @Test func aFileThatIsWrittenToMeanwhileIsAnError() throws {
        var isWritten = false
        let error = try ListeningSound.failure(of: ListeningSound.sine(440, seconds: 8).bytes) { path, _, _ in
            if !isWritten {
                isWritten = true
                _ = try? FileSystem.write([1, 2, 3], to: path)
            }
            return true
        }
        #expect(error?.code == .changed)
    }

    @Test func theSameFileGivesTheSameResult() throws {
        let sound = ListeningSound.clicks(stride(from: 0.2, to: 5, by: 0.45).map { $0 }, seconds: 5)
        let first = try sound.analysis()
        #expect(try sound.analysis() == first)
    }

    /// A decoder may hand over as few frames at once as it likes.
    @Test(arguments: [1, 97, 4096])
    func howMuchIsReadAtOnceChangesNothing(most: Int) throws {
        let times = stride(from: 0.2, to: 3.5, by: 0.45).map { $0 }
        let sound = ListeningSound.clicks(times, seconds: 4)
        var listener = Listener(channels: 1, sampleRate: sound.rate, AnalysisSettings())
        var place = 0
        func read(_ buffer: UnsafeMutableBufferPointer<Float>) -> Int {
            let count = min(most, buffer.count, sound.samples.count - place)
            for index in 0..<count { buffer[index] = sound.samples[place + index] }
            place += count
            return count
        }
        while try listener.fill({ read($0) }) {}
        #expect(try listener.finish(.ofNothing) == sound.analysis())
    }
}
