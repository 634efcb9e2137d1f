import Blobs
import Store

/// Brings files to a remote that lacks them, or has something else in their place.
struct RemoteFileRepair {
    private let repair: RemoteRepair
    private var blobs: BlobStore { repair.check.store.blobs }
    private var files: FolderFiles { repair.check.files }

    init(_ repair: RemoteRepair) { self.repair = repair }

    func run(_ findings: [(finding: RemoteFinding, file: Pointer)]) throws {
        try fetchElsewhere(findings.map(\.file).filter { !blobs.contains($0) })
        let ready = try findings.filter { try isSoundHere($0.file, $0.finding) }
        guard !ready.isEmpty else { return }
        defer { files.release() }
        let kept = try files.replace(ready.map(\.file), from: blobs, report: repair.means.transfers)
        for (finding, file) in ready {
            let words = "it was brought again"
            repair.note(
                finding, kept.contains(file) ? "\(words), and what was there lies in lfs/bad at the remote" : words)
        }
    }

    /// What is damaged here must not take the place of what is damaged there.
    private func isSoundHere(_ file: Pointer, _ finding: RemoteFinding) throws(BlobError) -> Bool {
        switch try blobs.verify(file) {
        case .sound: return true
        case .missing:
            repair.note(finding, "it is not here either: say that on a laptop that has it, or add it again")
        default:
            repair.note(finding, "it is damaged here as well: `offbeat fsck --deep --repair` sees to that first")
        }
        return false
    }

    /// A place that cannot be read now is passed by, like one that lacks them.
    private func fetchElsewhere(_ missing: [Pointer]) throws(SyncError) {
        var missing = missing
        for relay in repair.means.relays where !missing.isEmpty {
            do throws(SyncError) {
                _ = try relay.download(missing, to: blobs, report: repair.means.transfers)
            } catch {
                if error.code == .noSpace { throw error }
            }
            missing.removeAll { blobs.contains($0) }
        }
    }
}
