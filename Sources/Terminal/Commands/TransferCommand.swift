import Files
import Offbeat

/// `lfs-transfer`, which is also what the program does where it is called `git-lfs-transfer`.
enum TransferCommand {
    /// The name by which git-lfs asks for it at the other end of ssh.
    static let serverName = "git-lfs-transfer"

    private static let repository = Argument.one("PATH", .directory, help: "The bare repository.")
    private static let direction = Argument.one(
        "DIRECTION", .choice("DIRECTION") as ValueKind<FileService.Direction>, help: "upload or download.")

    static let command = Command(
        "lfs-transfer", in: .sync, summary: "Serve a repository's files to git-lfs over ssh",
        discussion: """
            Whoever syncs by ssh with a bare repository has this run at the other end: with it, a repository on a NAS \
            or another computer is a whole remote, for Offbeat and for git-lfs 3. Both ask for a program called \
            git-lfs-transfer, so make install gives this program that name as well.

            It speaks git-lfs's protocol on standard input and output and is of no use at a terminal.
            """,
        arguments: [repository, direction],
        examples: [
            .init(
                "ln -s /usr/local/bin/offbeat /usr/local/bin/git-lfs-transfer",
                "have it found at the other end of ssh, where make install did not do that")
        ],
        json: "git-lfs's protocol; no document", exits: [.notFound, .refused],
        run: { invocation in
            let workplace = Workplace(invocation)
            try workplace.requireOwnStore(nil)
            let owner = workplace.settings.environment["USER"] ?? workplace.settings.environment["LOGNAME"]
            try FileService.serve(invocation[repository], invocation[direction], owner: owner?.text ?? "")
            return .written()
        })

    /// The words of a call under the name of the server: `git-lfs-transfer PATH DIRECTION`.
    static func words(calledAs name: Word?, _ words: [Word]) -> [Word] {
        guard let name, FilePath(bytes: name.bytes).lastComponent?.string == serverName else { return words }
        return ["lfs-transfer"] + words
    }
}
