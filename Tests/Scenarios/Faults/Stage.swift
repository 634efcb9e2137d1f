import Files
import TestSupport

/// A place that was prepared once and can be put back to how it was then, as often as wanted.
///
/// Stores keep their directories, by which they know that they are no copies.
struct Stage: Sendable {
    let studio: Studio
    private let saved: FilePath

    /// Keeps what the place holds now.
    init(_ studio: Studio) throws {
        self.studio = studio
        saved = studio.root.appending("saved")
        try FileSystem.makeDirectory(saved)
        for place in [studio.home, studio.work] { try copy(place, to: saved) }
    }

    /// Puts everything back.
    func reset() throws {
        for place in [studio.home, studio.work] {
            for entry in try FileSystem.list(place) {
                let path = place.appending(entry.name)
                if isSavedStore(path) { try empty(path) } else { try FileSystem.removeTree(path) }
            }
            try copy(saved.appending(place.lastComponent ?? "."), to: place.parent)
        }
    }

    private func isSavedStore(_ path: FilePath) -> Bool {
        let copy = saved.appending("work").appending(path.lastComponent ?? "")
        return path.parent == studio.work && FileSystem.exists(copy.appending("replica"))
    }

    private func empty(_ directory: FilePath) throws {
        for entry in try FileSystem.list(directory) { try FileSystem.removeTree(directory.appending(entry.name)) }
    }

    private func copy(_ from: FilePath, to place: FilePath) throws {
        try studio.run(["cp", "-a", Word(from), Word(place)], in: studio.root).done()
    }
}
