import Blobs
import Files
import Store

/// The remotes that are folders of this computer, and which files they hold.
///
/// A file there counts only if it is a second copy: with remotes on the same disk git-lfs gives one file two names, and
/// then the bytes are gone when the disk block is.
struct RemoteFolders: Sendable {
    /// Where each may have its objects and files: in itself, or where a work tree keeps them.
    let places: [FilePath]
    private let files: [BlobStore]

    /// Finds them among these addresses; relative ones begin at `base`.
    init(_ addresses: [String], from base: FilePath) {
        places = addresses.compactMap { Self.folder($0, base) }.flatMap { [$0, $0.appending(".git")] }
        files = places.map { BlobStore(directory: $0.appending("lfs")) }
    }

    /// Whether one of them holds the bytes that lie at `path` a second time, judged by name, size and inode.
    func hold(_ file: Pointer, beside path: FilePath) throws(FileError) -> Bool {
        let own = try FileSystem.status(of: path)
        for remote in files {
            guard let copy = try? FileSystem.status(of: remote.path(of: file.oid)) else { continue }
            if copy.kind == .regular, copy.size == file.size, !copy.isSameFile(as: own) { return true }
        }
        return false
    }

    /// The folder that an address names; nil for another computer's.
    private static func folder(_ address: String, _ base: FilePath) -> FilePath? {
        let scheme = "file://"
        if address.hasPrefix(scheme) {
            let path = FilePath(bytes: decoded(address.utf8.dropFirst(scheme.utf8.count)))
            return path.isAbsolute ? path : nil
        }
        let isPath = ["/", "./", "../"].contains { address.hasPrefix($0) }
        guard isPath else { return nil }
        let path = FilePath(address)
        return path.isAbsolute ? path : base.appending(path)
    }

    /// The bytes for which `%20` and the like stand, as git reads them.
    private static func decoded(_ text: Substring.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(Substring(rest.prefix(2))), radix: 16),
                rest.count >= 2
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
