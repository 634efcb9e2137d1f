extension FileSystem {
    /// Moves a file or folder, durably, into a folder where it does no harm, and gives its path there.
    ///
    /// The folder is made where it is missing. It keeps its name, unless it gets another `name`. What has the name there already stays, and the new one gets a number.
    ///
    /// - Parameters:
    ///   - root: must be there; nothing outside of it is made.
    ///   - modes: the permissions of folders that are made.
    @discardableResult
    public static func moveAside(
        _ path: FilePath, to folder: FilePath, as name: FilePath? = nil, inside root: FilePath = "/",
        modes: SharedModes = .unshared
    ) throws(FileError) -> FilePath {
        for made in try makeDirectories(folder, inside: root, modes: modes) { try syncDirectory(made.parent) }
        let name = (name ?? path.lastComponent)?.bytes ?? []
        var place = folder.appending(bytes: name)
        var number = 1
        while try !renameIfFree(path, to: place) {
            number += 1
            place = folder.appending(bytes: name + ".\(number)".utf8)
        }
        try syncDirectory(path.parent)
        try syncDirectory(folder)
        return place
    }

    /// Gives a file a second name in a folder where it does no harm, durably: so it is kept when another takes its place.
    ///
    /// What can have no second name, since it is no file or the file system knows no such thing, is moved there.
    public static func keepAside(
        _ path: FilePath, in folder: FilePath, inside root: FilePath = "/", modes: SharedModes = .unshared
    ) throws(FileError) {
        let status = try status(of: path, followingLinks: false)
        if status.kind == .regular, try linkAside(path, status, in: folder, inside: root, modes) { return }
        try moveAside(path, to: folder, inside: root, modes: modes)
    }

    private static func linkAside(
        _ path: FilePath, _ status: FileStatus, in folder: FilePath, inside root: FilePath, _ modes: SharedModes
    ) throws(FileError) -> Bool {
        for made in try makeDirectories(folder, inside: root, modes: modes) { try syncDirectory(made.parent) }
        let name = path.lastComponent?.bytes ?? []
        for number in 1... {
            let place = folder.appending(bytes: number == 1 ? name : name + ".\(number)".utf8)
            do throws(FileError) {
                try link(path, to: place)
                break
            } catch {
                if error.isOfLinking { return false }
                guard error.code == .exists else { throw error }
                // Somebody was cut off after this.
                if try self.status(of: place, followingLinks: false).isSameFile(as: status) { break }
            }
        }
        try syncDirectory(folder)
        return true
    }
}
