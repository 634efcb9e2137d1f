import Blobs
import Files
import TestSupport
import TestTraits
import Testing

@testable import Network

/// git-lfs itself as the client, by a real ssh.
@Suite(.waiting) struct TransferGuestTests {
    @Test func servesGitLFS() throws {
        try TransferPlace.with { (place) throws in
            let repository = place.host.folder.appending("r.git")
            let url = "ssh://127.0.0.1:\(place.host.server.port)\(repository)"
            let environment = hermeticEnvironment(
                home: place.host.folder,
                adding: ["GIT_SSH_COMMAND": SSHServer.command(key: place.host.key, known: place.host.known)])
            func shell(_ script: String, in folder: FilePath? = nil) throws -> RunResult {
                try run(
                    command: "sh", arguments: ["-ec", script], environment: environment,
                    directory: folder ?? place.host.folder)
            }
            let made = try shell(
                """
                git config --global user.name Ada; git config --global user.email ada@example.org
                git config --global init.defaultBranch main; git config --global lfs.sshtransfer always
                git lfs install --skip-repo; git init -q --bare r.git; git init -q work
                cd work; git lfs track '*.wav'
                for i in 1 2 3 4 5 6 7 8 9; do seq $((i * 10000)) > $i.wav; done
                git add -A; git commit -qm one; git remote add origin \(url)
                git push -q origin main
                """)
            #expect(made.status == 0, "\(made.stderr)")
            let work = place.host.folder.appending("work")
            let folder = BlobStore(directory: repository.appending("lfs"))
            let there = try run(
                command: "find", arguments: [folder.directory.appending("objects").string, "-type", "f"])
            #expect(there.stdout.split(separator: "\n").count == 9)
            #expect(try FileSystem.list(folder.directory.appending("tmp")).isEmpty)

            #expect(try shell("git lfs lock 1.wav", in: work).status == 0)
            #expect(try shell("git lfs locks", in: work).stdout.contains("1.wav"))
            #expect(try shell("git lfs lock 1.wav", in: work).stderr.contains("ada has locked it"))
            #expect(try shell("git lfs unlock 1.wav", in: work).status == 0)
            #expect(try shell("git lfs locks", in: work).stdout.isEmpty)

            let back = try shell(
                "git clone -q \(url) back; cd back; git lfs fsck; cmp 9.wav ../work/9.wav; git lfs ls-files")
            #expect(back.status == 0, "\(back.stderr)")
            #expect(back.stdout.contains("Git LFS fsck OK") && back.stdout.contains("* 1.wav"))
        }
    }
}
