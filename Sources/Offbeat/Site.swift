import Files

/// Whether a place suits a store. A store needs locks and flushes that hold, so a disk of this computer that no other
/// program rearranges.
struct Site {
    private let place: FilePath

    init(_ place: FilePath) { self.place = place }

    /// Refuses network mounts and folders that another program syncs.
    func refuseUnsuitable() throws {
        let place = try place.absolute()
        let standing = try nearestExisting(to: place)
        try refuseInsideStore(try FileSystem.realPath(standing == place ? place.parent : standing))
        if case .network(let kind) = try FileSystem.kind(at: standing) {
            throw refusal("is on a network mount (\(kind))")
        }
        if let program = try synchroniser(of: try FileSystem.realPath(standing)) {
            throw refusal("is inside a folder that \(program) syncs")
        }
    }

    /// Names the program that syncs the folder, or one above it; nil where there is none.
    func synchroniser() throws -> String? {
        try synchroniser(of: FileSystem.realPath(nearestExisting(to: place.absolute())))
    }

    /// What is the matter with the place of a store that is there already.
    func concerns() throws -> [String] {
        let place = try FileSystem.realPath(place)
        var found: [String] = []
        if case .network(let kind) = try FileSystem.kind(at: place) {
            found.append("\(place) is on a network mount (\(kind)), where locks and flushes may not hold")
        }
        if let program = try synchroniser(of: place) {
            found.append("\(place) is inside a folder that \(program) syncs, which will damage it sooner or later")
        }
        return found + conflictCopies(in: place).map { "\($0) is a copy that a syncing program made of a conflict" }
    }

    /// The copies that syncing programs lay beside a file which two computers wrote.
    private func conflictCopies(in place: FilePath) -> [FilePath] {
        ["", "refs", "refs/heads", "objects/pack", "logs/refs/heads", "lfs"].flatMap { folder in
            let folder = place.appending(folder as String)
            return ((try? FileSystem.list(folder)) ?? []).compactMap { entry in
                let name = entry.name.string
                let isCopy = name.contains(".sync-conflict-") || name.contains("conflicted copy")
                return isCopy ? folder.appending(entry.name) : nil
            }
        }
    }

    private func refusal(_ reason: String) -> Failure {
        Failure(
            .notAllowed, "\(place) \(reason), where a store can be damaged",
            hint:
                "make the store on a disk of this computer, or insist with --force")
    }

    /// A store within a store would be swept, collected and copied along with it.
    private func refuseInsideStore(_ path: FilePath) throws {
        var path = path
        while path.lastComponent != nil {
            if try StoreLocator.looksLikeStore(path) {
                throw Failure(
                    .notAllowed, "\(place) is inside the store \(path)", hint: "make the store beside it")
            }
            path = path.parent
        }
    }

    private func nearestExisting(to path: FilePath) throws -> FilePath {
        var path = path
        while try FileSystem.statusIfExists(of: path) == nil, path.lastComponent != nil { path = path.parent }
        return path
    }

    /// Names the program that syncs a folder or one above it, by the traces that it leaves there.
    private func synchroniser(of path: FilePath) throws -> String? {
        var path = path
        while true {
            for (trace, program) in Self.traces
            where try FileSystem.statusIfExists(of: path.appending(trace)) != nil {
                return program
            }
            if let name = path.lastComponent?.string, let program = Self.names[name] { return program }
            if path.lastComponent == nil { return nil }
            path = path.parent
        }
    }

    private static let traces = [
        (".stfolder", "Syncthing"), (".stignore", "Syncthing"), (".dropbox", "Dropbox"),
        (".dropbox.cache", "Dropbox"), (".nextcloudsync.log", "Nextcloud"), (".owncloudsync.log", "ownCloud"),
        (".sync/ID", "Resilio Sync"), (".tmp.drivedownload", "Google Drive"),
    ]

    private static let names = [
        "Dropbox": "Dropbox", "OneDrive": "OneDrive", "Google Drive": "Google Drive",
    ]
}
