import Files
import Git
import TestSupport
import Testing

/// Whether the real git is here to compare with.
let hasGit = isInstalled("git")

/// What a test says when it is skipped for want of git.
let needsGit: Comment = "the git program is not installed"

let somebody = Signature(name: "Ada Lovelace", email: "ada@example.org", seconds: 1_700_000_000, offsetMinutes: 60)

/// A new repository and what is needed to write to it.
struct Fixture {
    let folder: FilePath
    let path: FilePath
    let repository: Repository
    let temporary: TemporaryDirectory

    /// Makes an empty repository in `folder`, with a reflog for every reference.
    init(in folder: FilePath) throws {
        self.folder = folder
        path = folder.appending("store")
        try Repository.create(at: path)
        repository = try Repository(at: path)
        try repository.set("core.logAllRefUpdates", to: "always")
        temporary = try TemporaryDirectory(in: path.appending("tmp"))
    }

    /// Lets `body` write objects, and publishes them.
    @discardableResult
    func write<R>(checksExisting: Bool = true, _ body: (ObjectWriter) throws -> R) throws -> R {
        let writer = ObjectWriter(repository: repository, temporary: temporary, checksExisting: checksExisting)
        let result = try body(writer)
        let batch = WriteBatch(temporary: temporary, durable: false)
        try writer.finish(into: batch)
        try batch.commit()
        try repository.refresh()
        return result
    }

    /// Makes a commit with these files beside those of the parent, and moves the branch to it.
    @discardableResult
    func commit(
        _ files: [String: String], removing removed: [String] = [], on branch: String = "refs/heads/main",
        parents: [ObjectID]? = nil, at seconds: Int64 = 1_700_000_000, message: String = "Change"
    ) throws -> ObjectID {
        let current = try repository.resolve(branch)
        let parents = parents ?? current.map { [$0] } ?? []
        let id = try write { writer in
            var edit = TreeEdit()
            for (path, text) in files.sorted(by: { $0.key < $1.key }) {
                edit.set(try treePath(path), blob: try writer.write(blob: Array(text.utf8)))
            }
            for path in removed { edit.remove(try treePath(path)) }
            let base = try parents.first.map { try repository.readCommit($0).tree }
            let tree = try edit.apply(to: base, reading: repository, writing: writer) ?? writer.write(Tree())
            let person = Signature(name: "Ada", email: "ada@example.org", seconds: seconds)
            return try writer.write(
                Commit(tree: tree, parents: parents, author: person, committer: person, message: message))
        }
        try repository.moveReference(branch, from: current, to: id, message: message, by: somebody)
        return id
    }

    /// Runs the real git on the repository and answers its output; fails the test where git does.
    @discardableResult
    func git(_ arguments: String..., input: [UInt8] = [], location: SourceLocation = #_sourceLocation) throws
        -> String
    {
        try git(arguments, input: input, location: location)
    }

    /// The same for a list of arguments.
    @discardableResult
    func git(
        _ arguments: [String], input: [UInt8] = [], location: SourceLocation = #_sourceLocation
    ) throws -> String {
        let person = [
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
            "GIT_COMMITTER_DATE": "1700000000 +0000",
        ]
        let result = try run(
            command: "git", arguments: ["-C", path.string] + arguments,
            environment: hermeticEnvironment(home: folder, adding: person), input: input)
        let said = result.stderr + result.stdout.suffix(2000)
        #expect(result.status == 0, "git \(arguments.joined(separator: " ")): \(said)", sourceLocation: location)
        return result.stdout
    }

    /// Lets the real git check everything, and expects it to find nothing.
    func expectSound(location: SourceLocation = #_sourceLocation) throws {
        let said = try git("fsck", "--strict", "--no-dangling", "--no-progress", location: location)
        #expect(said.isEmpty, sourceLocation: location)
    }

    /// The files in a folder of the repository.
    func names(in folder: String) throws -> [String] {
        let path = path.appending(folder)
        guard FileSystem.exists(path) else { return [] }
        return try FileSystem.list(path).map(\.name.string).sorted()
    }
}

/// Makes a repository, lends it, and removes it.
func withFixture<R>(_ body: (Fixture) throws -> R) throws -> R {
    try withTemporaryDirectory { try body(try Fixture(in: $0)) }
}

/// The path, or a failed test.
func treePath(_ string: String) throws -> TreePath {
    try #require(TreePath(string))
}

/// The name, or a failed test.
func entryName(_ string: String) throws -> EntryName {
    try #require(EntryName(bytes: string.utf8))
}

/// What this target's error is that `body` throws; fails the test where it throws none, or another.
func gitError(
    location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> GitError {
    let error = #expect(throws: GitError.self, sourceLocation: location) { _ = try body() }
    return try #require(error, sourceLocation: location)
}

/// An id made of one digit.
func id(of digit: Character) throws -> ObjectID {
    try #require(ObjectID(hex: String(repeating: digit, count: 40)))
}
