import Blobs
import Digest
import Files
import Glibc
import TestSupport
import TestTraits
import Testing

@testable import Network

/// The server, told by a file what a client says.
@Suite(.waiting) struct TransferServerTests {
    private struct Place {
        let repository: FilePath
        var lfs: FilePath { repository.appending("lfs") }

        func path(_ bytes: [UInt8]) -> FilePath {
            BlobStore(directory: lfs).path(of: ContentHash(of: bytes))
        }

        /// Everything below `lfs`.
        func names() throws -> [String] {
            try run(command: "find", arguments: [lfs.string, "-type", "f"]).stdout.split(separator: "\n").map {
                String($0.dropFirst(lfs.string.utf8.count + 1))
            }.sorted()
        }
    }

    private func with(_ body: (Place) throws -> Void) throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let repository = folder.appending("a.git")
            try FileSystem.makeDirectory(repository)
            try body(Place(repository: repository))
        }
    }

    /// What is said to the server: lines, `-` for a delimiter, `=` for the end of a message, and bytes.
    private enum Said: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        case line(String)
        case bytes([UInt8])

        init(stringLiteral text: String) { self = .line(text) }
    }

    private func packets(_ all: [Said]) throws -> [UInt8] {
        var result: [UInt8] = []
        let writer = PacketWriter { (piece) throws(NetworkError) in result += piece }
        for said in all {
            switch said {
            case .line("-"): writer.delimiter()
            case .line("="): writer.flush()
            case .line(let text): try writer.line(text)
            case .bytes(let bytes): try bytes.withUnsafeBytes { try writer.data($0) }
            }
        }
        try writer.send()
        return result
    }

    /// What the server answers to all that, without its greeting.
    private func answers(
        _ place: Place, direction: TransferDirection = .upload, owner: String = "ada", locks: Bool = true,
        raw: [UInt8] = [], _ said: Said..., failing: NetworkError.Code? = nil
    ) throws -> [String] {
        let (asked, answered) = (place.repository.appending("asked"), place.repository.appending("answered"))
        try FileSystem.write(try packets(said) + raw, to: asked)
        let input = try FileDescriptor.open(asked, .read)
        let output = try FileDescriptor.open(answered, .readWrite, create: .ifMissing, truncate: true)
        let server = TransferServer(
            TransferFolder(place.lfs), locks: locks ? TransferLocks(in: place.lfs, owner: owner) : nil,
            direction: direction, input: input.raw, output: output.raw)
        let error = networkError { try server.serve() }
        #expect(error?.code == failing)
        var rest = try FileSystem.read(answered)[...]
        let reader = PacketReader { (buffer) throws(NetworkError) in
            let piece = rest.prefix(buffer.count)
            buffer.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
        var all: [String] = []
        while true {
            switch try reader.next() {
            case .data(let bytes): all.append(PacketReader.text(bytes))
            case .delimiter: all.append("-")
            case .flush: all.append("=")
            case .end:
                #expect(all.starts(with: locks ? ["version=1", "locking", "="] : ["version=1", "="]))
                return Array(all.dropFirst(locks ? 3 : 2))
            }
        }
    }

    private let bytes = Array("some audio".utf8)
    private var oid: String { ContentHash(of: bytes).hex }

    @Test func agreesOnAVersionAndEnds() throws {
        try with { (place) throws in
            #expect(
                try answers(place, "version 1", "=", "quit", "=", "nothing", "=") == [
                    "status 200", "=", "status 200", "=",
                ])
            let other = try answers(place, locks: false, "version 2", "=", "dance", "-", "x", "=")
            #expect(
                other == [
                    "status 400", "-", "only version 1 is spoken", "=", "status 400", "-", "unknown command", "=",
                ])
        }
    }

    @Test func takesFilesAndGivesThemAway() throws {
        try with { (place) throws in
            let told = try answers(
                place, "batch", "transfer=ssh", "hash-algo=sha256", "-", "\(oid) 10", "=", "put-object \(oid)",
                "size=10",
                "-", .bytes(Array(bytes[..<4])), .bytes(Array(bytes[4...])), "=", "verify-object \(oid)", "size=10",
                "=",
                "batch", "-", "\(oid) 10 key=value", "\(oid) 11", "=", "verify-object \(oid)", "size=10", "=",
                "verify-object \(oid)", "size=11", "=")
            #expect(
                told == [
                    "status 200", "hash-algo=sha256", "-", "\(oid) 10 upload", "=", "status 200", "=", "status 200",
                    "=",
                    "status 200", "hash-algo=sha256", "-", "\(oid) 10 noop", "\(oid) 11 upload", "=", "status 200",
                    "=",
                    "status 404", "-", "there is no file \(oid) of that size", "=",
                ])
            #expect(try FileSystem.read(place.path(bytes)) == bytes)
            #expect(try FileSystem.status(of: place.path(bytes)).mode & 0o777 == 0o444)
            #expect(
                try place.names()
                    == [place.path(bytes).string].map { String($0.dropFirst(place.lfs.string.utf8.count + 1)) })
            let missing = ContentHash(of: [1]).hex
            let given = try answers(
                place, direction: .download, "batch", "-", "\(oid) 10", "\(missing) 1", "=", "get-object \(oid)",
                "size=10",
                "=",
                "get-object \(oid)", "=", "get-object \(oid)", "size=9", "=", "get-object \(missing)", "size=1", "="
            )
            #expect(
                given == [
                    "status 200", "hash-algo=sha256", "-", "\(oid) 10 download", "\(missing) 1 noop", "=",
                    "status 200",
                    "size=10", "-", "some audio", "=", "status 200", "size=10", "-", "some audio", "=",
                    "status 404", "-",
                    "the file \(oid) has another size", "=", "status 404", "-", "there is no file \(missing)", "=",
                ])
        }
    }

    /// Each is answered, none leaves anything, and the next is understood.
    @Test func takesNothingThatIsNotWhatItsNameSays() throws {
        try with { (place) throws in
            let other = ContentHash(of: [1]).hex
            let told = try answers(
                place, "put-object \(other)", "size=10", "-", .bytes(bytes), "=", "put-object \(oid)", "size=11",
                "-",
                .bytes(bytes), "=", "put-object \(oid)", "size=9", "-", .bytes(bytes), .bytes(bytes), "=",
                "put-object ../../../x", "size=10", "-", .bytes(bytes), "=", "put-object \(oid.uppercased())",
                "size=10",
                "-", .bytes(bytes), "=", "put-object \(oid)", "size=+10", "-", .bytes(bytes), "=",
                "put-object \(oid)", "-",
                .bytes(bytes), "=", "put-object \(oid)", "size=99999999999999999999", "-", "=", "put-object \(oid)",
                "size=10", "=", "verify-object x", "size=1", "=", "get-object ../x", "=", "verify-object \(oid)",
                "=",
                "put-object \(oid)", "size=9223372036854775807", "-", .bytes(bytes), "=", "quit", "=")
            #expect(
                told.filter { $0.hasPrefix("status") } == [String](repeating: "status 400", count: 12) + [
                    "status 507", "status 200",
                ])
            #expect(try place.names() == [])
            let denied = try answers(
                place, direction: .download, "put-object \(oid)", "size=10", "-", .bytes(bytes), "=")
            #expect(denied == ["status 403", "-", "this connection is for downloads", "="])
        }
    }

    @Test func leavesNothingOfAClientThatGoes() throws {
        try with { (place) throws in
            _ = try answers(
                place, "put-object \(oid)", "size=10", "-", .bytes(Array(bytes[..<4])), failing: .offline)
            _ = try answers(place, "put-object \(oid)", "size=10", failing: .offline)
            _ = try answers(place, raw: Array("00".utf8), failing: .offline)
            #expect(try place.names() == [])
            // What was whole before is kept.
            let told = try answers(
                place, raw: Array("0".utf8), "put-object \(oid)", "size=10", "-", .bytes(bytes), "=",
                failing: .offline)
            #expect(told == ["status 200", "="])
            #expect(try FileSystem.read(place.path(bytes)) == bytes)
        }
    }

    @Test func saysWhyItDoesNotGoOn() throws {
        try with { (place) throws in
            let told = try answers(
                place, raw: Array("garbage".utf8), "put-object \(oid)", "size=10", "-", .bytes(bytes), "=",
                failing: .refused)
            #expect(told.prefix(3) == ["status 200", "=", "status 400"])
            #expect(try FileSystem.read(place.path(bytes)) == bytes)
            #expect(try answers(place, "get-object \(oid)", "-", "-", failing: .refused).first == "status 400")
            let many = Said.line(String(repeating: "x", count: 9000))
            #expect(try answers(place, "batch", many, failing: .refused).first == "status 400")
        }
    }

    @Test func refusesBatchesThatItDoesNotUnderstand() throws {
        try with { (place) throws in
            let told = try answers(
                place, "batch", "hash-algo=md5", "-", "\(oid) 10", "=", "batch", "-", "../x 10", "=", "batch", "-",
                "\(oid)",
                "=", "batch", "-", "\(oid) -1", "=", "batch", "-", "=", "batch", "=")
            #expect(
                told.filter { $0.hasPrefix("status") } == [String](repeating: "status 400", count: 4) + [
                    "status 200", "status 200",
                ])
            let line = "\(oid) 10"
            var raw = try packets(["batch", "-"])
            for _ in 0...10_000 { raw += try packets([.line(line)]) }
            raw += try packets(["=", "quit", "="])
            #expect(
                try answers(place, raw: raw) == [
                    "status 413", "-", "these are too many files at once", "=", "status 200", "=",
                ])
        }
    }

    @Test func givesNothingThatIsNoPlainFile() throws {
        try with { (place) throws in
            let path = place.path(bytes)
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.symbolicLink(to: "/etc/passwd", at: path)
            #expect(try answers(place, direction: .download, "get-object \(oid)", "=").first == "status 404")
            #expect(try answers(place, direction: .download, "batch", "-", "\(oid) 10", "=")[3] == "\(oid) 10 noop")
        }
    }

    @Test func saysThatTheRepositoryIsGone() throws {
        try with { (place) throws in
            let gone = Place(repository: place.repository.appending("gone/a.git"))
            let folder = TransferFolder(gone.lfs)
            #expect(throws: (any Error).self) { try folder.begin(Pointer(oid: ContentHash(of: bytes), size: 10)) }
            #expect(!FileSystem.exists(gone.repository))
        }
    }

    @Test func tellsWhatCannotBeDone() {
        func status(_ code: FileError.Code) -> Int {
            TransferServer.status(of: FileError(code, "write", "/a")).0
        }
        #expect(status(.noSpace) == 507 && status(.permission) == 403 && status(.io) == 500)
        #expect(TransferServer.status(of: BlobError(FileError(.quota, "write", "/a"))).0 == 507)
        #expect(TransferServer.status(of: BlobError(FileError(.readOnly, "write", "/a"))).0 == 403)
        #expect(TransferServer.status(of: BlobError(FileError(.io, "write", "/a"))).0 == 500)
        #expect(TransferServer.status(of: NetworkError(.local, "x")).0 == 500)
    }

    // MARK: Locks

    @Test func keepsLocks() throws {
        try with { (place) throws in
            let taken = try answers(place, "lock", "path=songs/a b.wav", "refname=refs/heads/main", "=")
            let id = ContentHash(of: Array("songs/a b.wav".utf8)).hex
            #expect(
                taken.count == 6 && taken[0] == "status 201" && taken[1...2] == ["id=\(id)", "path=songs/a b.wav"])
            #expect(taken[3].hasPrefix("locked-at=20") && taken[4] == "ownername=ada")
            let again = try answers(place, owner: "bob", "lock", "path=songs/a b.wav", "=", "lock", "path=b", "=")
            #expect(again[0] == "status 409" && again[1...4] == taken[1...4] && again[6] == "ada has locked it")
            let list = try answers(place, direction: .download, "list-lock", "limit=1", "=")
            let first = list.first { $0.hasPrefix("lock ") }
            let next = try #require(list.first { $0.hasPrefix("next-cursor=") })
            let rest = try answers(place, direction: .download, "list-locks", "cursor=\(next.dropFirst(12))", "=")
            #expect(
                rest.contains { $0.hasPrefix("lock ") && $0 != first } && !rest.contains { $0.hasPrefix("next-") })
            let all = try answers(place, "list-lock", "=")
            #expect(all.contains("owner \(id) ours") && all.contains("ownername \(id) ada"))
            #expect(all.contains { $0.hasSuffix(" theirs") })
            #expect(try answers(place, "list-lock", "path=b", "=").count { $0.hasPrefix("lock ") } == 1)
            #expect(try answers(place, "list-lock", "id=\(id)", "=").count { $0.hasPrefix("lock ") } == 1)
            let held = try answers(
                place, owner: "bob", "unlock \(id)", "=", "unlock \(id)", "force=true", "=", "unlock \(id)", "=")
            #expect(held.filter { $0.hasPrefix("status") } == ["status 403", "status 200", "status 404"])
            #expect(try place.names().count == 1)
        }
    }

    @Test func refusesLocksThatNobodyCanMean() throws {
        try with { (place) throws in
            let told = try answers(
                place, "lock", "=", "lock", "path=", "=", "lock", "path=a\nb", "=", "unlock", "=", "unlock ../x",
                "=")
            #expect(
                told.filter { $0.hasPrefix("status") } == [String](repeating: "status 400", count: 4) + [
                    "status 404"
                ])
            let denied = try answers(place, direction: .download, "lock", "path=a", "=", "unlock x", "=")
            #expect(denied.filter { $0.hasPrefix("status") } == ["status 403", "status 403"])
            let none = try answers(place, locks: false, "lock", "path=a", "=", "unlock x", "=", "list-lock", "=")
            #expect(none.filter { $0.hasPrefix("status") } == ["status 404", "status 404", "status 404"])
            #expect(try place.names() == [])
            try FileSystem.makeDirectories(place.lfs.appending("locks"))
            let foreign = place.lfs.appending("locks/\(oid)")
            try FileSystem.write("a\nb\nc\n", to: foreign)
            #expect(!(try answers(place, "list-lock", "=")).contains { $0.hasPrefix("lock ") })
        }
    }
}
