import Catalog
import Digest
import Files
import TestSupport

/// All that a place says, names and contents.
func fingerprint(of place: FilePath) throws -> [String: [UInt8]] {
    guard let status = try FileSystem.statusIfExists(of: place) else { return [:] }
    guard status.kind == .directory else { return ["": try FileSystem.read(place)] }
    var found: [String: [UInt8]] = [:]
    for case .file(let path) in DirectoryWalk(place) { found[path.string] = try FileSystem.read(path) }
    // Whose lock it was is no part of a store.
    return found.filter { !$0.key.hasSuffix("/offbeat.lock") }
}

/// What a disk, a person or plain git can do to a store.
extension Studio {
    /// Commits another text for a file of the store, as plain git can.
    func commit(_ text: String, to path: String) throws { try commit(Array(text.utf8), to: path) }

    /// The same for bytes.
    func commit(_ bytes: [UInt8], to path: String) throws {
        let clone = try clone("clone-\(UInt64.random(in: .min ... .max))")
        // Where the branch is gone this would begin another history.
        try git("rev-parse", "-q", "--verify", "HEAD", in: clone).done()
        // Without the filters, so that a pointer can be broken too.
        try FileSystem.write(bytes, to: root.appending("text"))
        let blob = try git("hash-object", "-w", "--no-filters", Word(root.appending("text")), in: clone).done().line
        try git("update-index", "--add", "--cacheinfo", "100644,\(blob),\(path)", in: clone).done()
        try git("commit", "-q", "-m", "Scribble", in: clone).done()
        try git("push", "-q", "--no-verify", "origin", "HEAD:main", in: clone).done()
    }

    /// Removes a file of the store in a commit of plain git.
    func commitRemoval(of path: String) throws {
        let clone = try clone("clone-\(UInt64.random(in: .min ... .max))")
        try git("rm", "-q", "--cached", "\(path)", in: clone).done()
        try git("commit", "-q", "-m", "Remove", in: clone).done()
        try git("push", "-q", "--no-verify", "origin", "HEAD:main", in: clone).done()
    }

    func changeStoreRecord(_ change: (inout JSONObject) -> Void) throws {
        var record = try JSON.parse(git("show", "main:offbeat.json").done().out).asObject ?? [:]
        change(&record)
        try commit(JSON.object(record).canonical(), to: "offbeat.json")
    }

    /// Takes every pack apart, so that one object can be broken alone.
    func unpackAll(in place: FilePath? = nil) throws {
        let packs = (place ?? store).appending("objects/pack")
        for entry in try FileSystem.list(packs) where entry.name.fileExtension == "pack" {
            let pack = root.appending(entry.name)
            try FileSystem.rename(packs.appending(entry.name), to: pack)
            for suffix in ["idx", "rev"] { try FileSystem.remove(packs.appending("\(entry.name.stem).\(suffix)")) }
            _ = try run(["git", "unpack-objects", "-q"], in: place ?? store, stdin: .file(pack)).done()
        }
    }

    /// Where an object lies that is in no pack.
    func looseObject(_ name: Word) throws -> FilePath {
        try unpackAll()
        let id = try git("rev-parse", "--verify", name).done().line
        return store.appending("objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }

    func corrupt(_ name: Word) throws { try scribble(over: looseObject(name), from: 4) }

    func scribble(over file: FilePath, from offset: Int) throws {
        var bytes = try FileSystem.read(file)
        for index in bytes.indices.dropFirst(offset) { bytes[index] ^= 0x5A }
        try overwrite(file, with: bytes)
    }

    /// Puts other bytes into a file that may be read-only; the inode stays.
    func overwrite(_ file: FilePath, with bytes: [UInt8]) throws {
        let mode = try FileSystem.status(of: file).mode
        try FileSystem.setMode(of: file, to: 0o644)
        try FileSystem.write(bytes, to: file)
        try FileSystem.setMode(of: file, to: mode)
    }

    /// Where the store keeps a track's audio.
    func file(of id: String) throws -> FilePath {
        guard let oid = try track(id)["audio"]?["oid"]?.asString else { throw Unexpected("\(id) has no audio") }
        return store.appending("lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)")
    }

    /// Lays a file among the stored ones, as git-lfs or a program that was cut off might, and answers its place.
    @discardableResult
    func plant(_ bytes: [UInt8], in folder: String) throws -> FilePath {
        let oid = ContentHash(of: bytes).hex
        let shelf = folder == "objects" ? "objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))" : folder
        let place = store.appending("lfs/\(shelf)")
        try FileSystem.makeDirectories(place)
        try FileSystem.write(bytes, to: place.appending(oid), mode: 0o444)
        return place.appending(oid)
    }
}
