import Files
import Git
import TestSupport
import Testing

@testable import HTTP
@testable import Network

@Suite struct NetworkSettingsTests {
    /// Each line is `name=value`, the name with section and variable in small letters.
    static func settings(_ lines: [String], _ environment: [String: String] = [:]) -> NetworkSettings {
        NetworkSettings(
            lines.map { line in
                let sign = line.firstRange(of: " = ")
                return Setting(
                    name: String(line[..<(sign?.lowerBound ?? line.endIndex)]),
                    value: sign.map { String(line[$0.upperBound...]) } ?? "true")
            }, environment: environment)
    }

    /// What git says for a URL must be what we say.
    @Test(arguments: [
        ["http.proxy = a", "http.https://h.org.proxy = b"],
        ["http.https://h.org.proxy = b", "http.proxy = a"],
        ["http.https://h.org/x.proxy = b", "http.https://h.org/x/y.proxy = c", "http.https://h.org.proxy = d"],
        ["http.https://*.org.proxy = b", "http.https://h.*.proxy = c"],
        ["http.https://*.org/x/y.proxy = b", "http.https://h.org.proxy = c"],
        ["http.https://*.*.proxy = b", "http.https://*.proxy = c"],
        ["http.https://u@h.org/x.proxy = b", "http.https://h.org/x.proxy = c"],
        ["http.https://other@h.org/x/y/z.proxy = b", "http.https://h.org:443/x/.proxy = c"],
        ["http.https://h.org:444/.proxy = b", "http.http://h.org/x.proxy = c"],
        ["http.https://h.org/x/y%2Dz.proxy = b", "http.https://h.org/x/y-.proxy = c"],
        ["http.HTTPS://H.ORG/x/./y/../y-z.proxy = b"], ["http.h.org.proxy = b", "http.https://.proxy = c"],
    ])
    func theClosestURLCounts(lines: [String]) throws {
        let settings = Self.settings(lines)
        try withTemporaryDirectory { home throws in
            var environment = hermeticEnvironment(home: home)
            environment["GIT_CONFIG_COUNT"] = "\(lines.count)"
            for (number, line) in settings.lines.enumerated() {
                environment["GIT_CONFIG_KEY_\(number)"] = line.name
                environment["GIT_CONFIG_VALUE_\(number)"] = line.value
            }
            for url in [
                "https://h.org/x/y-z/w", "https://u@h.org/x/", "http://h.org/x", "https://h.org:0443/x/y-zz",
                "https://H.org", "https://h.org:444/q?r", "https://a.h.org/x",
            ] {
                let said = try run(
                    command: "git", arguments: ["config", "--get-urlmatch", "http.proxy", url],
                    environment: environment, directory: home)
                let value = said.status == 0 ? String(said.stdout.dropLast()) : nil
                #expect(settings.value("http", "proxy", for: url) == value, "\(url) by \(lines)")
            }
        }
    }

    @Test func aListTakesAllThatFit() {
        let settings = Self.settings([
            "http.extraheader = A: 1", "http.https://h.org.extraheader = Authorization: two",
            "http.https://h.org/x.extraheader = C: 3", "http.extraheader = D: 4",
        ])
        let url = try? HTTPURL("https://h.org/x")
        let names = { (isForPerson: Bool) in
            url.map { settings.extraHeaders(for: $0, isForPerson: isForPerson).map(\.name) }
        }
        #expect(names(true) == ["A", "Authorization", "C"])
        #expect(names(false) == ["Authorization", "C"], "what is for all URLs is for the remote alone")
        let empty = Self.settings(["http.extraheader = A: 1", "http.extraheader = ", "http.extraheader = B:2"])
        #expect(url.map { empty.extraHeaders(for: $0, isForPerson: true).map(\.name) } == ["B"])
    }

    @Test func addressesAreRewrittenByTheLongestBeginning() {
        let settings = Self.settings([
            "url.https://h.org/.insteadof = h:", "url.https://h.org/team/.insteadof = h:t/",
            "url.ssh://h.org/.pushinsteadof = h:",
        ])
        #expect(settings.rewritten("h:a") == "https://h.org/a")
        #expect(settings.rewritten("h:t/a") == "https://h.org/team/a")
        #expect(settings.rewritten("h:t/a", forPush: true) == "ssh://h.org/t/a")
        #expect(settings.rewritten("k:a", forPush: true) == "k:a")
    }

    @Test func whatCountsForHTTPIsTaken() throws {
        let url = try HTTPURL("https://h.org/x")
        let plain = Self.settings([]).client(for: url, remote: nil)
        #expect(plain.checksServers && plain.certificateFile == nil && plain.proxy == .environment)
        #expect(plain.userAgent?.hasPrefix("git/") == true && plain.identity == nil && plain.slowest == nil)
        let lines = [
            "http.sslverify = no", "http.sslcainfo = ~/ca", "http.sslcapath = /cas", "http.sslcert = /c",
            "http.sslkey = /k", "http.useragent = me", "http.lowspeedlimit = 1k", "http.lowspeedtime = 5",
            "http.https://h.org.proxy = http://u:p@proxy:1", "remote.o.proxy = ", "http.followredirects = false",
        ]
        let settings = Self.settings(lines, ["HOME": "/home/p", "SSL_CERT_FILE": "/other"])
        var client = settings.client(for: url, remote: "elsewhere")
        #expect(
            !client.checksServers && client.certificateFile == "/home/p/ca" && client.certificateFolder == "/cas")
        #expect(client.identity == .init(certificate: "/c", key: "/k") && client.userAgent == "me")
        #expect(client.slowest == .init(bytes: 1_024, seconds: 5) && client.proxy == .url("http://u:p@proxy:1"))
        #expect(settings.client(for: url, remote: "o").proxy == HTTPClient.Proxy.none)
        #expect(settings.redirects(for: url) == .never && Self.settings([]).redirects(for: url) == .first)

        client = Self.settings(
            lines.filter { !$0.contains("verify") },
            [
                "GIT_SSL_NO_VERIFY": "", "GIT_SSL_CAINFO": "/a", "GIT_SSL_CERT": "/b", "GIT_SSL_KEY": "/d",
                "GIT_HTTP_USER_AGENT": "you",
            ]
        ).client(for: url, remote: nil)
        #expect(!client.checksServers && client.certificateFile == "/a" && client.userAgent == "you")
        #expect(client.identity == .init(certificate: "/b", key: "/d"))
        #expect(Self.settings([], ["CURL_CA_BUNDLE": "/e"]).client(for: url, remote: nil).certificateFile == "/e")
    }

    @Test func aLineMayBeForOneUserAlone() throws {
        let settings = Self.settings(["http.https://a%2Fb@h.org.proxy = p", "http.https://h.org.useragent = all"])
        let url = try HTTPURL("https://h.org/x")
        #expect(settings.client(for: url, user: "a/b", remote: nil).proxy == .url("p"))
        for user in ["c", nil] {
            let client = settings.client(for: url, user: user, remote: nil)
            #expect(client.proxy == .environment && client.userAgent == "all")
        }
    }

    @Test func theConfigurationOfAllLevelsIsRead() throws {
        try withTemporaryDirectory { home throws in
            try FileSystem.write("[http]\n\tlowSpeedLimit = 2k\n\tsslVerify\n", to: home.appending(".gitconfig"))
            let environment = hermeticEnvironment(home: home)
            let settings = try NetworkSettings(reading: environment, repository: nil)
            #expect(settings.number("http.lowspeedlimit") == 2_048 && settings.flag("http.sslverify") == true)
            try FileSystem.write("[http\n", to: home.appending(".gitconfig"))
            let error = refusal { try NetworkSettings(reading: environment, repository: nil) }
            #expect(error?.code == .local && error?.message.contains(".gitconfig") == true)
        }
    }

    @Test(arguments: [("3", 3), ("1000", 16), ("0", nil), ("-1", nil), ("many", nil)])
    func howManyFilesTravelAtOnceIsBounded(value: String, count: Int?) throws {
        let settings = NetworkSettings([Setting(name: "lfs.concurrenttransfers", value: value)])
        #expect(settings.concurrentTransfers == count && NetworkSettings([]).concurrentTransfers == nil)
        let remote = try NetworkRemote(
            at: "https://h.org/x", called: "o", settings: settings, agent: "x", mayAsk: false,
            isStopped: { false })
        let client = try #require(try remote.files(for: .upload, by: LFSConfig()) as? LFSClient)
        #expect(client.width == count ?? 8)
    }
}
