import Blobs
import Catalog
import Files
import Store

/// Takes an image into the store.
struct ImageIntake {
    /// No image that comes by the page, or is shown in it, has more bytes.
    static let sizeLimit = 32 << 20

    let store: Store

    /// Puts an image, and hands it on when its bytes are durable. Until that is done no collection takes them away.
    func take<R>(_ path: FilePath, _ use: (PostFolder.ImageFile) throws -> R) throws -> R {
        let file = try FileDescriptor.open(path, .read, nonBlocking: true)
        guard try file.status().kind == .regular, let type = Self.type(of: try Self.beginning(of: file)) else {
            throw Failure(
                .usage, "\(path) is no image that can be posted", hint: "name a PNG, JPEG, GIF or WebP file")
        }
        let batch = try store.blobs.beginBatch()
        defer { batch.end() }
        return try store.keepingQuota(of: batch) {
            let put = try batch.put(file)
            try batch.commit()
            return try use(PostFolder.ImageFile(pointer: put.pointer, fileExtension: type))
        }
    }

    /// The same of an image that comes in no file.
    func take<R>(_ bytes: [UInt8], _ use: (PostFolder.ImageFile) throws -> R) throws -> R {
        guard let type = Self.type(of: bytes) else {
            throw Failure(
                .usage, "this is no image that can be posted", hint: "give one as PNG, JPEG, GIF or WebP")
        }
        let batch = try store.blobs.beginBatch()
        defer { batch.end() }
        return try store.keepingQuota(of: batch) {
            let put = try batch.put(bytes: bytes)
            try batch.commit()
            return try use(PostFolder.ImageFile(pointer: put.pointer, fileExtension: type))
        }
    }

    /// The first bytes; the file's position stays where it is.
    private static func beginning(of file: borrowing FileDescriptor) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 12)
        let count = try bytes.withUnsafeMutableBytes { buffer in try file.pread(into: buffer, at: 0) }
        return Array(bytes.prefix(count))
    }

    /// What a file is, by its first bytes.
    private static func type(of bytes: [UInt8]) -> FileExtension? {
        let name: String? =
            switch bytes {
            case _ where bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]): "png"
            case _ where bytes.starts(with: [0xFF, 0xD8, 0xFF]): "jpg"
            case _ where bytes.starts(with: Array("GIF8".utf8)): "gif"
            case _ where bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: "WEBP".utf8):
                "webp"
            default: nil
            }
        return name.flatMap { FileExtension($0) }
    }
}
