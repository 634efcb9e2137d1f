import Analysis
import Catalog
import Testing

/// Everything that is done with an analysis once it was read; none of it may stop the program.
enum AnalysisUses {
    static func all(of analysis: SoundAnalysis) {
        #expect(JSON.object(analysis.document).canonical().count == analysis.rawSize)
        for perChannel in [true, false] {
            _ = analysis.audiowaveform(samplesPerPixel: 1024, perChannel: perChannel)
            _ = analysis.audiowaveformJSON(perChannel: perChannel)
        }
        _ = analysis.jams()
        _ = analysis.png(width: 40, height: 20)
        #expect((try? AnalysisBlob.decode(AnalysisBlob.encode(analysis))) == analysis)
    }
}
