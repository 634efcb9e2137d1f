import Testing

@testable import Network

/// What is said of the passwords of well-known hosts.
@Suite struct HostAdviceTests {
    @Test(arguments: [
        ("github.com", "Contents"), ("GitHub.com:443", "Contents"), ("gitlab.com", "write_repository"),
        ("bitbucket.org", "API token"), ("dev.azure.com", "Code"), ("team.visualstudio.com", "Code"),
        ("codeberg.org", "write:repository"),
    ]) func knownHostsHaveRules(host: String, words: String) {
        #expect(HostAdvice.password(at: host)?.contains(words) == true)
    }

    @Test(arguments: ["nas", "notgithub.com", "github.com.evil.org", ""]) func othersHaveNone(host: String) {
        #expect(HostAdvice.password(at: host) == nil)
    }
}
