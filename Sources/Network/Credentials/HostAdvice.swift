import HTTP

/// What the passwords of well-known hosts have to be, for whoever was refused with one.
enum HostAdvice {
    /// What to do at a host that does not take a password; nil for a host of which nothing is known.
    static func password(at host: String) -> String? {
        let name = host.lowercased().prefix { $0 != ":" }
        return rules.first { rule in rule.names.contains { name == $0 || name.hasSuffix(".\($0)") } }?.words
    }

    /// Whether a host says by an answer to a password that it does not take that: by 401, and Bitbucket by 410 of a kind that
    /// no longer works.
    static func refusesPassword(_ answer: HTTPResponse) -> Bool {
        answer.status == 401 || answer.status == 410 && isBitbucket(answer.url.host)
    }

    /// Whether what is asked there is asked of Bitbucket.
    static func isBitbucket(_ host: String) -> Bool { host == "bitbucket.org" || host.hasSuffix(".bitbucket.org") }

    private static let rules: [(names: [String], words: String)] = [
        (
            ["github.com"],
            "GitHub wants a token for a password: classic with “repo”, or fine-grained with Contents: read and write; "
                + "an organisation may have to authorise it (SSO)"
        ),
        (["gitlab.com"], "GitLab wants an access token for a password, with “write_repository”; tokens expire"),
        (
            ["bitbucket.org"],
            "Bitbucket wants an API token for a password, with read and write of repositories; app passwords no longer work"
        ),
        (["dev.azure.com", "visualstudio.com"], "Azure wants a token for a password, with Code (read and write)"),
        (
            ["codeberg.org"],
            "Codeberg wants a token for a password where two factors are set up, with “write:repository”"
        ),
    ]
}
