import Files

/// The files that a person named, and those that are in the folders that a person named.
struct FileSearch: Sendable {
    /// A file that may be audio.
    struct Candidate: Sendable {
        let path: FilePath
        /// Its place in `folders`.
        let folder: Int
        /// A file that is no audio is a failure when a person or a list named it, and passed over when a walk met it.
        var isNamed: Bool
    }

    /// A folder that candidates lie in.
    struct Folder: Sendable {
        let path: FilePath
        /// Whether all of its files are candidates.
        var isWalked: Bool
    }

    private(set) var candidates: [Candidate] = []
    private(set) var folders: [Folder] = []
    private(set) var skipped: [FilePath] = []
    private(set) var failed: [(path: FilePath, failure: Failure)] = []
    private var places: [FilePath: Int] = [:]

    /// Looks for files; the folder of the store itself is never walked, nor that of the one that it lies over.
    ///
    /// - Throws: `.notAllowed` where a path leads to what may not be read by its path: then nothing is looked at.
    init(_ paths: [FilePath], outside fence: Fence) throws {
        let home = try FileSystem.status(of: fence.home)
        for path in paths where FileSystem.exists(path) { try fence.requireReadable(path) }
        for path in paths {
            do {
                let status = try FileSystem.status(of: path)
                if status.kind == .directory {
                    if home.isSameFile(as: status) {
                        throw Failure(.usage, "\(path) is the store itself", hint: "name the folder of your audio")
                    }
                    walk(path, home)
                } else {
                    add(path, isNamed: true)
                }
            } catch { failed.append((path, Failure(error))) }
        }
    }

    private mutating func walk(_ root: FilePath, _ home: FileStatus) {
        let entering: (FilePath) -> Bool = { path in
            guard path.lastComponent?.isHidden != true else { return false }
            guard let status = try? FileSystem.status(of: path) else { return true }
            return !home.isSameFile(as: status)
        }
        for item in DirectoryWalk(root, entering: entering) {
            switch item {
            case .file(let path) where path.lastComponent == FilePath(ExportManifest.fileName):
                folders[place(of: path.parent)].isWalked = true
            // Programs keep their own files there: half-written ones, and what other systems note of each file.
            case .file(let path) where path.lastComponent?.isHidden == true: skipped.append(path)
            case .file(let path): add(path, isNamed: false)
            case .other(let path, _): skipped.append(path)
            case .unreadable(let path, let error): failed.append((path, Failure(error)))
            }
        }
    }

    /// Counts the candidates as named that a list names.
    mutating func expect(_ isListed: (Candidate) -> Bool) {
        for index in candidates.indices where isListed(candidates[index]) { candidates[index].isNamed = true }
    }

    private mutating func add(_ path: FilePath, isNamed: Bool) {
        let folder = place(of: path.parent)
        if !isNamed { folders[folder].isWalked = true }
        candidates.append(Candidate(path: path, folder: folder, isNamed: isNamed))
    }

    private mutating func place(of folder: FilePath) -> Int {
        // Files of one folder mostly come one after the other.
        if let last = candidates.last?.folder, folders[last].path == folder { return last }
        if let known = places[folder] { return known }
        places[folder] = folders.count
        folders.append(Folder(path: folder, isWalked: false))
        return folders.count - 1
    }
}
