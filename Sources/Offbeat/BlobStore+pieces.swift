import Blobs
import Files

extension BlobStore {
    /// Hands a stored file to `receive`, piece by piece; memory stays flat.
    func forEachPiece(of pointer: Pointer, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        let file = try open(pointer)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { return }
            try receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
