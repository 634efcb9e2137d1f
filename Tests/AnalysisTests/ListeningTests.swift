import Digest
import Glibc
import TestSupport
import Testing

@testable import Analysis

/// What is heard in sounds of which the truth is known.
struct ListeningTests {
    @Test func clicksAreHeardWhereTheyAre() throws {
        var music = MadeMusic.silence(8)
        let moments = stride(from: 0.5, to: 7.5, by: 0.5).map { $0 }
        for moment in moments { music.add(880, from: moment, for: 0.3, amplitude: 0.7, struck: true) }
        let found = try music.analysis()
        #expect(found.markers.onsets.count == moments.count)
        for (onset, moment) in zip(found.markers.onsets, moments) {
            #expect(abs(Double(onset) - moment * 1000) < 30)
        }
        let tempo = try #require(found.features.tempo)
        #expect(abs(tempo.bpm - 120) < 3 || abs(tempo.bpm - 60) < 2, "\(tempo)")
        #expect(found.markers.beats.count > 5)
        for beat in found.markers.beats { #expect(abs(remainder(Double(beat), 500)) < 40, "\(beat)") }
    }

    @Test(arguments: [80.0, 96, 132, 150]) func theTempoIsThatOfTheClicks(bpm: Double) throws {
        var music = MadeMusic.silence(12)
        for moment in stride(from: 0.2, to: 11.8, by: 60 / bpm) {
            music.add(500, from: moment, for: 0.3, amplitude: 0.6, struck: true)
        }
        let found = try #require(try music.analysis().features.tempo).bpm
        let isOctave = [0.5, 1, 2].contains { abs(found - bpm * $0) < 0.04 * bpm * $0 }
        #expect(isOctave, "\(found) instead of \(bpm)")
    }

    @Test(arguments: [
        ("C major", 0, [0, 4, 7]), ("A minor", 9, [0, 3, 7]), ("Eb major", 3, [0, 4, 7]),
        ("F# minor", 6, [0, 3, 7]),
    ])
    func theKeyIsThatOfTheChords(name: String, tonic: Int, chord: [Int]) throws {
        var music = MadeMusic.silence(6)
        // Tonic, subdominant, dominant, tonic.
        for (place, step) in [0, 5, 7, 0].enumerated() {
            for note in step == 7 ? [0, 4, 7] : chord {
                music.add(
                    261.63 * pow(2, Double(tonic + step + note) / 12), from: Double(place) * 1.5, for: 1.4,
                    amplitude: 0.15)
            }
        }
        #expect(try music.analysis().features.key?.name == name)
    }

    @Test func silenceHasNoLoudnessAndNoTempo() throws {
        let found = try MadeMusic.silence(3, channels: 2).analysis()
        #expect(found.features.loudness == Features.Loudness())
        #expect(found.features.tempo == nil && found.features.key == nil && found.markers.beats.isEmpty)
        #expect(found.markers.silences == [.init(start: 0, end: 3000)])
        #expect(found.features.peak == 0 && found.features.rms == 0)
    }

    @Test func silencesAreFoundBetweenSounds() throws {
        var music = MadeMusic.silence(4)
        music.add(440, from: 0, for: 1)
        music.add(440, from: 2.5, for: 1.5)
        let silences = try music.analysis().markers.silences
        #expect(silences.count == 1)
        #expect(abs(silences[0].start - 1000) < 20 && abs(silences[0].end - 2500) < 20)
    }

    /// EBU Tech 3341, cases 1 and 2: a sine of 1 kHz on both channels.
    @Test(arguments: [-23.0, -33.0]) func theLoudnessOfASineIsKnown(level: Double) throws {
        var music = MadeMusic.silence(6, rate: 48_000, channels: 2)
        music.add(1000, from: 0, for: 6, amplitude: pow(10, level / 20))
        let loudness = try music.analysis().features.loudness
        #expect(abs(try #require(loudness.integrated) - level) < 0.1)
        #expect(try #require(loudness.range) < 0.1)
        #expect(abs(try #require(loudness.truePeak) - level) < 0.2)
    }

    /// A sine of a quarter of the rate whose samples all miss its top.
    @Test func theTruePeakLiesBetweenTheSamples() throws {
        var music = MadeMusic.silence(1, rate: 48_000)
        for index in music.channels[0].indices {
            music.channels[0][index] = Float(0.5 * sin(.pi / 2 * Double(index) + .pi / 4))
        }
        let features = try music.analysis().features
        #expect(abs(features.peak - 0.3536) < 0.001)
        #expect(abs(try #require(features.loudness.truePeak) - 20 * log10(0.5)) < 0.4)
    }

    @Test func theCurvesStandAtTheSameMoments() throws {
        var music = MadeMusic.silence(2, rate: 44_100)
        music.add(1000, from: 0, for: 2)
        var settings = AnalysisSettings()
        settings.extraCurves = Set(AnalysisSettings.ExtraCurve.allCases)
        let features = try music.analysis(settings).features
        #expect(features.curves.map(\.name) == ["bands", "centroid", "chroma", "flux", "rolloff", "zeroCrossings"])
        let moments = features.curves.map { $0.raw.count / $0.width }
        #expect(moments.allSatisfy { abs($0 - 44_100 * 2 / 2048) <= 1 }, "\(moments)")
        let centroid = try #require(features.curves.first { $0.name == "centroid" })
        #expect(abs(Double(centroid.raw[20]) * centroid.scale - 1000) < 200)
        let crossings = try #require(features.curves.first { $0.name == "zeroCrossings" })
        #expect(abs(Double(crossings.raw[20]) * crossings.scale - 2000 / 44_100) < 0.01)
    }

    @Test func theWaveformIsOfAllChannels() throws {
        var music = MadeMusic.silence(1, channels: 2)
        music.channels[0] = music.channels[0].map { _ in 0.5 }
        music.channels[1] = music.channels[1].map { _ in -0.25 }
        let waveform = try music.analysis().waveform
        #expect(waveform.levels.map(\.samplesPerPixel) == Waveform.distances)
        #expect(waveform.levels[0].count == (22_050 + 255) / 256)
        for level in waveform.levels {
            #expect(level.channels[0].allSatisfy { $0 == 64 } && level.channels[1].allSatisfy { $0 == -32 })
            #expect(level.mono.allSatisfy { $0 == 16 } && level.rms.allSatisfy { $0 == 32 })
        }
    }

    @Test func theSameFileGivesTheSame() throws {
        let bytes = noise(seed: 7, frames: 30_000, channels: 2)
        let one = try MadeMusic.analysis(of: bytes)
        #expect(try MadeMusic.analysis(of: bytes) == one)
        #expect(try AnalysisBlob.decode(AnalysisBlob.encode(one)) == one)
        AnalysisUses.all(of: one)
    }

    // MARK: What is odd

    @Test(arguments: [1, 2, 255, 256, 257, 1023, 40_000]) func anyLengthWillDo(frames: Int) throws {
        let found = try MadeMusic.analysis(of: noise(seed: 3, frames: frames))
        #expect(found.features.frames == Int64(frames) && found.waveform.levels[0].count == (frames + 255) / 256)
        AnalysisUses.all(of: found)
    }

    @Test(arguments: [(8000, 1), (11_025, 3), (96_000, 2), (192_000, 1), (44_100, 32)])
    func anyRateAndAnyChannels(rate: Int, channels: Int) throws {
        var music = MadeMusic.silence(0.4, rate: rate, channels: channels)
        music.add(440, from: 0, for: 0.4)
        let found = try music.analysis()
        #expect(found.features.sampleRate == rate && found.features.channels == channels)
        #expect(abs(found.features.peak - 0.3) < 0.001)
        AnalysisUses.all(of: found)
    }

    @Test func whatIsNoNumberIsSilence() throws {
        var music = MadeMusic.silence(1)
        music.add(440, from: 0, for: 1)
        for (place, value) in [(5, Float.nan), (900, .infinity), (901, -.infinity), (5000, .signalingNaN)] {
            music.channels[0][place] = value
        }
        let found = try music.analysis()
        #expect(abs(found.features.peak - 0.3) < 0.001 && found.features.rms.isFinite)
        AnalysisUses.all(of: found)
    }

    @Test func fullScaleSquaresAndDirectCurrent() throws {
        var music = MadeMusic.silence(1)
        for index in music.channels[0].indices { music.channels[0][index] = index / 50 % 2 == 0 ? 1 : -1 }
        #expect(try music.analysis().features.peak == 1)
        music.channels[0] = music.channels[0].map { _ in 1 }
        let found = try music.analysis()
        #expect(found.features.rms == 1 && found.waveform.levels[3].mono.allSatisfy { $0 == 127 })
    }

    // MARK: What cannot be

    @Test func whatIsNoAudioIsToldSo() throws {
        #expect(throws: AnalysisError.self) { try MadeMusic.analysis(of: Array("no audio at all, but words".utf8)) }
        #expect(throws: AnalysisError.self) { try MadeMusic.analysis(of: []) }
        do { _ = try MadeMusic.silence(0).analysis() } catch let error as AnalysisError {
            #expect(error.code == .damaged && error.description.contains("no sound"))
        }
    }

    @Test func aFileThatIsCutIsAnalysedAsFarAsItGoesOrToldSo() throws {
        let bytes = MadeMusic.silence(0.02).wav
        for count in bytes.indices {
            do { AnalysisUses.all(of: try MadeMusic.analysis(of: Array(bytes[..<count]))) } catch is AnalysisError {
            }
        }
    }

    @Test func whoWantsItToEndIsHeard() throws {
        do {
            _ = try MadeMusic.analysis(of: noise(seed: 1, frames: 200_000)) { _, _ in false }
            Issue.record("it went on")
        } catch let error as AnalysisError { #expect(error.code == .cancelled) }
        var calls: [Int64] = []
        _ = try MadeMusic.analysis(of: noise(seed: 1, frames: 100_000)) { done, all in
            calls.append(done)
            return all == 100_000
        }
        #expect(calls == calls.sorted() && calls.count > 2)
    }
}
