import Digest
import Files

extension Work {
    /// The least that a check of all bytes can cost: each file is read and hashed once, on all processors.
    static func hashPass(over directory: FilePath) throws {
        let watch = Stopwatch()
        let files = DirectoryWalk(directory).compactMap { item -> FilePath? in
            if case .file(let path) = item { path } else { nil }
        }
        let workers = max(1, Parallel.processors)
        let share = (files.count + workers - 1) / workers
        try Parallel.forEach(count: workers, workers: workers) { number in
            try hash(files.dropFirst(number * share).prefix(share))
        }
        print(watch.seconds)
    }

    private static func hash(_ files: ArraySlice<FilePath>) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        let hash = SHA256()
        for path in files {
            let file = try FileDescriptor.open(path, .read)
            while case let count = try file.read(into: buffer), count > 0 {
                hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            _ = hash.finish()
        }
    }
}
