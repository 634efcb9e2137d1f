import Files
import TestSupport

/// A place that was prepared once and can be put back to how it was then, as often as wanted.
///
/// The store keeps its directory, by which it knows that it is no copy.
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
                if path == studio.store, isSaved(path) { try empty(path) } else { try FileSystem.removeTree(path) }
            }
            try copy(saved.appending(place.lastComponent ?? "."), to: place.parent)
        }
    }

    private func isSaved(_ store: FilePath) -> Bool {
        FileSystem.exists(saved.appending("work").appending(store.lastComponent ?? ""))
    }

    private func empty(_ directory: FilePath) throws {
        for entry in try FileSystem.list(directory) { try FileSystem.removeTree(directory.appending(entry.name)) }
    }

    private func copy(_ from: FilePath, to place: FilePath) throws {
        try studio.run(["cp", "-a", Word(from), Word(place)], in: studio.root).done()
    }
}
