public import Digest

/// The summaries of one analyzer at one version of the analyses: what lists show of audio that no person has decided about.
///
/// What cannot be read counts as absent: a list is no place to learn of damage.
public struct AnalysisSummaries: Sendable {
    /// Nothing is known of any audio.
    public static let none = AnalysisSummaries(of: nil, by: nil)

    private let analyses: AnalysesSnapshot?
    private let analyzer: Analyzer?
    private var all: [ContentHash: AnalysisSummary]?

    /// Takes those of an analyzer; nil stands for none. Each is looked up when it is asked for.
    public init(of analyses: AnalysesSnapshot?, by analyzer: Analyzer?) {
        self.analyses = analyses
        self.analyzer = analyzer
    }

    /// The same, read at once: for who is going to ask for very many.
    public func loaded() -> AnalysisSummaries {
        guard let analyses, let analyzer else { return self }
        var found: [ContentHash: AnalysisSummary] = [:]
        var loaded = self
        do {
            try analyses.forEach { entries in
                if let entry = entries.first(where: { $0.key.analyzer == analyzer }) {
                    found[entry.key.audio] = entry.summary
                }
            }
            loaded.all = found
        } catch {}
        return loaded
    }

    /// Who has analysed audio, in whichever version.
    public func analyzers(of audio: ContentHash?) -> [Analyzer] {
        guard let analyses, let audio else { return [] }
        return ((try? analyses.entries(of: audio)) ?? []).map(\.key.analyzer)
    }

    /// What is said of audio; nil where nothing is.
    public subscript(audio: ContentHash?) -> AnalysisSummary? {
        guard let analyses, let analyzer, let audio else { return nil }
        if let all { return all[audio] }
        return (try? analyses.entry(AnalysisKey(audio, by: analyzer)))??.summary
    }
}
