import Digest
import Files

extension PackArrival {
    /// Names what is stored as a difference, makes the index, and gives both files their names; nil for a pack of nothing.
    ///
    /// What the pack is stored as the difference to, and does not have, is added to it: a pack stands for itself.
    ///
    /// - Parameter lacking: is told what came, and answers what should have come and did not.
    func finish(isStopped: () -> Bool, lacking: ([ObjectID]) throws -> ObjectID?) throws -> FetchedPack? {
        let (ids, borrowed, isClosed) = try names(isStopped: isStopped)
        if let id = try lacking(ids) { throw WireError.damaged("it lacks \(id), which was asked for") }
        guard announced > 0 else { return nil }
        var entries = ids.indices.map {
            PackIndex.Entry(id: ids[$0], checksum: objects.checksums[$0], offset: objects.offsets[$0])
        }
        // The index takes as much again.
        objects = Objects()
        if !borrowed.isEmpty { entries += try add(borrowed) }
        return try giveNames(entries, isClosed: isClosed)
    }

    private func names(
        isStopped: () -> Bool
    ) throws -> (ids: [ObjectID], borrowed: [ObjectID], isClosed: Bool) {
        let resolution = try DeltaResolution(
            of: objects, in: path, endingAt: size - 20, limits: limits, lender: lender, noting: named)
        let ids = try resolution.run(isStopped: isStopped)
        return (ids, resolution.borrowed, named?.isClosed(by: ids, resolution.kinds) ?? false)
    }

    private func giveNames(_ entries: [PackIndex.Entry], isClosed: Bool) throws(GitError) -> FetchedPack {
        let name = "pack-" + Hex.encode(head)
        let (pack, index) = (folder.appending(name + ".pack"), folder.appending(name + ".idx"))
        let draft = folder.appending("tmp_idx_" + String(UInt64.random(in: .min ... .max), radix: 36))
        defer { if !isKept { _ = try? FileSystem.remove(draft) } }
        try GitError.translating("receive pack", about: name) { () throws(FileError) in
            let new = try FileDescriptor.open(draft, .write, create: .exclusive, mode: 0o600)
            try new.write(all: PackIndex.encoded(entries, packChecksum: head))
            try new.setMode(0o444)
            try file.setMode(0o444)
            // In this order: whoever sees the index finds the pack.
            try FileSystem.rename(path, to: pack)
            do throws(FileError) { try FileSystem.rename(draft, to: index) } catch {
                // The same pack may have come before.
                if !FileSystem.exists(index) { _ = try? FileSystem.remove(pack) }
                throw error
            }
        }
        isKept = true
        return FetchedPack(pack: pack, index: index, objects: entries.count, bytes: size, isClosed: isClosed)
    }

    // MARK: What is borrowed

    /// Adds objects that are here already at the end of the pack, and seals it anew.
    private func add(_ borrowed: [ObjectID]) throws -> [PackIndex.Entry] {
        var entries: [PackIndex.Entry] = []
        let part = PackPart()
        size -= SHA1.byteCount
        for id in borrowed {
            guard let object = try lender?.readObject(id, limit: limits.objectBytes) else { continue }
            guard object.bytes.count <= limits.packBytes - size else {
                throw WireError(
                    .tooLarge, "what the git server sends needs more than \(limits.packBytes) bytes here")
            }
            part.pack([PendingObject(id: id, kind: object.kind, bytes: object.bytes)])
            try part.withPacked { (bytes, packed) throws(GitError) in
                entries += packed.map { PackIndex.Entry(id: $0.id, checksum: $0.checksum, offset: size) }
                try GitError.translating("receive pack") { () throws(FileError) in
                    try file.pwrite(all: bytes, at: Int64(size))
                }
                size += bytes.count
            }
        }
        announced += entries.count
        try seal()
        return entries
    }

    private func seal() throws(GitError) {
        head = try GitError.translating("receive pack") { () throws(FileError) in
            try PackWriter.header(count: announced).withUnsafeBufferPointer { (header) throws(FileError) in
                try file.pwrite(all: UnsafeRawBufferPointer(header), at: 0)
            }
            let checksum = try PackWriter.checksum(of: file, upTo: size)
            try checksum.withUnsafeBufferPointer { (bytes) throws(FileError) in
                try file.pwrite(all: UnsafeRawBufferPointer(bytes), at: Int64(size))
            }
            return checksum
        }
        size += head.count
    }
}
