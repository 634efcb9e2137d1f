import Deflate
import Files

/// Writes objects as files of their own: `objects/ab/cdef…`, one zlib stream of header and bytes.
struct LooseWriter: ~Copyable {
    /// The folder of all objects.
    let objects: FilePath
    let temporary: TemporaryDirectory
    // These files are few and stay for long: the size counts, not the time.
    private let deflater = Deflater(level: 9)

    init(objects: FilePath, temporary: TemporaryDirectory) {
        self.objects = objects
        self.temporary = temporary
    }

    /// Writes one object under a temporary name and adds it to the batch. Returns the size of its file.
    func add(_ object: PendingObject, to batch: WriteBatch) throws(GitError) -> Int {
        var packed: [UInt8] = []
        packed.reserveCapacity(object.bytes.count + 64)
        deflater.compress(ObjectNaming.header(object.kind, object.bytes.count), object.bytes, into: &packed)
        let path = temporary.newPath()
        try GitError.translating("write object", about: object.id.hex) { () throws(FileError) in
            let descriptor = try FileDescriptor.open(path, .write, create: .exclusive)
            try descriptor.write(all: packed)
            // A file that is there already either holds the same, or is damaged and healed by this.
            try batch.add(
                descriptor, at: path, to: Self.path(of: object.id, in: objects), mode: 0o444, replacing: true)
        }
        return packed.count
    }

    /// Where the object's file is in the folder of all objects.
    static func path(of id: ObjectID, in objects: FilePath) -> FilePath {
        let hex = id.hex
        return objects.appending(String(hex.prefix(2))).appending(String(hex.dropFirst(2)))
    }
}
