import Audio
import Catalog
public import Files
import Git
import Guests
public import Store

extension Library {
    /// Looks at everything in the library at a place, and mends what can be mended if that is asked for.
    ///
    /// It need not be possible to open the library: what is damaged is what is told. Without repair nothing is changed.
    ///
    /// - Parameter withRemote: whether the remote that a sync would take is looked at as well, and mended.
    public static func check(
        at path: FilePath, _ request: CheckRequest, repairing: Bool = false, withRemote: Bool = false,
        context: StoreContext, progress: Progress = .none
    ) throws(Failure) -> CheckReport {
        let watch = CheckWatch(
            report: { what, done, total, isBytes in
                progress.report(what, done: done, of: total, isBytes ? .bytes : .items)
            },
            checkStopped: { try progress.checkStopped("interrupted") })
        do {
            var request = request
            var use: ScratchUse?
            defer { withExtendedLifetime(use) {} }
            if let scratch = try Scratch.at(path) {
                if repairing || withRemote {
                    throw Failure(
                        .notAllowed, "a guest's store is not repaired, and has no remote",
                        hint: "`offbeat guest end` takes it away; check the library itself with --store")
                }
                use = try scratch.enter(context)
                request.lender = try scratch.base
                try Fence(aroundLibraryAt: scratch.base).requireWritable(request.scratch)
            }
            if withRemote { try requireRemote(of: path, request, context: context) }
            var report =
                repairing
                ? try repair(at: path, request, context: context, watch: watch, progress)
                : try Store.check(at: path, request, context: context, watch: watch)
            if withRemote {
                try checkRemote(
                    of: path, request, repairing: repairing, context: context, watch: watch, progress: progress,
                    into: &report)
            }
            return report
        } catch { throw Failure(error) }
    }

    private static func repair(
        at path: FilePath, _ request: CheckRequest, context: StoreContext, watch: CheckWatch, _ progress: Progress
    ) throws -> CheckReport {
        let report = try Store.repair(
            at: path, request, with: means(for: path, progress), context: context, watch: watch)
        // What was taken for here may be gone, so the next sync looks at everything.
        if report.problems.contains(where: { $0.kind == .file }) { FilesNote.remove(in: path) }
        return report
    }

    /// What about a place can damage a store sooner or later, in sentences: nothing, as a rule.
    public static func concerns(about path: FilePath) -> [String] {
        (try? Site(path).concerns()) ?? []
    }

    private static func means(for path: FilePath, _ progress: Progress) -> RepairMeans {
        let decoding = Decoding(inStoreAt: path, progress)
        return RepairMeans(otherCopies: { otherCopies(of: path) }) { file in
            guard let found = try? decoding.inspect(file, file.path, isNamed: true).facts,
                let suffix = FileExtension(found.fileExtension)
            else { return nil }
            let description = RepairMeans.AudioDescription(
                format: found.format, frames: found.frames, sampleRate: found.sampleRate, channels: found.channels,
                bits: found.bits)
            return (description, suffix)
        }
    }

    /// The remotes that are directories of this computer: each may hold what is lost here.
    private static func otherCopies(of path: FilePath) -> [FilePath] {
        guard let addresses = try? Repository(at: path).remoteAddresses() else { return [] }
        return RemoteFolders(addresses, from: path).places.filter { FileSystem.exists($0.appending("objects")) }
    }
}
