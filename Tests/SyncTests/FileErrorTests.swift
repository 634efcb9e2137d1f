import Files
import Glibc
import Testing

@testable import Sync

/// What trouble with files means, at the remote and on this computer.
@Suite struct FileErrorTests {
    @Test(
        arguments: [
            (ENOSPC, "write", SyncError.Code.noSpace, "at the remote", "on this computer"),
            (EACCES, "open", .readOnly, "permission to read there", "make it writable for yourself"),
            (EROFS, "create", .readOnly, "permission to write there", "make it writable for yourself"),
        ] as [(Int32, String, SyncError.Code, String, String)])
    func itSaysWhereToDoWhat(number: Int32, operation: String, code: SyncError.Code, there: String, here: String) {
        for (path, hint) in [("/nas/band.git/lfs/tmp", there), ("/nas/band.gitx/lfs/tmp", here), ("/home/a", here)]
        {
            let error = FileError(FileError.Code(rawValue: number), operation, FilePath(path))
            let told = SyncError(error, inside: "/nas/band.git")
            #expect(told.code == code && told.message.contains(path))
            #expect(told.hint?.contains(hint) == true, "\(told)")
        }
    }

    @Test(arguments: [ESTALE, ENOTCONN, ETIMEDOUT, EHOSTDOWN]) func anotherComputerThatIsGoneIsOffline(
        number: Int32
    ) {
        let code = FileError.Code(rawValue: number)
        #expect(SyncError(FileError(code, "read", "/nas/b.git/x"), inside: "/nas/b.git").code == .offline)
        #expect(SyncError(FileError(code, "read", "/home/x"), inside: "/nas/b.git").code == .io)
    }
}
