import Analysis
import Catalog
import Store

/// In which form an analysis is written out.
public enum AnalysisFormat: String, CaseIterable, Sendable {
    /// All of it as plain JSON.
    case json
    /// The blob as it is kept.
    case oba
    /// The BBC's data file of a waveform.
    case audiowaveform
    /// The same as JSON.
    case audiowaveformJSON = "audiowaveform-json"
    /// Annotations, for programs that compare them.
    case jams
    /// A picture of the waveform.
    case png
}

extension AnalysisReading {
    /// What can be chosen about a form.
    public struct Shape: Sendable {
        /// How many samples a point of a waveform stands for; the nearest without a number.
        public var samplesPerPixel: Int?
        /// Whether each channel is told by itself.
        public var splitsChannels = false
        /// The width of a picture.
        public var width = 1200
        /// Its height.
        public var height = 240

        /// The usual shape.
        public init() {}
    }

    /// The analysis in a form.
    public func bytes(as format: AnalysisFormat, _ shape: Shape = Shape()) throws(Failure) -> [UInt8] {
        switch (format, content) {
        case (.oba, _): return blob
        case (.json, _): return JSON.object(plain).canonical()
        case (.audiowaveform, .sound(let analysis)):
            let level = try level(of: analysis, shape)
            return analysis.audiowaveform(samplesPerPixel: level, perChannel: shape.splitsChannels)
        case (.audiowaveformJSON, .sound(let analysis)):
            let level = try level(of: analysis, shape)
            return analysis.audiowaveformJSON(samplesPerPixel: level, perChannel: shape.splitsChannels)
        case (.jams, .sound(let analysis)):
            return analysis.jams(
                title: title, artist: artist, analyzer: analyzer.name, version: analyzer.version)
        case (.png, .sound(let analysis)): return analysis.png(width: shape.width, height: shape.height)
        case (_, .other):
            throw Failure(
                .wrongState,
                "\(analyzer) has said it in words of its own, which cannot be written as \(format.rawValue)",
                hint: "--format json and --format oba give what it said")
        }
    }

    private func level(of analysis: SoundAnalysis, _ shape: Shape) throws(Failure) -> Int {
        let levels = analysis.waveform.levels
        guard let wanted = shape.samplesPerPixel else { return levels.first?.samplesPerPixel ?? 0 }
        if levels.contains(where: { $0.samplesPerPixel == wanted }) { return wanted }
        throw Failure(
            .usage, "there is no waveform of \(wanted) samples a pixel",
            hint: "there are: " + levels.map { "\($0.samplesPerPixel)" }.joined(separator: ", "))
    }
}
