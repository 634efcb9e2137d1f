import Files
import Glibc
import Network

// A `git-lfs-transfer` for tests: transferer REPOSITORY upload|download [OWNER]
signal(SIGPIPE, SIG_IGN)
let words = CommandLine.arguments
guard words.count > 2, let direction = TransferDirection(rawValue: words[2]) else { exit(64) }

func serve() -> Int32 {
    let folder = FilePath(words[1]).appending("lfs")
    let locks = TransferLocks(in: folder, owner: words.count > 3 ? words[3] : "ada")
    let server = TransferServer(TransferFolder(folder), locks: locks, direction: direction)
    do throws(NetworkError) { try server.serve() } catch {
        let line = Array("\(error)\n".utf8)
        write(2, line, line.count)
        return 1
    }
    return 0
}

exit(serve())
