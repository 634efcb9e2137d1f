import Blobs
import Digest
import Files
import TestSupport
import Testing

@testable import Network

/// A repository on a computer that has sshd and `git-lfs-transfer`, and a store here.
struct TransferPlace {
    let host: SSHHost
    let repository: FilePath
    let store: BlobStore

    static let server: String =
        (try? FileSystem.realPath("/proc/self/exe").parent.appending("transferer").string) ?? "transferer"

    /// - Parameter script: what is run as `git-lfs-transfer`; `SERVER` stands for the real one.
    static func with(_ script: String = "exec SERVER \"$@\"", _ body: (TransferPlace) throws -> Void) throws {
        try SSHHost.with { (host) throws in
            let repository = host.folder.appending("a b.git")
            try FileSystem.makeDirectory(repository)
            let place = TransferPlace(
                host: host, repository: repository,
                store: try BlobStore.create(at: host.folder.appending("here/lfs")))
            try place.install(script)
            try body(place)
        }
    }

    func install(_ script: String) throws {
        let words = script.split(separator: "SERVER", omittingEmptySubsequences: false)
        try host.install("git-lfs-transfer", "cd '\(host.folder)'; " + words.joined(separator: Self.server))
    }

    func client(patience: Duration = .seconds(60), connections: Int = 4) -> TransferClient {
        TransferClient(
            ssh: host.client(patience: patience), address: host.address(repository), connections: connections)
    }

    /// The repository's own files.
    var there: BlobStore { BlobStore(directory: repository.appending("lfs")) }

    func other() throws -> BlobStore { try BlobStore.create(at: host.folder.appending("other/lfs")) }

    /// Puts made-up files of these sizes into a store.
    func put(_ sizes: [Int], into store: BlobStore? = nil, seed: UInt64 = 1) throws -> [Pointer] {
        var random = SeededRandom(seed: seed)
        let batch = try (store ?? self.store).beginBatch(durable: false)
        let files = try sizes.map { size in
            let words = (0...size / 8).map { _ in random.next() }
            return try batch.put(bytes: Array(words.withUnsafeBytes { $0.prefix(size) })).pointer
        }
        try batch.commit()
        return files
    }

    func bytes(_ file: Pointer, _ store: BlobStore) throws -> [UInt8] { try store.read(file, limit: 1 << 26) }

    /// Spoils a file and keeps its size.
    func spoil(_ file: Pointer, in store: BlobStore) throws {
        let path = store.path(of: file.oid)
        var bytes = try FileSystem.read(path)
        bytes[bytes.count - 1] ^= 1
        try FileSystem.remove(path)
        try FileSystem.write(bytes, to: path)
    }
}

extension String {
    fileprivate func split(separator: String, omittingEmptySubsequences: Bool) -> [String] {
        var parts: [String] = [""]
        var rest = self[...]
        while let character = rest.first {
            if rest.hasPrefix(separator) {
                parts.append("")
                rest = rest.dropFirst(separator.count)
            } else {
                parts[parts.count - 1].append(character)
                rest = rest.dropFirst()
            }
        }
        return parts
    }
}
