import Digest
import Files
import TestSupport

/// Every path below a folder, with its kind, mode, size, time and content: equal only if nothing was touched.
struct Imprint: Equatable {
    private var lines: [String: String] = [:]

    /// Of a store without its folder `scratch`, and without the time of the folder itself, which that one changes.
    init(of store: FilePath) throws {
        try look(at: store, below: "")
    }

    /// Of a whole folder.
    init(all folder: FilePath) throws { try look(at: folder, below: "./") }

    private mutating func look(at folder: FilePath, below prefix: String) throws {
        for entry in try FileSystem.list(folder) {
            let path = folder.appending(entry.name)
            let name = prefix + entry.name.string
            if name == "scratch" { continue }
            let status = try FileSystem.status(of: path, followingLinks: false)
            let time = status.modified
            var line = "\(entry.kind) \(status.mode) \(time.seconds).\(time.nanoseconds)"
            switch entry.kind {
            case .regular: line += " \(status.size) \(ContentHash(of: try FileSystem.read(path)).hex)"
            case .directory: try look(at: path, below: name + "/")
            default: break
            }
            lines[name] = line
        }
    }

    /// What is otherwise than it was, a path a line.
    func differences(from other: Imprint) -> [String] {
        Set(lines.keys).union(other.lines.keys).filter { lines[$0] != other.lines[$0] }.sorted()
            .map { "\($0): \(lines[$0] ?? "absent") instead of \(other.lines[$0] ?? "absent")" }
    }
}
