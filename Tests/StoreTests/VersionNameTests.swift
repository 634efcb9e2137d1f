import Files
import Git
import Store
import Testing

@Test func headNamesTheNewestVersion() throws {
    try withWorld { world in
        try world.add("one")
        #expect(try world.store.version(named: "HEAD") == world.store.version())
    }
}

@Test func aTildeCountsBackwards() throws {
    try withWorld { world in
        let first = try world.store.version()
        try world.add("one")
        let second = try world.store.version()
        try world.add("two")
        #expect(try world.store.version(named: "HEAD~") == second)
        #expect(try world.store.version(named: "HEAD~1") == second)
        #expect(try world.store.version(named: "HEAD~2") == first)
        #expect(try world.store.version(named: "HEAD~0") == world.store.version())
        #expect(try world.store.version(named: "\(second.short)~1") == first)
    }
}

@Test func countingBackBeyondTheFirstVersionFindsNone() throws {
    try withWorld { world in
        for name in ["HEAD~1", "HEAD~999999999999"] {
            let error = try storeError(.notFound) { try world.store.version(named: name) }
            #expect(error.message == "no version is named \(name)")
            #expect(error.hint?.contains("offbeat log") == true)
        }
    }
}

@Test(arguments: [
    "", "~", "~2", "HEAD~x", "HEAD~-1", "HEAD~1~1", "head", "abc", "0123456789abcdef0123456789abcdef012345678",
    "ABCDEF",
    "main", "HEAD^",
])
func whatIsNoNameOfAVersionIsNotFound(_ name: String) throws {
    try withWorld { world in
        let error = try storeError(.notFound) { try world.store.version(named: name) }
        #expect(error.message.contains(name.isEmpty ? "no version" : name))
    }
}

@Test func digitsOfAnIdNameAVersion() throws {
    try withWorld { world in
        try world.add("one")
        let version = try world.store.version()
        for count in [6, 10, 40] {
            #expect(try world.store.version(named: String(version.description.prefix(count))) == version)
        }
        #expect(version.short == version.description.prefix(10))
    }
}

@Test func digitsOfSomethingThatIsNoVersionFindNone() throws {
    try withWorld { world in
        try world.add("one")
        let tree = try #require(try world.store.changes(from: nil, to: world.store.version()).first)
        #expect(tree.kind == .added)
        try storeError(.notFound) { try world.store.version(named: "0000000000000000000000000000000000000000") }
    }
}

@Test func digitsThatSeveralVersionsBeginWithAreAmbiguous() throws {
    try withWorld { world in
        let (one, other) = try twoAlike(in: world)
        let digits = String(one.hex.prefix(4))
        let error = try storeError(.ambiguous) { try world.store.version(named: digits) }
        #expect(error.message.contains(one.hex.prefix(10)) && error.message.contains(other.hex.prefix(10)))
        #expect(error.hint == "give more digits")
    }
}

/// Writes commits until two ids begin with the same four digits, as among some hundreds they do.
private func twoAlike(in world: World) throws -> (ObjectID, ObjectID) {
    let repository = try Repository(at: world.path)
    let temporary = try TemporaryDirectory(in: world.folder)
    let writer = ObjectWriter(repository: repository, temporary: temporary)
    let tree = try repository.readCommit(world.store.version().id).tree
    let somebody = Signature(name: "Ada", email: "ada@example.org", seconds: 1_800_000_000)
    var seen: [String: ObjectID] = [:]
    for number in 0..<100_000 {
        let message = "Version \(number)\n"
        let commit = Commit(tree: tree, parents: [], author: somebody, committer: somebody, message: message)
        let id = try writer.write(commit)
        guard let other = seen.updateValue(id, forKey: String(id.hex.prefix(4))) else { continue }
        let batch = WriteBatch(temporary: temporary, durable: false)
        try writer.finish(into: batch)
        try batch.commit()
        return (other, id)
    }
    throw StoreError(.io, "no two of 100,000 versions begin alike")
}
