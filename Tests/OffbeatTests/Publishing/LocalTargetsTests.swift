import Catalog
import Files
import Offbeat
import TestSupport
import Testing

/// What only this computer knows of where posts are brought out.
@Suite struct LocalTargetsTests {
    private static let id = "abcdef0123456789abcdef0123456789"

    /// What is read of a file with this in it.
    private static func read(_ text: String) throws -> LocalTargets.Settings {
        try withTemporaryDirectory { store in
            try FileSystem.makeDirectory(LocalTargets.folder(in: store))
            try FileSystem.write(text, to: LocalTargets.folder(in: store).appending("targets.json"))
            return try LocalTargets.read(in: store)[#require(WorkspaceID(id))]
        }
    }

    private static func http(_ source: String, host: String = "h") -> String {
        #"{"workspaces":{"\#(id)":{"http":{"host":"\#(host)","token":\#(source)}}}}"#
    }

    @Test func whereThereIsNoFileNothingIsSaid() throws {
        try withTemporaryDirectory { store in
            let settings = try LocalTargets.read(in: store)[#require(WorkspaceID(Self.id))]
            #expect(settings == LocalTargets.Settings())
            #expect(try settings.token(forHost: "h", environment: { _ in nil }) == nil)
        }
        #expect(try Self.read("{}").commandWords == nil)
    }

    @Test func aFileThatCannotBeMeantIsNamed() throws {
        let broken = [
            "", "[]", "{", #"{"workspaces":[]}"#, #"{"workspaces":{"x":{}}}"#, #"{"workspaces":{"\#(Self.id)":1}}"#,
            #"{"workspaces":{"\#(Self.id)":{"feed":{"folder":"relative"}}}}"#,
            #"{"workspaces":{"\#(Self.id)":{"command":{"words":[]}}}}"#,
            #"{"workspaces":{"\#(Self.id)":{"command":{"words":[""]}}}}"#,
            #"{"workspaces":{"\#(Self.id)":{"command":{"words":["a",1]}}}}"#,
            Self.http(#"{"value":"a","file":"/b"}"#), Self.http(#"{"file":"b"}"#), Self.http("{}"), Self.http("1"),
            Self.http(#"{"value":"a"}"#, host: ""),
        ]
        for text in broken {
            let refusal = try failure(.damaged) { try Self.read(text) }
            #expect(refusal.message.contains("publishing/targets.json"), "\(text): \(refusal)")
        }
        try withTemporaryDirectory { store in
            try FileSystem.makeDirectories(LocalTargets.folder(in: store).appending("targets.json"))
            try failure(.io) { try LocalTargets.read(in: store) }
        }
    }

    @Test func aTokenIsForOneHost() throws {
        let settings = try Self.read(Self.http(#"{"value":"secret-1"}"#, host: "api.example.org:8443"))
        func token(_ host: String) throws -> String? {
            try settings.token(forHost: host, environment: { _ in nil })
        }
        #expect(try token("api.example.org:8443") == "secret-1")
        #expect(try token("api.example.org") == nil && token("evil.example.org") == nil && token("") == nil)
        #expect(!"\(settings)".contains("secret") && !String(reflecting: settings).contains("secret"))
    }

    @Test func aTokenComesFromTheEnvironmentOrAFile() throws {
        let fromEnvironment = try Self.read(Self.http(#"{"environment":"T"}"#))
        #expect(try fromEnvironment.token(forHost: "h", environment: { $0 == "T" ? "t-1" : nil }) == "t-1")
        let missing = try failure(.notFound) { try fromEnvironment.token(forHost: "h", environment: { _ in nil }) }
        #expect(missing.message.contains(" T,"))
        try failure(.usage) { try fromEnvironment.token(forHost: "h", environment: { _ in "a b" }) }

        try withTemporaryDirectory { folder in
            let file = folder.appending("token")
            let fromFile = try Self.read(Self.http(#"{"file":"\#(file)"}"#))
            func token() throws -> String? { try fromFile.token(forHost: "h", environment: { _ in "no" }) }
            try failure(.notFound) { try token() }
            for text in ["s3same", "s3same\n", "s3same\r\n"] {
                try FileSystem.write(text, to: file)
                #expect(try token() == "s3same")
            }
            let long = String(repeating: "x", count: 9_000)
            for text in [
                "", "\n", "s3same\n\n", "two words", "s3same\nHost: evil", "ü", "\u{7F}", "s3same\u{0}", long,
            ] {
                try FileSystem.write(text, to: file)
                let refusal = #expect(throws: Failure.self) { () throws in _ = try token() }
                #expect(refusal?.message.contains("s3same") == false && refusal?.message.contains("words") == false)
            }
        }
    }

    @Test(arguments: [
        ("https://api.example.org/api/", "api.example.org"), ("HTTPS://API.Example.org", "api.example.org"),
        ("https://example.org:8443/x", "example.org:8443"), ("http://localhost:80/x", "localhost:80"),
        ("http://127.0.0.1:9", "127.0.0.1:9"), ("http://[::1]:9/", "[::1]:9"),
        ("https://[2001:db8::1]", "[2001:db8::1]"),
    ])
    func aTokenGoesWhereNobodyCanReadIt(url: String, host: String) {
        #expect(LocalTargets.host(of: url) == host)
    }

    @Test(arguments: [
        "http://example.org", "http://127.example.org", "http://127.0.0.256", "http://localhost.example.org",
        "https://", "https:///x", "https://user:pass@example.org", "https://ex ample.org", "https://exämple.org",
        "https://example.org:0", "https://example.org:70000", "https://example.org:", "https://:80",
        "https://a_b.org",
        "ftp://example.org", "example.org", "", "https://[x]", "https://[1]", "https://[::1", "https://.org",
        "https://example.org\u{0}", "https://e.org/<x>",
    ])
    func elsewhereNoTokenGoes(url: String) {
        #expect(LocalTargets.host(of: url) == nil)
    }
}
