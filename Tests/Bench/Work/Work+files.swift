import Blobs
import Files
import Store

extension Work {
    /// Makes the files that the tracks of a made-up library name, of the right size and without bytes.
    static func makeFiles(of path: FilePath, count: Int) throws {
        let store = try Store(at: path, context: .bench)
        for number in 0..<count {
            let pointer = MadeTracks.pointer(number)
            let file = store.blobs.path(of: pointer.oid)
            try FileSystem.makeDirectories(file.parent)
            let descriptor = try FileDescriptor.open(file, .write, create: .ifMissing, mode: 0o444)
            try descriptor.truncate(to: pointer.size)
        }
        try store.blobs.journal.rebuild()
    }
}
