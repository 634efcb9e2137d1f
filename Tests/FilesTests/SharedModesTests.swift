import Files
import TestSupport
import Testing

@Suite struct SharedModesTests {
    private static let values = [
        "umask", "false", "0", "group", "true", "1", "all", "world", "everybody", "2", "0640", "0660", "0600",
        "0644",
        "0664", "0777", "640", "TRUE",
    ]

    /// Git itself is asked what it makes of a new object and of the directory that it lies in.
    @Test(arguments: values, ["022", "077", "002"])
    func `They are those that git gives`(value: String, mask: String) throws {
        try withTemporaryDirectory { folder in
            let script = """
                umask \(mask) && git init -q --bare plain.git && git init -q --bare shared.git &&
                git -C shared.git config core.sharedRepository \(value) &&
                for r in plain shared; do echo sound | git -C $r.git hash-object -w --stdin; done
                """
            let result = try run(
                command: "sh", arguments: ["-c", script], environment: hermeticEnvironment(home: folder),
                directory: folder)
            try #require(result.status == 0, "\(result.stderr)")
            let id = try #require(result.stdout.split(separator: "\n").first)
            let modes = SharedModes(configValue: value)
            for (name, make) in [
                ("\(id.prefix(2))/\(id.dropFirst(2))", modes.file), ("\(id.prefix(2))", modes.directory),
            ] {
                let found = try ["plain", "shared"].map {
                    try FileSystem.status(of: folder.appending("\($0).git/objects/\(name)")).mode
                }
                #expect(make(found[0]) == found[1], "\(name): \(String(found[1], radix: 8))")
            }
        }
    }

    @Test(arguments: [nil, "", "nonsense", "0400", "-1"] as [String?])
    func `What git refuses leaves permissions as they are`(value: String?) {
        let modes = SharedModes(configValue: value)
        #expect(modes == .unshared)
        #expect([modes.file(0o444), modes.directory(0o755)] == [0o444, 0o755])
    }

    @Test func `A batch gives them to its files and to the directories that it makes`() throws {
        try withTemporaryDirectory { folder in
            let temporary = try TemporaryDirectory(in: folder.appending("tmp"))
            let batch = WriteBatch(
                temporary: temporary, modes: SharedModes(configValue: "0660"), inside: folder.appending("root"))
            try FileSystem.makeDirectory(folder.appending("root"), mode: 0o700)
            let path = temporary.newPath()
            try FileSystem.write("x", to: path, mode: 0o600)
            try batch.add(FileDescriptor.open(path, .read), at: path, to: folder.appending("root/a/b/file"))
            try batch.commit()
            let modes = try ["root", "root/a", "root/a/b", "root/a/b/file"].map {
                try FileSystem.status(of: folder.appending($0)).mode
            }
            #expect(modes == [0o700, 0o2770, 0o2770, 0o440])
        }
    }

    @Test func `Nothing is made in the place of a root that is gone`() throws {
        try withTemporaryDirectory { folder in
            let root = folder.appending("disk/remote")
            let error = #expect(throws: FileError.self) {
                try FileSystem.makeDirectories(root.appending("a/b"), inside: root, modes: .unshared)
            }
            #expect(error?.code == .notFound)
            try #expect(FileSystem.list(folder).isEmpty)
        }
    }
}
