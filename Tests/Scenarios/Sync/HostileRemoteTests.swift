import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// What plain git can push to a remote, on purpose or not, and what a disk can make of it.
@Suite(.waiting) struct HostileRemoteTests {
    // MARK: Later programs

    @Test(arguments: ["format", "merge"]) func aLaterProgramsVersionIsNotTaken(_ field: String) throws {
        try Tour.with { tour in
            let bytes = try tour.studio.git("show", "main:offbeat.json", in: tour.remote).done().out
            var record = try JSON.parse(bytes).asObject ?? [:]
            record[field] = 2
            try tour.push([tour.entry("100644 blob", "offbeat.json", holding: JSON.object(record).canonical())])
            try tour.expectUntaken(4, "newer-format")
        }
    }

    // MARK: Odd trees

    private static let odd = ["link", "module", "..", ".git", "twins", "raw name"]

    @Test(arguments: odd) func whatIsOddIsCarried(_ what: String) throws {
        try Tour.with { tour in
            let song = try tour.song()
            try tour.push(oddEntries(what, tour))
            let list = { try tour.studio.git("ls-tree", "main", in: tour.remote).done().out }
            let before = try list()
            try tour.at("ben", "edit", song, "title=Goes on").done()
            #expect(try tour.sync("ben").done().json()["result"] == "merged")
            try tour.sync("ana").done()
            #expect(try tour.json("ana", "show", song).done().json()["title"] == "Goes on")
            for laptop in ["ana", "ben"] {
                #expect(try tour.head(laptop) == tour.remoteHead())
                try tour.at(laptop, "fsck", "--deep").done()
            }
            try tour.studio.offbeat("clone", "band.git", "cem", "--user", "ana").done()
            // All but the tracks is as it was pushed.
            let rest = { (tree: [UInt8]) in
                String(decoding: tree, as: UTF8.self).split(separator: "\n").filter { !$0.hasSuffix("tracks") }
            }
            #expect(try rest(list()) == rest(before))
            #expect(!FileSystem.exists(tour.studio.work.appending("escaped")))
        }
    }

    private func oddEntries(_ what: String, _ tour: Tour) throws -> [String] {
        let file = try tour.entry("100644 blob", "escaped", holding: Array("x".utf8))
        switch what {
        case "link":
            return [try tour.entry("120000 blob", "people.json", holding: Array("../../etc/passwd".utf8))]
        case "module": return ["160000 commit \(try tour.remoteHead())\tmodule"]
        case "..", ".git": return ["040000 tree \(try tour.tree([file]))\t\(what)"]
        case "twins": return ["Notes", "notes"].map { file.replacing("escaped", with: $0) }
        default: return [file.replacing("escaped", with: "\"\\377\\n\"")]
        }
    }

    // MARK: Trees without end

    @Test func aBombIsRefused() throws {
        try Tour.with { tour in
            var entry = try tour.entry("100644 blob", "0", holding: Array("x".utf8))
            for _ in 0..<12 {
                let name = { (number: Int) in String(entry.prefix { $0 != "\t" }) + "\t\(number)" }
                entry = "040000 tree \(try tour.tree((0..<10).map(name)))\t0"
            }
            try tour.push([String(entry.dropLast()) + "bomb"])
            try tour.expectUntaken(4, "wrong-state")
        }
    }

    @Test(arguments: [200, 10_000]) func whatIsTooDeepIsRefused(_ levels: Int) throws {
        try Tour.with { tour in
            let path = String(repeating: "d/", count: levels)
            let stream = """
                commit refs/heads/main
                committer Git <git@invalid> 1800000000 +0000
                data 4
                Deep
                from refs/heads/main^0
                M 100644 inline \(path)f
                data 1
                x

                """
            let file = tour.studio.root.appending("stream")
            try FileSystem.write(stream, to: file)
            try tour.studio.run(["git", "fast-import", "--quiet"], in: tour.remote, stdin: .file(file)).done()
            try tour.expectUntaken(4, "wrong-state")
        }
    }

    // MARK: Damage

    /// Who finds other bytes under a file's name takes the version, not the bytes, and asks again.
    @Test func wrongBytesAreAskedForAgain() throws {
        try Tour.with { tour in
            let sound = try tour.studio.sound("new.wav", seed: 7, frames: 4000)
            try tour.at("ana", "add", "--no-analyze", Word(sound)).done()
            try tour.sync("ana").done()
            let bytes = try FileSystem.read(sound)
            let file = try #require(tour.files(of: bytes.count).first)
            try FileSystem.remove(file)
            var wrong = bytes
            wrong[1000] ^= 1
            try FileSystem.write(wrong, to: file)
            let came = try tour.sync("ben")
            #expect(try came.status == 1 && came.json()["result"] == "pulled", "\(came)")
            #expect(try came.json()["files"]?["downloaded"] == 0)
            #expect(try tour.at("ben", "cat", "new").status != 0, "the wrong bytes are nowhere here")
            #expect(try tour.sync("ben").status == 1)
            try tour.at("ben", "fsck").done()
            try FileSystem.remove(file)
            try FileSystem.write(bytes, to: file)
            #expect(try tour.sync("ben").done().json()["files"]?["downloaded"] == 1)
            #expect(try tour.at("ben", "cat", "new").done().out == bytes)
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test(arguments: ["missing", "bytes", "reference", "packed-refs"]) func aDamagedRemoteIsTold(_ what: String)
        throws
    {
        try Tour.with { tour in
            try tour.at("ana", "edit", tour.song(), "title=One").done()
            try tour.sync("ana").done()
            let away = tour.studio.work.appending("away.git")
            try tour.studio.run(["cp", "-a", Word(tour.remote), Word(away)]).done()
            try damage(what, at: tour.remote, tour)
            try tour.expectUntaken(6, "damaged")
            try FileSystem.removeTree(tour.remote)
            try FileSystem.rename(away, to: tour.remote)
            for laptop in ["ben", "ana"] { try tour.sync(laptop).done() }
            try tour.expectTogether(["ana", "ben"])
        }
    }

    private func damage(_ what: String, at remote: FilePath, _ tour: Tour) throws {
        switch what {
        case "reference": try FileSystem.write("scribble\n", to: remote.appending("refs/heads/main"))
        case "packed-refs":
            try FileSystem.remove(remote.appending("refs/heads/main"))
            try FileSystem.write("scribble\n", to: remote.appending("packed-refs"))
        default:
            // As loose objects, so that only what is new is damaged.
            let head = try tour.remoteHead()
            let tree = try tour.studio.git("rev-parse", "main^{tree}", in: remote).done().line
            try tour.studio.unpackAll(in: remote)
            for id in what == "missing" ? [head, tree] : [tree] {
                let object = remote.appending("objects/\(id.prefix(2))/\(id.dropFirst(2))")
                try FileSystem.remove(object)
                if what == "bytes" { try FileSystem.write("scribble", to: object) }
            }
        }
    }
}

extension Tour {
    /// Writes a tree of such lines as `git ls-tree` prints, which may be one that git itself would not make.
    func tree(_ lines: [String]) throws -> String {
        let file = studio.root.appending("tree")
        try FileSystem.write(lines.map { $0 + "\n" }.joined(), to: file)
        return try studio.run(["git", "mktree", "--missing"], in: remote, stdin: .file(file)).done().line
    }

    /// A line of a tree, for what has these bytes.
    func entry(_ kind: String, _ name: String, holding bytes: [UInt8]) throws -> String {
        let file = studio.root.appending("blob")
        try FileSystem.write(bytes, to: file)
        let id = try studio.git("hash-object", "-w", Word(file), in: remote).done().line
        return "\(kind) \(id)\t\(name)"
    }

    /// Pushes a version whose root has these lines as well, or instead of those of the same names.
    func push(_ lines: [String]) throws {
        let name = { (line: Substring) in String(line.drop { $0 != "\t" }) }
        let names = lines.map { name($0[...]) }
        let old = try studio.git("ls-tree", "main", in: remote).done().text.split(separator: "\n")
        let tree = try tree(old.filter { !names.contains(name($0)) }.map(String.init) + lines)
        let commit = try studio.git("commit-tree", "-p", "main", "-m", "Odd", "\(tree)", in: remote).done().line
        try studio.git("update-ref", "refs/heads/main", "\(commit)", in: remote).done()
    }

    /// Expects that neither a store nor a clone takes what is at the remote, and that nothing changes.
    func expectUntaken(_ status: Int32, _ code: String) throws {
        try newVersion("ben")
        let before = try (head("ben"), at("ben", "ls").done().out, fingerprint(of: remote))
        for _ in 1...2 { try sync("ben").expectFailure(status, code) }
        #expect(try (head("ben"), at("ben", "ls").done().out, fingerprint(of: remote)) == before)
        try at("ben", "fsck", "--deep").done()
        try studio.json("clone", "band.git", "new").expectFailure(status, code)
        #expect(try FileSystem.list(studio.work).allSatisfy { !$0.name.string.hasPrefix("offbeat-") })
        #expect(!FileSystem.exists(studio.work.appending("new")))
    }

    /// The files at the remote that have so many bytes.
    func files(of size: Int) throws -> [FilePath] {
        try DirectoryWalk(remote.appending("lfs/objects")).compactMap { item in
            guard case .file(let path) = item else { return nil }
            return try FileSystem.status(of: path).size == size ? path : nil
        }
    }
}
