/// What can be chosen about an analysis. The standard is what the version of this project's own analyzer stands for.
public struct AnalysisSettings: Sendable, Equatable {
    /// The frames from one value of a curve to the next, one of ``hops``.
    public var hop = 2048
    /// Curves that are left out unless somebody wants them, to keep blobs small.
    public var extraCurves: Set<ExtraCurve> = []

    /// Fewer make more values than anybody looks at, more make none.
    public static let hops = 64...65_536

    /// The standard.
    public init() {}

    /// A curve that is left out unless somebody wants it.
    public enum ExtraCurve: String, Sendable, CaseIterable {
        /// The frequency below which 85 % of the energy lies, in hertz.
        case rolloff
        /// How much the spectrum differs from the one before.
        case flux
        /// How often samples change their sign.
        case zeroCrossings
    }
}
