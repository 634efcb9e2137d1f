import Catalog
import Offbeat

/// The analysis of what a command has brought into the library, after all of that is done.
struct Arrivals {
    static let noAnalyze = Option.flag("no-analyze", help: "Leave the analysis to a later command.")
    /// The member of a command's document that tells what could not be analysed.
    static let json = #""unanalyzed":[{"id","stem","reason","hint"}]"#

    private let analysis: ArrivalAnalysis

    /// Analyses with `work`, unless the call says not to.
    init(_ invocation: Invocation, _ work: () -> ArrivalAnalysis) {
        analysis = invocation[Self.noAnalyze] ? ArrivalAnalysis() : work()
        invocation.progress.end()
    }

    /// How the command ends that was `done` otherwise: what could not be analysed is in the library none the less.
    func exit(_ status: ExitStatus) -> ExitStatus {
        analysis.stopped?.code == .interrupted && status == .done ? .interrupted : status
    }

    var document: JSON {
        .array(
            analysis.failed.map { failed in
                [
                    "id": .string(failed.id.description), "stem": .string(failed.stem),
                    "reason": .string(failed.failure.message),
                    "hint": failed.failure.hint.map(JSON.string) ?? .null,
                ]
            })
    }

    func describe(on page: inout Page) {
        if let stopped = analysis.stopped { return page.line("Not all is analysed: \(stopped)") }
        for (_, _, failure) in analysis.failed { page.line("Not analysed: \(failure)") }
    }
}
