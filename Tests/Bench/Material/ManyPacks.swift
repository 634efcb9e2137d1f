import Files
import TestSupport

/// Packs of one object each, that can be laid into a store again and again.
struct ManyPacks {
    private let files: [FilePath]

    /// Has git make them: a checkpoint closes a pack and begins the next.
    init(_ count: Int, _ workshop: Workshop) throws {
        let repository = workshop.path("packs.git")
        try workshop.finish(["git", "init", "-q", "--bare", repository.string])
        let stream = workshop.path("packs.stream")
        let text = (0..<count).map { "blob\ndata <<END\npack \($0)\nEND\n\ncheckpoint\n\n" }.joined()
        try FileSystem.write(text, to: stream)
        try workshop.finish(
            ["git", "-C", repository.string, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"],
            input: stream)
        let folder = repository.appending("objects/pack")
        files = try FileSystem.list(folder).map { folder.appending($0.name) }
        let made = files.filter { $0.fileExtension == "pack" }.count
        guard made == count else { throw BenchError("git made \(made) packs instead of \(count)") }
    }

    /// Lays those into a store that are not there.
    func link(into library: MadeLibrary) throws {
        for (file, place) in places(in: library) where !FileSystem.exists(place) {
            try FileSystem.link(file, to: place)
        }
    }

    /// Takes them out again.
    func unlink(from library: MadeLibrary) throws {
        for (_, place) in places(in: library) { try FileSystem.remove(place) }
    }

    /// How many packs of any kind a store has.
    func count(in library: MadeLibrary) throws -> Int {
        try FileSystem.list(library.path.appending("objects/pack")).filter { $0.name.fileExtension == "pack" }.count
    }

    private func places(in library: MadeLibrary) -> [(file: FilePath, place: FilePath)] {
        let folder = library.path.appending("objects/pack")
        return files.compactMap { file in file.lastComponent.map { (file, folder.appending($0)) } }
    }
}
