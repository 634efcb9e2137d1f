public import Files

extension Store {
    /// Looks at everything in the store at a place, and changes not a byte of it.
    ///
    /// It needs no sound store: what is damaged is told, however much it is. Writers may be at work meanwhile. Throws
    /// `.notAStore` where there is none, and `.newerFormat` for one that a later program made.
    public static func check(
        at path: FilePath, _ request: CheckRequest, context: StoreContext, watch: CheckWatch = CheckWatch()
    ) throws -> CheckReport {
        try Inspection(at: path, context: context, request: request, watch: watch).run()
    }
}
