import Git
import TestSupport
import Testing

private let header = "tree \(ObjectID.zero)\n"
private let people = "author A <a@b> 1 +0000\ncommitter C <c@d> 2 -0130\n"

@Test func commitsComeBackAsTheyWere() throws {
    let commit = Commit(
        tree: try id(of: "1"), parents: [try id(of: "2"), try id(of: "3")], author: somebody,
        committer: Signature(name: "Bob", email: "b@c", seconds: -5, offsetMinutes: -330),
        message: "Title\n\nBody\n",
        extraHeaders: [Commit.Header(key: "gpgsig", value: Array("line one\n\nline three".utf8))])
    let again = try Commit(parsing: commit.encoded(), id: id(of: "4"))
    #expect(again.tree == commit.tree)
    #expect(again.parents == commit.parents)
    #expect(again.author == commit.author)
    #expect(again.committer == commit.committer)
    #expect(again.extraHeaders == commit.extraHeaders)
    #expect(again.message == "Title\n\nBody\n")
    #expect(again.summary == "Title")
    #expect(again.id == (try id(of: "4")))
    #expect(again.encoded() == commit.encoded())
}

@Test func unknownHeadersAreKept() throws {
    let text = header + people + "encoding ISO-8859-1\ngpgsig -----BEGIN\n abc\n \n -----END\nodd\n\nCaf"
    let commit = try Commit(parsing: Array(text.utf8) + [0xE9])
    #expect(commit.extraHeaders.map(\.key) == ["encoding", "gpgsig", "odd"])
    #expect(commit.extraHeaders[1].value == Array("-----BEGIN\nabc\n\n-----END".utf8))
    #expect(commit.messageBytes == Array("Caf".utf8) + [0xE9])
    #expect(commit.message == "Caf\u{FFFD}")
}

@Test func aCommitMayEndAfterItsHeaders() throws {
    #expect(try Commit(parsing: Array((header + people).utf8)).message == "")
    #expect(try Commit(parsing: Array((header + people + "\n").utf8)).message == "")
}

@Test func brokenSignaturesAreReadAsFarAsTheyGo() throws {
    func author(_ line: String) throws -> Signature {
        try Commit(parsing: Array((header + "author \(line)\ncommitter C <c@d> 2 +0000\n\n").utf8)).author
    }
    #expect(try author("nobody") == Signature(name: "nobody", email: "", seconds: 0))
    #expect(try author("A <a@b>") == Signature(name: "A", email: "a@b", seconds: 0))
    #expect(try author("A <a@b> x +0100") == Signature(name: "A", email: "a@b", seconds: 0, offsetMinutes: 60))
    #expect(try author("A <a@b> 99999999999999999999 +01") == Signature(name: "A", email: "a@b", seconds: 0))
    #expect(try author(" <> 5 -0100") == Signature(name: "", email: "", seconds: 5, offsetMinutes: -60))
    #expect(try author("> < 5").name == "> < 5")
}

private func refuses(_ text: String, _ why: String, location: SourceLocation = #_sourceLocation) throws {
    let error = try gitError(location: location) { try Commit(parsing: Array(text.utf8)) }
    #expect(error.code == .corrupt, sourceLocation: location)
    #expect(error.message.contains(why), sourceLocation: location)
}

@Test func anEmptyCommitIsRefused() throws { try refuses("", "no tree") }
@Test func aCommitWithoutATreeIsRefused() throws { try refuses(people + "\n", "no tree") }
@Test func aCommitWithABrokenTreeIsRefused() throws { try refuses("tree 1234\n" + people, "no tree") }
@Test func aCommitWithABrokenParentIsRefused() throws { try refuses(header + "parent x\n" + people, "no author") }
@Test func aCommitWithoutAnAuthorIsRefused() throws {
    try refuses(header + "committer C <c@d> 2 +0000\n", "no author")
}
@Test func aCommitWithoutACommitterIsRefused() throws {
    try refuses(header + "author A <a@b> 1 +0000\n\n", "no committer")
}
@Test func aCommitCutOffInALineIsRefused() throws { try refuses(header + "author A <a@b> 1", "no author") }

@Test func anythingAtAllIsReadOrRefusedAsACommit() {
    var random = SeededRandom()
    let sound = Array((header + "parent \(ObjectID.zero)\n" + people + "gpgsig a\n b\n\nText\n").utf8)
    for round in 0..<4000 {
        var bytes = random.bytes(Int.random(in: 0..<100, using: &random))
        if round % 2 == 0 {
            bytes = sound
            for _ in 0..<Int.random(in: 1..<4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(index...)
                default: bytes.insert(UInt8(ascii: "\n"), at: index)
                }
                if bytes.isEmpty { break }
            }
        }
        if let commit = try? Commit(parsing: bytes) {
            // What was read can be written and read again, and no longer changes.
            let again = try? Commit(parsing: commit.encoded())
            #expect(again?.encoded() == commit.encoded(), "\(random)")
            #expect(again?.messageBytes == commit.messageBytes, "\(random)")
        }
    }
}

@Test(.enabled(if: hasGit, needsGit)) func hostileNamesAreWrittenSoThatGitAcceptsThem() throws {
    try withFixture { fixture in
        let hostile = ["", " ", "<", "a <b> c", "x\ny", "x\0y", "\u{7F}", ".", "Jr.", "\"Q\"", "e\u{301}"]
        for (index, name) in hostile.enumerated() {
            let person = Signature(
                name: name, email: name, seconds: Int64(index), offsetMinutes: index * 1000 - 5000)
            let id = try fixture.write { writer in
                let tree = try writer.write(Tree())
                return try writer.write(
                    Commit(tree: tree, parents: [], author: person, committer: person, message: "a\0b\(index)\n"))
            }
            let commit = try fixture.repository.readCommit(id)
            #expect(commit.committer.seconds == Int64(index))
            #expect(commit.message == "ab\(index)\n")
            try fixture.repository.moveReference(
                "refs/heads/x\(index)", from: nil, to: id, message: "m\nm", by: person)
        }
        try fixture.expectSound()
    }
}

@Test func trailersAreTheLastParagraph() throws {
    let message = "Title\n\nText: no trailer\n\nOffbeat-Operation: 12\nfolded: one\n two\nempty:\n\n"
    #expect(Trailer.all(in: message).map(\.key) == ["Offbeat-Operation", "folded", "empty"])
    #expect(Trailer.all(in: message).map(\.value) == ["12", "one two", ""])
    #expect(Trailer.all(in: "Key: in the title").isEmpty)
    #expect(Trailer.all(in: "Title\n\nKey: value\nand prose").isEmpty)
    #expect(Trailer.all(in: "Title\n\nhttp://x").isEmpty)
    #expect(Trailer.all(in: "Title\n\n folded first").isEmpty)
    #expect(Trailer.all(in: "").isEmpty)
}

@Test func trailersAreAddedAfterThoseThatAreThere() throws {
    let one = try #require(Trailer(key: "One", value: "a\nb"))
    let two = try #require(Trailer(key: "Two", value: " 2 "))
    let once = Trailer.adding([one], to: "Title\n")
    #expect(once == "Title\n\nOne: a b\n")
    #expect(Trailer.adding([two], to: once) == "Title\n\nOne: a b\nTwo: 2\n")
    #expect(Trailer.adding([], to: "Title") == "Title")
    #expect(Trailer(key: "a b", value: "") == nil)
    #expect(Trailer(key: "", value: "") == nil)
    let commit = Commit(tree: .zero, parents: [], author: somebody, committer: somebody, message: once)
    #expect(commit.trailers == [one])
}

@Test(.enabled(if: hasGit, needsGit)) func trailersAreThoseThatGitSees() throws {
    try withFixture { fixture in
        let trailer = try #require(Trailer(key: "Offbeat-Operation", value: "add 12"))
        let message = Trailer.adding([trailer], to: "Add a track\n\nMore.\n")
        let said = try fixture.git("interpret-trailers", "--parse", input: Array(message.utf8))
        #expect(said == "Offbeat-Operation: add 12\n")
    }
}
