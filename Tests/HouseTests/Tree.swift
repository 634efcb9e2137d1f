import Glibc

/// The sources of this package on disk.
enum Tree {
    /// The top of the repository.
    static let top: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return parts.joined(separator: "/")
    }()

    /// Returns the paths of all Swift files at and below a folder, sorted.
    static func swiftFiles(below folder: String) -> [String] {
        entries(of: folder).flatMap { entry -> [String] in
            let path = "\(folder)/\(entry.name)"
            if entry.isDirectory { return swiftFiles(below: path) }
            return entry.name.hasSuffix(".swift") ? [path] : []
        }
    }

    /// Returns the names of the folders in a folder, sorted.
    static func folders(in folder: String) -> [String] {
        entries(of: folder).filter(\.isDirectory).map(\.name)
    }

    /// Returns the text of a file; empty if it cannot be read.
    static func text(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func entries(of folder: String) -> [(name: String, isDirectory: Bool)] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var result: [(name: String, isDirectory: Bool)] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            result.append((name, entry.pointee.d_type == UInt8(DT_DIR)))
        }
        return result.sorted { $0.name < $1.name }
    }
}
