import Blobs
import Digest

extension TransferConnection {
    /// What a server wants to hear again when a file is asked for: made for it, and not for us to understand.
    struct Grant {
        let arguments: [String]
    }

    /// So many files are asked about at once.
    static let batchSize = 100

    /// Asks what can be done with these files, and gives for which of them it is `action`.
    func batch(_ files: [Pointer], _ action: TransferDirection, ref: String?) throws(NetworkError) -> [Pointer:
        Grant]
    {
        for line in ["batch", "transfer=ssh", "hash-algo=sha256"] { try writer.line(line) }
        if let ref { try writer.line("refname=\(ref)") }
        writer.delimiter()
        for file in files { try writer.line("\(file.oid.hex) \(file.size)") }
        writer.flush()
        try writer.send()
        let answer = try readAnswer()
        guard answer.isSuccess else { throw try failure(answer, asking: "say which files it has") }
        if let name = answer["hash-algo"], name != "sha256" {
            throw NetworkError(.refused, "\(host) knows files by other names than SHA-256")
        }
        let asked = Set(files)
        var grants: [Pointer: Grant] = [:]
        try readBody(of: answer) { (bytes) throws(NetworkError) in
            let words = PacketReader.text(bytes).split(separator: " ").map(String.init)
            guard words.count >= 3, let oid = ContentHash(hex: words[0]), let size = TransferRequest.size(words[1])
            else { throw NetworkError(.refused, "\(host) answers otherwise than git-lfs's protocol says") }
            let file = Pointer(oid: oid, size: size)
            guard words[2] == action.rawValue, asked.contains(file) else { return }
            let told = words[3...].filter { $0.hasPrefix("id=") || $0.hasPrefix("token=") }
            grants[file] = Grant(arguments: Array(told))
        }
        return grants
    }
}
