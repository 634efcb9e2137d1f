extension FileSystem {
    /// Moves a file or folder, durably, into a folder where it does no harm, and gives its path there.
    ///
    /// The folder is made where it is missing. It keeps its name, unless it gets another `name`. What has the name there already stays, and the new one gets a number.
    @discardableResult
    public static func moveAside(
        _ path: FilePath, to folder: FilePath, as name: FilePath? = nil
    ) throws(FileError) -> FilePath {
        for made in try makeDirectories(folder) { try syncDirectory(made.parent) }
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
}
