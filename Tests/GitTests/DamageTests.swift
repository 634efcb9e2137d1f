import Digest
import Files
import TestSupport
import Testing

@testable import Git

/// The checksum that closes an index.
func fixtureHash(_ bytes: [UInt8]) throws -> [UInt8] { SHA1.hash(of: bytes) }

/// Puts other bytes into a file that may be read-only.
private func overwrite(_ path: FilePath, _ bytes: [UInt8]) throws {
    try FileSystem.remove(path)
    try FileSystem.write(bytes, to: path)
}

/// A loose object whose file holds other bytes now, and a fresh look at the repository.
private func withDamagedObject(
    _ change: (inout [UInt8]) -> Void, _ body: (Repository, ObjectID) throws -> Void
) throws {
    try withFixture { fixture throws in
        var random = SeededRandom(seed: 5)
        let id = try fixture.write { try $0.write(blob: random.bytes(500)) }
        let path = LooseWriter.path(of: id, in: fixture.repository.objectsPath)
        var bytes = try FileSystem.read(path)
        change(&bytes)
        try overwrite(path, bytes)
        try body(try Repository(at: fixture.path), id)
    }
}

private func expectDamage(
    code: GitError.Code = .corrupt, location: SourceLocation = #_sourceLocation, _ change: (inout [UInt8]) -> Void
) throws {
    try withDamagedObject(change) { repository, id throws in
        let error = try gitError(location: location) { try repository.readObject(id) }
        #expect(error.code == code, "\(error)", sourceLocation: location)
        #expect(error.subject == id.hex, sourceLocation: location)
        #expect(error.description.contains(id.hex), sourceLocation: location)
    }
}

@Test func anEmptyLooseObjectIsCorrupt() throws { try expectDamage { $0 = [] } }
@Test func aLooseObjectOfGarbageIsCorrupt() throws { try expectDamage { $0 = Array("garbage".utf8) } }
@Test func aLooseObjectCutOffIsCorrupt() throws { try expectDamage { $0.removeLast($0.count / 2) } }
@Test func aLooseObjectWithAFlippedBitIsCorrupt() throws { try expectDamage { $0[$0.count / 2] ^= 0x10 } }
@Test func aLooseObjectThatIsAnotherIsCorrupt() throws {
    try withFixture { fixture throws in
        let (one, two) = try fixture.write { (try $0.write(blob: [1]), try $0.write(blob: [2])) }
        let objects = fixture.repository.objectsPath
        try overwrite(
            LooseWriter.path(of: one, in: objects), try FileSystem.read(LooseWriter.path(of: two, in: objects)))
        let error = try gitError { try Repository(at: fixture.path).readBlob(one) }
        #expect(error.code == .corrupt)
        #expect(error.subject == one.hex)
    }
}

@Test func aLooseObjectThatIsAFolderIsAnError() throws {
    try withFixture { fixture throws in
        let id = try fixture.write { try $0.write(blob: [1]) }
        let path = LooseWriter.path(of: id, in: fixture.repository.objectsPath)
        try FileSystem.remove(path)
        try FileSystem.makeDirectory(path)
        #expect(throws: GitError.self) { try Repository(at: fixture.path).readBlob(id) }
    }
}

/// A pack one of whose two files is changed, and how many of its objects can then be read.
private func readable(suffix: String, _ change: (inout [UInt8]) -> Void) throws -> (
    read: Int, codes: Set<GitError.Code>
) {
    try withFixture { fixture throws in
        var random = SeededRandom(seed: 6)
        let ids = try fixture.write { writer in try (0..<100).map { _ in try writer.write(blob: random.bytes(300)) }
        }
        let name = try #require(try fixture.names(in: "objects/pack").first { $0.hasSuffix(suffix) })
        let path = fixture.path.appending("objects/pack/\(name)")
        var bytes = try FileSystem.read(path)
        change(&bytes)
        try overwrite(path, bytes)
        let repository = try Repository(at: fixture.path)
        var read = 0
        var codes: Set<GitError.Code> = []
        for id in ids {
            do throws(GitError) {
                _ = try repository.readBlob(id)
                read += 1
            } catch {
                codes.insert(error.code)
                #expect(error.subject == id.hex)
            }
        }
        return (read, codes)
    }
}

@Test func aPackCutOffIsToldAndNotCrashedOn() throws {
    let (read, codes) = try readable(suffix: ".pack") { $0.removeLast($0.count / 2) }
    #expect(read < 100)
    #expect(codes.isSubset(of: [.corrupt, .notFound]))
}

@Test func aPackWithAFlippedBitLosesOneObject() throws {
    let (read, codes) = try readable(suffix: ".pack") { $0[$0.count / 2 + 20] ^= 0x20 }
    #expect(read == 99)
    #expect(codes == [.corrupt])
}

@Test func aPackOfGarbageIsToldAndNotCrashedOn() throws {
    let (read, codes) = try readable(suffix: ".pack") { $0 = Array("garbage".utf8) }
    #expect(read == 0)
    #expect(codes.isSubset(of: [.corrupt, .notFound]))
}

@Test func anIndexCutOffIsToldAndNotCrashedOn() throws {
    let (read, codes) = try readable(suffix: ".idx") { $0.removeLast($0.count / 2) }
    #expect(read == 0)
    #expect(codes.isSubset(of: [.corrupt, .notFound]))
}

@Test func aPackIsRefusedThatIsNotItsIndexes() throws {
    try withFixture { fixture throws in
        try fixture.write { writer in for number in 0..<50 { try writer.write(blob: Array("\(number)".utf8)) } }
        let pack = try #require(try StoredPack.replaceable(in: fixture.repository.packsPath).first)
        var bytes = try FileSystem.read(pack.file("pack"))
        bytes[11] += 1
        try overwrite(pack.file("pack"), bytes)
        #expect(throws: GitError.self) { _ = try PackReader(pack).count }
        try overwrite(pack.file("pack"), [])
        #expect(throws: GitError.self) { _ = try PackReader(pack).count }
        try FileSystem.remove(pack.file("idx"))
        #expect(throws: GitError.self) { _ = try PackReader(pack).count }
    }
}

@Test func aTreeThatBreaksTheRulesIsCorruptByItsID() throws {
    try withFixture { fixture throws in
        let id = try fixture.write { try $0.write(.tree, Array("100644 b\0".utf8)) }
        let error = try gitError { try fixture.repository.readTree(id) }
        #expect(error.code == .corrupt)
        #expect(error.subject == id.hex)
        let commit = try fixture.write { try $0.write(.commit, Array("nonsense".utf8)) }
        #expect(try gitError { try fixture.repository.readCommit(commit) }.subject == commit.hex)
    }
}

@Test func codesFollowLibgit2sStatusAndClass() {
    let table: [(status: Int32, category: Int32, message: String, code: GitError.Code)] = [
        (-3, 9, "", .notFound), (-4, 0, "", .exists), (-5, 0, "", .ambiguous), (-12, 0, "", .invalid),
        (-21, 0, "", .invalid), (-14, 0, "", .locked), (-15, 0, "", .moved), (-33, 9, "", .corrupt),
        (-23, 0, "", .exists), (-1, 1, "", .outOfMemory), (-1, 2, "x: Permission denied", .fileSystem),
        (-1, 2, "x: No space left on device", .noSpace), (-1, 30, "x: Disk quota exceeded", .noSpace),
        (-1, 5, "", .corrupt), (-1, 9, "", .corrupt), (-1, 11, "", .corrupt), (-1, 7, "", .corrupt),
        (-1, 4, "", .corrupt),
        (-1, 3, "", .invalid), (-1, 12, "", .other), (-99, 0, "", .other),
    ]
    for row in table {
        let code = GitError.Code(status: row.status, category: row.category, message: row.message)
        #expect(code == row.code, "\(row)")
        #expect(code.description == code.rawValue)
    }
}

@Test func errorsOfFilesKeepTheirCause() throws {
    let full = GitError(FileError(.noSpace, "write", "a/b"), call: "write pack")
    #expect(full.code == .noSpace)
    #expect(full.cause is FileError)
    #expect(full.description.contains("a/b"))
    #expect(GitError(FileError(.io, "read", "x"), call: "c", subject: "s").description.hasPrefix("s: "))
}

@Test func anEmptyLooseFileIsWrittenAnew() throws {
    try withFixture { fixture throws in
        let id = try fixture.write { try $0.write(blob: [1, 2, 3]) }
        try overwrite(LooseWriter.path(of: id, in: fixture.repository.objectsPath), [])
        let repository = try Repository(at: fixture.path)
        #expect(!repository.contains(id))
        try fixture.write { try $0.write(blob: [1, 2, 3]) }
        #expect(try repository.readBlob(id) == [1, 2, 3])
    }
}

@Test func aLooseObjectIsCutOffAnywhereWithoutAHang() throws {
    try withFixture { fixture throws in
        let id = try fixture.write { try $0.write(blob: Array("some text that is packed, packed, packed".utf8)) }
        let path = LooseWriter.path(of: id, in: fixture.repository.objectsPath)
        let whole = try FileSystem.read(path)
        let repository = try Repository(at: fixture.path)
        for length in 0..<whole.count {
            try overwrite(path, Array(whole[..<length]))
            #expect(try gitError { try repository.readBlob(id) }.code == .corrupt, "\(length)")
            _ = try? repository.header(id)
        }
        try overwrite(path, whole + [0])
        #expect(try gitError { try repository.readBlob(id) }.code == .corrupt)
        try overwrite(path, whole)
        #expect(try repository.header(id).kind == .blob)
    }
}
