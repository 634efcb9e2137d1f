import Blobs
import Store

extension RemoteInspection {
    /// Looks whether the files are there; those that were chosen are hashed.
    func inspectFiles(hashing alone: Set<Pointer>?) throws {
        let files = named.keys.filter { !$0.isEmpty }.sorted { $0.oid < $1.oid }
        let hashed = alone.map { wanted in files.filter(wanted.contains) } ?? chosen(of: files)
        counts.files = files.count
        counts.hashed = hashed.count
        counts.bytes = hashed.totalSize
        let unsound = try check.files.unsound(files, hashing: Set(hashed), watch: check.watch)
        for file in files {
            guard let verdict = unsound[file] else { continue }
            add(
                .file, "\(file.oid)",
                "the file of \(named[file] ?? "a pointer") \(place) \(verdict.words(expecting: file))",
                "`offbeat fsck --remote --repair` brings it again if it is here; else say that on a laptop that has it",
                remedy: .file(file))
        }
    }

    /// The share of the files that is asked for, by chance.
    private func chosen(of files: [Pointer]) -> [Pointer] {
        var random = check.store.context.random
        let count = (files.count * check.request.hashedPercent + 99) / 100
        return Array(files.shuffled(using: &random).prefix(count))
    }
}
