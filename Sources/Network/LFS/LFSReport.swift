/// Who is told how far a transfer is, and may end it. Calls come from any thread.
public struct LFSReport: Sendable {
    /// Is told how many more files and bytes there are to move, whenever a server has said so.
    let planned: @Sendable (_ files: Int, _ bytes: Int64) -> Void
    /// Is told how much has been moved since the call before; of a large file also pieces, as no file.
    let done: @Sendable (_ files: Int, _ bytes: Int64) -> Void
    /// Is asked several times a second whether somebody wants an end.
    let isStopped: @Sendable () -> Bool

    /// Tells nobody.
    public static let none = LFSReport()

    /// Tells these.
    ///
    /// - Parameters:
    ///   - planned: is told how many more files and bytes there are to move, whenever a server has said so.
    ///   - done: is told how much has been moved since the call before; of a large file also pieces, as no file.
    ///   - isStopped: is asked several times a second whether somebody wants an end.
    public init(
        planned: @escaping @Sendable (_ files: Int, _ bytes: Int64) -> Void = { _, _ in },
        done: @escaping @Sendable (_ files: Int, _ bytes: Int64) -> Void = { _, _ in },
        isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        (self.planned, self.done, self.isStopped) = (planned, done, isStopped)
    }
}
