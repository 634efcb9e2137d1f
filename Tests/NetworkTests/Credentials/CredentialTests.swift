import Dispatch
import Files
import Git
import HTTP
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// A home with a helper of git that a test writes, and what it was asked.
struct Helper {
    let home: FilePath
    var settings: NetworkSettings
    let environment: [String: String]

    /// - Parameters:
    ///   - script: what the helper does; `$1` is what is asked of it, and the question is in `$said`.
    ///   - lines: more of the configuration.
    static func with<R>(
        _ script: String, _ lines: String = "", adding extra: [String: String] = [:], _ body: (Helper) throws -> R
    ) throws -> R {
        try withTemporaryDirectory { home throws in
            let log = home.appending("log")
            let helper = home.appending("helper")
            try FileSystem.write("", to: log)
            try FileSystem.write(
                "#!/bin/sh\nsaid=$(cat)\n{ echo \"[$1]\"; echo \"$said\"; } >> \(log)\n\(script)\n", to: helper)
            _ = try run(command: "chmod", arguments: ["+x", helper.string])
            try FileSystem.write(
                "[credential]\n\thelper = \(script.isEmpty ? "" : helper.string)\n\(lines)\n",
                to: home.appending(".gitconfig"))
            var environment = hermeticEnvironment(home: home, adding: extra)
            environment["GIT_TERMINAL_PROMPT"] = nil
            let settings = try NetworkSettings(reading: environment, repository: nil)
            return try body(Helper(home: home, settings: settings, environment: environment))
        }
    }

    /// What it was asked, in order.
    var log: [String] {
        let bytes = (try? FileSystem.read(home.appending("log"))) ?? []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What kinds of questions it was asked.
    var asked: [String] { log.filter { $0.hasPrefix("[") && $0.hasSuffix("]") } }

    var program: CredentialProgram { CredentialProgram(settings: settings, mayAsk: false) }

    func place(_ url: String, user: String? = nil) throws -> CredentialPlace {
        let url = try HTTPURL(url)
        return CredentialPlace(
            url, user: user, usesPath: WebWay(to: url, user: user, by: settings, remote: nil).usesPath)
    }

    func fill(_ url: String, user: String? = nil) throws -> Credential {
        try program.fill(try place(url, user: user), challenges: [], after: nil) { false }
    }
}

/// How `git credential` is spoken with.
@Suite(.waiting) struct CredentialTests {
    @Test func aHelperIsAskedThroughGit() throws {
        try Helper.with("[ \"$1\" = get ] && printf 'username=ü\\npassword=p w=d\\n'") { helper throws in
            let credential = try helper.fill("https://H.org:8443/team/x.git/info/refs?service=git-upload-pack")
            #expect(credential.authorization == "Basic w7w6cCB3PWQ=")
            #expect(helper.log == ["[get]", "protocol=https", "host=h.org:8443"])
            helper.program.approve(credential, for: try helper.place("https://h.org/"))
            helper.program.reject(credential, for: try helper.place("https://h.org/"))
            #expect(helper.asked == ["[get]", "[store]", "[erase]"])
            #expect(helper.log.filter { $0 == "password=p w=d" }.count == 2)
        }
    }

    @Test func theUserAndThePathAreToldWhereTheyCount() throws {
        let lines = "[credential \"https://h.org\"]\n\tuseHttpPath = true"
        try Helper.with("printf 'password=x\\n'", lines) { helper throws in
            let url = "https://h.org/te%20am/x.git/info/lfs/objects/batch"
            #expect(try helper.fill(url, user: "me").authorization == "Basic bWU6eA==")
            #expect(
                helper.log == ["[get]", "protocol=https", "host=h.org", "path=te am/x.git", "username=me"])
            #expect(try helper.place("https://other.org/a").path == nil)
            #expect(try helper.place("https://h.org/a/info/refs?x").path == "a")
        }
    }

    @Test func aStoreOfGitsOwnRemembersAndForgets() throws {
        let asker = "[ \"$1\" = get ] && printf 'username=u\\npassword=p\\n'"
        try Helper.with(asker, "[credential]\n\thelper = store") { helper throws in
            let place = try helper.place("http://h.org/")
            let credential = try helper.program.fill(place, challenges: ["Basic realm=\"x\""], after: nil) { false }
            helper.program.approve(credential, for: place)
            let file = helper.home.appending(".git-credentials")
            #expect(try FileSystem.read(file) == Array("http://u:p@h.org\n".utf8))
            helper.program.reject(credential, for: place)
            #expect(try FileSystem.read(file) == [])
        }
    }

    @Test func aHelperThatStaysIsNotEnded() throws {
        let asker = "[ \"$1\" = get ] && printf 'username=u\\npassword=p\\n'"
        try Helper.with(asker) { helper throws in
            let place = try helper.place("http://h.org/")
            let credential = try helper.program.fill(place, challenges: [], after: nil) { false }
            try FileSystem.write("[credential]\n\thelper = cache\n", to: helper.home.appending(".gitconfig"))
            let other = Helper(
                home: helper.home,
                settings: try NetworkSettings(reading: helper.environment, repository: nil),
                environment: helper.environment)
            other.program.approve(credential, for: place)
            #expect(try other.fill("http://h.org/").authorization == credential.authorization)
            _ = try run(
                command: "git", arguments: ["credential-cache", "exit"], environment: helper.environment)
            #expect(throws: NetworkError.self) { () throws in try other.fill("http://h.org/") }
        }
    }

    @Test func nobodyIsAskedWithoutATerminal() throws {
        try Helper.with("") { helper throws in
            let error = refusal { try helper.fill("https://h.org/") }
            #expect(error?.code == .denied && error?.hint != nil)
            #expect(error?.message.contains("h.org wants to know who asks") == true)
            #expect(error?.message.contains("terminal prompts disabled") == true)
        }
    }

    @Test func whatAnswersInPlaceOfAPersonCountsUnlessItOpensAWindow() throws {
        let asker = ["SSH_ASKPASS": "/bin/echo", "DISPLAY": ":7"]
        try Helper.with("", adding: asker) { helper throws in
            #expect(refusal { try helper.fill("https://h.org/") }?.code == .denied)
        }
        try Helper.with("", adding: ["GIT_ASKPASS": "/bin/echo", "DISPLAY": ":7"]) { helper throws in
            #expect(try helper.fill("https://h.org/")["username"]?.contains("Username") == true)
        }
    }

    @Test func aHelperThatGivesUpEndsTheQuestion() throws {
        try Helper.with("echo quit=1") { helper throws in
            let error = refusal { try helper.fill("https://h.org/") }
            #expect(error?.code == .denied && error?.message.contains("told us to quit") == true)
        }
    }

    @Test func whatHelpersComplainOfIsNotShown() throws {
        try Helper.with("echo 'secret word' >&2; exit 1") { helper throws in
            let error = refusal { try helper.fill("https://h.org/") }
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test func aHelperThatHangsIsStopped() throws {
        try Helper.with("echo $$ > \"$HOME/pid\"; sleep 600") { helper throws in
            let watch = Stopwatch()
            let isThere = { FileSystem.exists(helper.home.appending("pid")) }
            let error = refusal {
                try helper.program.fill(try helper.place("https://h.org/"), challenges: [], after: nil) {
                    isThere() || watch.seconds > 20
                }
            }
            #expect(error?.code == .stopped && isThere())
            let pid = String(decoding: try FileSystem.read(helper.home.appending("pid")).dropLast(), as: UTF8.self)
            // What nobody has waited for yet has no words any more.
            #expect(try FileSystem.readIfExists(FilePath("/proc/\(pid)/cmdline")) ?? [] == [])
        }
    }

    @Test func withoutGitTheErrorSaysSo() throws {
        try Helper.with("", adding: ["PATH": "/nothing"]) { helper throws in
            var settings = helper.settings
            settings = NetworkSettings(settings.lines, environment: ["PATH": "/nothing"], repository: nil)
            let program = CredentialProgram(settings: settings, mayAsk: false, name: "git-that-is-not-here")
            let error = refusal {
                try program.fill(try helper.place("https://h.org/"), challenges: [], after: nil) { false }
            }
            #expect(error?.code == .local && error?.hint == "install git")
        }
    }

    @Test(arguments: ["a\nhost=evil.org", "a\rb", "a\0b", String(repeating: "x", count: 70_000)])
    func aNameThatWouldBeReadAsSomethingElseIsRefused(user: String) throws {
        try Helper.with("printf 'password=x\\n'") { helper throws in
            #expect(refusal { try helper.fill("https://h.org/", user: user) }?.code == .denied)
            #expect(helper.log == [])
        }
    }

    @Test func answersAreReadStrictly() {
        func read(_ text: String) -> [Credential.Field]? { CredentialMessage.read(Array(text.utf8)) }
        #expect(
            read("a=b=c\nd[]=1\nd[]=2\n\nrest") == [.init(name: "a", value: "b=c")]
                + ["1", "2"].map {
                    Credential.Field(name: "d[]", value: $0)
                })
        #expect(read("d[]=1\nd[]=\nd[]=3\n")?.map(\.value) == ["3"])
        for text in ["a\n", "=b\n", "a=b\rc\n", "a=\0\n", "a b=c\n", "a=" + String(repeating: "x", count: 70_000)] {
            #expect(read(text) == nil, "\(text.prefix(9))")
        }
        #expect(CredentialMessage.read(Array(repeating: UInt8(ascii: "a"), count: 1 << 19)) == nil)
    }

    @Test func letterByLetterAsTheStandardSays() {
        let pairs = [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "\u{FB}\u{FF}": "w7vDvw==",
        ]
        for (plain, coded) in pairs { #expect(Base64.encoded(Array(plain.utf8)) == coded) }
        #expect(Base64.encoded([0xFB, 0xEF, 0xFF]) == "++//")
    }

    @Test func whatAHelperSaysBesidesANameIsTaken() {
        let bearer = Credential([
            .init(name: "authtype", value: "Bearer"), .init(name: "credential", value: "t"),
            .init(name: "continue", value: "1"), .init(name: "state[]", value: "s"),
        ])
        #expect(
            bearer.authorization == "Bearer t" && bearer.isContinued && bearer.state == ["s"] && !bearer.isBasic)
        let old = Credential([.init(name: "password_expiry_utc", value: "1")])
        #expect(old.isExpired && old.authorization == nil)
        #expect(!Credential([.init(name: "password_expiry_utc", value: "99999999999")]).isExpired)
    }
}
