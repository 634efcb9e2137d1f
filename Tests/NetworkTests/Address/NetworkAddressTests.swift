import HTTP
import Testing

@testable import Network

@Suite struct NetworkAddressTests {
    private func ssh(_ url: String) throws -> SSHAddress? {
        guard case .ssh(let address) = try NetworkAddress(url) else { return nil }
        return address
    }

    @Test(arguments: [
        ("ssh://host/srv/a.git", SSHAddress(user: nil, host: "host", port: nil, path: "/srv/a.git")),
        ("SSH://ada@host:2222/a", SSHAddress(user: "ada", host: "host", port: 2222, path: "/a")),
        ("git+ssh://host/a", SSHAddress(user: nil, host: "host", port: nil, path: "/a")),
        ("ssh+git://host:/a", SSHAddress(user: nil, host: "host", port: nil, path: "/a")),
        ("ssh://host/~ada/a", SSHAddress(user: nil, host: "host", port: nil, path: "~ada/a")),
        ("ssh://host/~/a", SSHAddress(user: nil, host: "host", port: nil, path: "~/a")),
        ("ssh://a%40b@host/x%20y%25", SSHAddress(user: "a@b", host: "host", port: nil, path: "/x y%")),
        ("ssh://host/100%", SSHAddress(user: nil, host: "host", port: nil, path: "/100%")),
        ("ssh://[::1]/a", SSHAddress(user: nil, host: "::1", port: nil, path: "/a")),
        ("ssh://ada@[fe80::1]:22/a", SSHAddress(user: "ada", host: "fe80::1", port: 22, path: "/a")),
        ("host:a.git", SSHAddress(user: nil, host: "host", port: nil, path: "a.git")),
        ("ada@host:/a/b:c", SSHAddress(user: "ada", host: "host", port: nil, path: "/a/b:c")),
        ("ada@host:~/a", SSHAddress(user: "ada", host: "host", port: nil, path: "~/a")),
        ("host:/~ada/a", SSHAddress(user: nil, host: "host", port: nil, path: "~ada/a")),
        ("host:a%20b", SSHAddress(user: nil, host: "host", port: nil, path: "a%20b")),
        ("[host:2222]:a", SSHAddress(user: nil, host: "host", port: 2222, path: "a")),
        ("[ada@host:2222]:/a", SSHAddress(user: "ada", host: "host", port: 2222, path: "/a")),
        ("ada@[host:2222]:a", SSHAddress(user: "ada", host: "host", port: 2222, path: "a")),
        ("[host]:a", SSHAddress(user: nil, host: "host", port: nil, path: "a")),
        ("[::1]:a", SSHAddress(user: nil, host: "::1", port: nil, path: "a")),
        ("ada@[::1]:a", SSHAddress(user: "ada", host: "::1", port: nil, path: "a")),
        ("[ada@[::1]:22]:a", SSHAddress(user: "ada", host: "::1", port: 22, path: "a")),
    ])
    func readsWhatIsAtTheOtherEndOfSSH(_ url: String, _ expected: SSHAddress) throws {
        #expect(try ssh(url) == expected)
        #expect(try ssh(try NetworkAddress(url).description) == expected, "what is shown is read as the same")
    }

    @Test func readsWebAddressesAndTakesThePasswordOff() throws {
        let plain = try NetworkAddress.read("https://example.org/a.git")
        #expect(plain.address == .web(try HTTPURL("https://example.org/a.git"), user: nil) && plain.password == nil)
        let full = try NetworkAddress.read("HTTPS://a%40b:s%3Acret:x@Example.org:8443/a?key=hidden")
        #expect(full.address == .web(try HTTPURL("https://example.org:8443/a?key=hidden"), user: "a@b"))
        #expect(full.password == "s:cret:x")
        #expect(full.address.description == "https://a%40b@example.org:8443/a")
        let token = try NetworkAddress.read("http://:token@localhost/a")
        #expect(token.address == .web(try HTTPURL("http://localhost/a"), user: nil) && token.password == "token")
        #expect(token.address.description == "http://localhost/a")
    }

    @Test(arguments: [
        "", "/srv/a.git", "a", "./a:b", "git://host/a", "ftp://host/a", "file:///a", "ssh://", "ssh://host",
        "ssh://host/",
        "ssh:///a", "host:", "host:/", ":a", "ssh://host:x/a", "ssh://host:0/a", "ssh://host:99999/a",
        "ssh://host:+1/a",
        "ssh://[::1/a", "[::1:a", "[::1]a:b", "ssh://ada:secret@host/a",
        "-oProxyCommand=x:a", "ssh://-oProxyCommand=x/a", "ssh://%2DoProxyCommand=x/a", "-ada@host:a",
        "ssh://-ada@host/a", "host:-a", "ssh://[-x]/a", "ho st:a",
        "ssh://host/a%0Ab", "ssh://ho%0ast/a", "host:a\nb", "ssh://host/%ff", "https://secret\n@host/a",
        "https://ada%0a:secret@host/a", "https://ada:secret@x@host/a", "https://", "https://ho st/a",
        "https://host:x/secret",
    ])
    func refusesWhatCouldBeReadAsSomethingElse(_ url: String) {
        let error = #expect(throws: NetworkError.self) { try NetworkAddress(url) }
        #expect(error?.code == .local)
        #expect(error?.description.contains("secret") == false)
    }
}
