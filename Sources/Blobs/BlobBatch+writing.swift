import Digest
import Files
import Synchronization

/// How one file gets there: whether it is new is known when it was hashed.
extension BlobBatch {
    /// A file that fits into memory: it is written only when its hash tells that it is new. Nil where that is not the
    /// one expected.
    func putSmall(
        _ source: borrowing FileDescriptor, _ before: FileStatus, _ expected: Pointer?, with copier: Copier
    ) throws(FileError) -> Put? {
        let bytes = try copier.load(source, size: Int(before.size))
        try expectUnchanged(source, since: before)
        let pointer = Pointer(oid: copier.hash(bytes), size: before.size)
        return pointer == expected ?? pointer ? try write(bytes, as: pointer) : nil
    }

    func write(_ bytes: UnsafeRawBufferPointer, as pointer: Pointer) throws(FileError) -> Put {
        let place = try place(of: pointer)
        if place == .taken { return Put(pointer: pointer, wasHere: true) }
        try reserve(pointer.size)
        let path = temporary.newPath()
        do throws(FileError) {
            let target = try FileDescriptor.open(path, .write, create: .exclusive)
            try target.write(all: bytes)
            return try add(target, at: path, as: pointer, replacing: place == .damaged)
        } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
    }

    /// A file of any size: it is copied while it is hashed, or its blocks are shared and then hashed.
    func putLarge(
        _ source: borrowing FileDescriptor, _ before: FileStatus, _ expected: Pointer?, with copier: Copier
    ) throws(FileError) -> Put? {
        if try !canReserve(before.size) {
            // What is here already takes no room.
            let pointer = Pointer(oid: try copier.hash(source, expecting: before.size), size: before.size)
            guard try place(of: pointer) == .taken else { throw Self.overQuota(source.path) }
            return pointer == expected ?? pointer ? Put(pointer: pointer, wasHere: true) : nil
        }
        let path = temporary.newPath()
        do throws(FileError) {
            let target = try FileDescriptor.open(path, .readWrite, create: .exclusive)
            let oid =
                try share(source, with: target)
                ? try copier.hash(target, expecting: before.size)
                : try copier.copy(source, to: target, size: before.size)
            try expectUnchanged(source, since: before)
            let pointer = Pointer(oid: oid, size: before.size)
            guard pointer == expected ?? pointer else {
                try FileSystem.remove(path)
                giveBack(before.size)
                return nil
            }
            let place = try place(of: pointer)
            if place == .taken {
                try FileSystem.remove(path)
                giveBack(before.size)
                return Put(pointer: pointer, wasHere: true)
            }
            return try add(target, at: path, as: pointer, replacing: place == .damaged)
        } catch {
            _ = try? FileSystem.remove(path)
            throw error
        }
    }

    @discardableResult
    func add(
        _ target: consuming FileDescriptor, at path: FilePath, as pointer: Pointer, replacing: Bool
    ) throws(FileError) -> Put {
        try files.add(target, at: path, to: store.path(of: pointer.oid), size: pointer.size, replacing: replacing)
        // Two threads may have written the same content meanwhile: then one name is given, and the other file dropped.
        let earlier = state.withLock { state in
            state.unnoted[pointer.oid] = pointer.size
            if !replacing { state.brought[pointer.oid] = pointer.size }
            return state.pending.updateValue(pointer.size, forKey: pointer.oid)
        }
        return Put(pointer: pointer, wasHere: earlier != nil)
    }

    /// Lets the new file share the blocks of the other, and stops trying where the file system cannot.
    private func share(
        _ source: borrowing FileDescriptor, with target: borrowing FileDescriptor
    ) throws(FileError) -> Bool {
        guard state.withLock({ $0.canReflink }) else { return false }
        if try target.reflink(from: source) { return true }
        state.withLock { $0.canReflink = false }
        return false
    }

    private func expectUnchanged(
        _ source: borrowing FileDescriptor, since before: FileStatus
    ) throws(FileError) {
        guard try source.status().isUnchanged(since: before) else { throw FileError(.changed, "add", source.path) }
    }
}
