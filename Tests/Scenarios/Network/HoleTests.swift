import Files
import TestSupport
import Testing

/// A server that does not send all that its versions consist of.
@Suite struct HoleTests {
    /// What is left out of the pack.
    enum Hole: String, CaseIterable { case nothing, file, folder, version }

    /// A repository with three versions of a store, and the server that sends a pack of some of its objects: it stands in
    /// place of ssh.
    private struct Stage {
        let studio: Studio
        let repository: FilePath
        let program: FilePath

        init(_ studio: Studio) throws {
            self.studio = studio
            let id = Word("\(try studio.addedTrack())")
            for title in ["Harbour", "Night"] { try studio.offbeat("edit", id, Word("title=\(title)")).done() }
            repository = studio.store
            program = studio.root.appending("ssh")
            let script = """
                #!/bin/sh
                cat "\(studio.root)/advertisement"
                while IFS= read -r line; do case "$line" in *done*) break;; esac; done
                printf '0008NAK\\n'
                cat "\(studio.root)/pack"

                """
            try FileSystem.write(script, to: program, mode: 0o755)
        }

        private func line(_ text: String) -> String {
            let size = String(text.utf8.count + 4, radix: 16)
            return String(repeating: "0", count: 4 - size.count) + size + text
        }

        private func git(_ words: Word...) throws -> [String] {
            let outcome = try studio.run(["git", "-C", Word(repository)] + words, in: studio.work).done()
            return outcome.text.split(separator: "\n").map(String.init)
        }

        /// Lets the server send all but one object, which only an old version needs; gives that one's id.
        func serve(lacking hole: Hole, adding extra: [String] = []) throws -> String {
            let head = try git("rev-parse", "main")[0]
            let objects = try git("rev-list", "--objects", "--no-object-names", "main")
            let lacking =
                switch hole {
                case .nothing: ""
                case .version: try git("rev-parse", "main~1")[0]
                case .folder: try git("rev-parse", "main~1:tracks")[0]
                case .file:
                    try git("ls-tree", "-r", "main~1").first { $0.hasSuffix("track.json") }
                        .map { String($0.split { $0 == " " || $0 == "\t" }[2]) } ?? ""
                }
            let list = studio.root.appending("list")
            let wanted = objects.filter { $0 != lacking } + extra
            try FileSystem.write(wanted.joined(separator: "\n") + "\n", to: list)
            let command = "git -C '\(repository)' pack-objects -q --stdout < '\(list)' > '\(studio.root)/pack'"
            try studio.run(["sh", "-c", Word(command)], in: studio.work).done()
            try FileSystem.write(
                line("\(head) refs/heads/main\0ofs-delta agent=none\n") + "0000",
                to: studio.root.appending("advertisement"))
            return lacking
        }

        func clone(_ name: FilePath) throws -> Outcome {
            try studio.offbeat(
                "--json", "clone", "ssh://far/band.git", Word(studio.work.appending(name)), "--content", "none",
                adding: ["GIT_SSH_COMMAND": "\(program)"])
        }
    }

    @Test(arguments: Hole.allCases) func aCloneIsWholeOrNone(_ hole: Hole) throws {
        try Studio.withStore { studio in
            let stage = try Stage(studio)
            let lacking = try stage.serve(lacking: hole)
            let before = try FileSystem.list(studio.work).map(\.name)
            let outcome = try stage.clone("copy")
            if hole == .nothing { return #expect(outcome.status == 0, "\(outcome)") }
            try outcome.expectFailure(6, "damaged")
            #expect(outcome.text.contains(lacking), "\(outcome)")
            #expect(try FileSystem.list(studio.work).map(\.name) == before)
        }
    }

    /// What no version needs may lack what it likes.
    @Test func whatWasNotAskedForIsNobodysConcern() throws {
        try Studio.withStore { studio in
            let stage = try Stage(studio)
            let script =
                "printf '100644 blob 1111111111111111111111111111111111111111\\ta\\n' | git mktree --missing"
            let odd = try studio.run(["sh", "-c", Word(script)], in: stage.repository).done().line
            _ = try stage.serve(lacking: .nothing, adding: [odd])
            let outcome = try stage.clone("copy")
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}
