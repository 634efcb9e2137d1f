import Digest
import Files

/// The remote of a store under attack, and what must never be found there.
extension Studio {
    /// Beside the store, so that it is put back with it.
    var remote: FilePath { work.appending("remote.git") }

    /// The store of another laptop, which has its own life.
    var elsewhere: FilePath { root.appending("elsewhere") }

    var isRemoteThere: Bool { FileSystem.exists(remote.appending("HEAD")) }

    /// What git finds wrong there.
    func complaintsAtRemote() throws -> String {
        // To a new one nothing was ever pushed, which git finds remarkable.
        if try git("for-each-ref", in: remote).done().text.isEmpty { return "" }
        let check = try git("fsck", "--strict", "--full", "--no-dangling", "--no-progress", in: remote)
        return check.status == 0 && check.out.isEmpty && check.err.isEmpty ? "" : "\(check)"
    }

    /// The files that any version there names, and that are not there with the bytes of their names.
    func filesLostAtRemote() throws -> [ContentHash] {
        let list = try git("rev-list", "--objects", "--all", in: remote).done().text.split(separator: "\n")
        let objects = try objects(list.map { String($0.prefix(40)) }, in: remote)
        return try Set(objects.compactMap { $0.flatMap(Picture.pointer) }).filter { oid in
            let (first, second) = (oid.hex.prefix(2), oid.hex.dropFirst(2).prefix(2))
            let bytes = try FileSystem.readIfExists(remote.appending("lfs/objects/\(first)/\(second)/\(oid)"))
            return bytes.map { ContentHash(of: $0) } != oid
        }
    }

    /// What somebody who was cut off has left there. Who had not yet said who he is stays for a day: he may be of another
    /// computer.
    func leftoversAtRemote() throws -> [String] {
        var left: [String] = []
        for name in ["lfs/tmp", "lfs/leases"] where FileSystem.exists(remote.appending(name)) {
            for entry in try FileSystem.list(remote.appending(name)) {
                let owner = remote.appending(name).appending(entry.name).appending("owner")
                if try FileSystem.readIfExists(owner)?.isEmpty == false { left.append("\(name)/\(entry.name)") }
            }
        }
        for item in DirectoryWalk(remote, entering: { $0 != remote.appending("objects") })
        where item.path.string.hasSuffix(".lock") && item.path != remote.appending("lfs/journal.lock") {
            left.append(item.path.string)
        }
        return left
    }
}

extension Picture {
    /// What the remote holds, and what is known of it here.
    mutating func lookAtRemote(of studio: Studio, knowing known: Set<String>) throws {
        let isThere = studio.isRemoteThere
        let there = isThere ? try studio.git("for-each-ref", "refs/heads", in: studio.remote).done().text : ""
        if isStore {
            try lookAtFiles(of: studio)
            for line in try studio.git("config", "--local", "--get-regexp", "^remote\\.").text.split(
                separator: "\n")
            {
                lines["setting \(line.prefix { $0 != " " })"] = String(line)
            }
            let seen = try studio.git("for-each-ref", "refs/remotes").done().text
            let isLatest = seen.replacing("refs/remotes/origin/", with: "refs/heads/") == there
            lines[Picture.lastSeen] = seen.isEmpty ? "never" : isLatest ? "as it is" : "as it was"
        }
        guard isThere else { return }
        let files = studio.remote.appending("lfs/objects")
        for case .file(let path) in DirectoryWalk(files) {
            guard let name = path.lastComponent?.string, let oid = ContentHash(hex: name) else { continue }
            let isRight = ContentHash(of: try FileSystem.read(path)) == oid
            lines["remote file \(name)"] = isRight ? "there" : "wrong"
        }
        lines["remote"] = "there"
        guard !there.isEmpty else { return }
        let contents = try studio.contents(of: "refs/heads/main", in: studio.remote)
        addLines(of: contents, knowing: known, after: "remote ")
    }
}
