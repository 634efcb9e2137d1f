import Blobs
import Files
import Offbeat
import Store
import TestSupport
import Testing

extension Place {
    /// Where the remote of a name is.
    func remote(_ name: String = "origin") -> FilePath { folder.appending("\(name).git") }

    /// Makes a remote.
    func addRemote(_ name: String = "origin") throws {
        _ = try library.addRemote(name, at: remote(name).string, from: folder)
    }

    /// Brings the present version to a remote, with all files that are here unless it is said otherwise.
    func push(to name: String = "origin", withFiles: Bool = true) throws {
        try git("push", "-q", name, "main")
        try git("fetch", "-q", name)
        guard withFiles else { return }
        let blobs = try store.blobs
        for file in try blobs.files() { try give(FileSystem.read(blobs.path(of: file.oid)), as: file, to: name) }
    }

    /// Puts a file into a remote, or something else in its place.
    func give(_ bytes: [UInt8], as file: Pointer, to name: String = "origin") throws {
        let path = BlobStore(directory: remote(name).appending("lfs")).path(of: file.oid)
        try FileSystem.makeDirectories(path.parent)
        try FileSystem.remove(path)
        try FileSystem.write(bytes, to: path)
    }

    /// Loses files of this computer, as somebody does who deletes them by hand.
    func lose(_ files: Pointer...) throws {
        let blobs = try store.blobs
        for file in files { try FileSystem.remove(blobs.path(of: file.oid)) }
        try blobs.journal.rebuild()
    }

    func isHere(_ file: Pointer) throws -> Bool { try store.blobs.contains(file) }

    @discardableResult
    func git(_ words: String...) throws -> String {
        let result = try run(
            command: "git",
            arguments: ["-C", path.string, "-c", "user.name=G", "-c", "user.email=g@invalid"] + words,
            environment: hermeticEnvironment(home: folder))
        try #require(result.status == 0, "\(words): \(result.stderr)")
        return result.stdout
    }
}
