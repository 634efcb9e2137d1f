public import Files

/// What was made of a damaged pack.
public enum PackMending: Hashable, Sendable {
    /// It has a right index again, of so many objects.
    case indexed(Int)
    /// So many of its objects are in a new pack; of how many is known where the damaged one could still say it.
    case salvaged(Int, of: Int)
    /// There is nothing of it but its index.
    case gone
}

extension Repository {
    /// Makes a pack's index anew where the pack is whole; else puts what is sound in it into a new pack.
    ///
    /// Damaged files are moved to the folder `bad`, after what takes their place is on the disk. May be done again after
    /// being cut off anywhere. New files and folders get the permissions that `modes` makes of theirs.
    public func mendPack(
        _ name: String, temporary: TemporaryDirectory, movingTo bad: FilePath, modes: SharedModes = .unshared
    ) throws(GitError) -> PackMending? {
        let files = PackFiles(folder: packsPath, name: name)
        guard let fault = try files.check()?.fault else { return nil }
        let mending: PackMending
        switch fault {
        case .packMissing:
            try move([files.index], to: bad, modes)
            mending = .gone
        case .indexMissing, .indexDamaged:
            if let indexed = try index(files, temporary, modes) {
                mending = indexed
            } else {
                mending = try salvage(files, temporary, movingTo: bad, modes)
            }
        case .packDamaged: mending = try salvage(files, temporary, movingTo: bad, modes)
        }
        try refresh()
        return mending
    }

    /// Writes a new index; nil where the pack itself turns out not to be whole.
    private func index(_ files: PackFiles, _ temporary: TemporaryDirectory, _ modes: SharedModes) throws(GitError)
        -> PackMending?
    {
        let scan = try PackScan(of: files.pack, starts: [], in: self)
        var entries: [PackIndex.Entry] = []
        let isWhole = try scan.forEach { (found) throws(GitError) in
            entries.append(
                PackIndex.Entry(id: found.id, checksum: scan.checksum(of: found), offset: found.range.lowerBound))
        }
        guard isWhole else { return nil }
        let bytes = PackIndex.encoded(entries, packChecksum: scan.trailer)
        return try GitError.translating("write index", about: files.name) { () throws(FileError) in
            let batch = WriteBatch(temporary: temporary, modes: modes, inside: path)
            let draft = temporary.newPath()
            let file = try FileDescriptor.open(draft, .write, create: .exclusive)
            try file.write(all: bytes)
            try batch.add(file, at: draft, to: files.index, replacing: true)
            try batch.commit()
            // It would speak of the order that the old index had.
            _ = try FileSystem.remove(files.folder.appending("\(files.name).rev"))
            return .indexed(entries.count)
        }
    }

    private func salvage(
        _ files: PackFiles, _ temporary: TemporaryDirectory, movingTo bad: FilePath, _ modes: SharedModes
    ) throws(GitError) -> PackMending {
        let all = [files.index, files.folder.appending("\(files.name).rev"), files.pack]
        guard (try? FileSystem.status(of: files.pack).kind) == .regular else {
            try move(all, to: bad, modes)
            return .gone
        }
        // A doubtful index still helps: what it says is only where to look.
        let index = (try? FileSystem.read(files.index)) ?? []
        let starts = (try? PackIndex.decode(index, of: files.name, packSize: .max))?.map(\.offset) ?? []
        let scan = try PackScan(of: files.pack, starts: starts, in: self)
        let writer = try PackWriter(temporary: temporary)
        var seen: Set<ObjectID> = []
        _ = try scan.forEach { (found) throws(GitError) in
            guard seen.insert(found.id).inserted else { return }
            try writer.add(PendingObject(id: found.id, kind: found.kind, bytes: found.bytes))
        }
        if writer.count > 0 {
            let batch = WriteBatch(temporary: temporary, modes: modes, inside: path)
            _ = try writer.finish(into: batch, in: packsPath)
            try GitError.translating("write pack", about: files.name) { () throws(FileError) in try batch.commit() }
        }
        try move(all, to: bad, modes)
        return .salvaged(seen.count, of: max(starts.count, min(scan.announced, 1 << 24)))
    }

    /// Moves files aside, where they do no harm and a person finds them.
    private func move(_ files: [FilePath], to bad: FilePath, _ modes: SharedModes) throws(GitError) {
        try GitError.translating("move aside", about: bad.string) { () throws(FileError) in
            for file in files where FileSystem.exists(file) {
                try FileSystem.moveAside(file, to: bad, inside: path, modes: modes)
            }
        }
    }
}
