public import Files
public import Store

extension Library {
    /// Looks at everything in the library at a place, and mends what can be mended if that is asked for.
    ///
    /// It need not be possible to open the library: what is damaged is what is told. Without repair nothing is changed.
    public static func check(
        at path: FilePath, _ request: CheckRequest, context: StoreContext, progress: Progress = .none
    ) throws(Failure) -> CheckReport {
        let watch = CheckWatch(
            report: { what, done, total, isBytes in
                progress.report(what, done: done, of: total, isBytes ? .bytes : .items)
            },
            checkStopped: {
                try progress.checkStopped("interrupted; what was found so far is not told")
            })
        do { return try Store.check(at: path, request, context: context, watch: watch) } catch {
            throw Failure(error)
        }
    }

    /// What about a place can damage a store sooner or later, in sentences: nothing, as a rule.
    public static func concerns(about path: FilePath) -> [String] {
        (try? Site(path).concerns()) ?? []
    }
}
