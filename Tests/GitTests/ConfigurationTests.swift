import Files
import Git
import TestSupport
import Testing

/// Git's configuration of all levels, as compared with git itself.
@Suite struct ConfigurationTests {
    /// What git says of the same.
    private func git(_ folder: FilePath?, _ environment: [String: String]) throws -> [Setting] {
        let place = folder.map { ["--git-dir=\($0)"] } ?? []
        let said = try run(
            command: "git", arguments: place + ["config", "--list", "--includes", "-z"], environment: environment,
            directory: "/")
        #expect(said.status == 0, "\(said.stderr)")
        return said.stdout.split(separator: "\0").map { line in
            let parts = line.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return Setting(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "true")
        }
    }

    private func withLevels(
        _ body: (FilePath, FilePath, [String: String]) throws -> Void
    ) throws {
        try withFixture { fixture throws in
            let home = fixture.folder.appending("home")
            try FileSystem.makeDirectories(home.appending(".config/git"))
            let system = fixture.folder.appending("system")
            try FileSystem.write("[http]\n\tproxy = http://system\n[a]\n\tb\n", to: system)
            var environment = hermeticEnvironment(home: home)
            environment["GIT_CONFIG_NOSYSTEM"] = nil
            environment["GIT_CONFIG_SYSTEM"] = system.string
            try body(fixture.path, home, environment)
        }
    }

    @Test func allLevelsComeInGitsOrder() throws {
        try withLevels { store, home, environment throws in
            try FileSystem.write("[Http]\n\tProxy = http://xdg\n", to: home.appending(".config/git/config"))
            try FileSystem.write(
                #"""
                [http "https://Host/Path"]
                    extraHeader = "A: b"
                    extraheader =
                    extraheader = "c \"d\" # e" ; f
                [url "ssh://x"] insteadOf = y\
                z   ; w
                [A.b "c.D \"\\"]
                	k-1= "x ;y  " z\t "\n\\" \\t
                # nothing
                last
                """# + "\r\n", to: home.appending(".gitconfig"))
            let config = store.appending("config")
            let own = String(decoding: try FileSystem.read(config), as: UTF8.self)
            try FileSystem.write(own + "[remote \"Ö\"]\n\turl = u\n", to: config)
            var environment = environment
            environment["GIT_CONFIG_COUNT"] = "1"
            environment["GIT_CONFIG_KEY_0"] = "Http.https://X/.Proxy"
            environment["GIT_CONFIG_VALUE_0"] = "p"
            environment["GIT_CONFIG_PARAMETERS"] = "'A.B=c'\\''d'  'http.https://q=r/.x'='y z' 'g.H'"
            let lines = try Configuration.lines(of: store, environment: environment)
            #expect(try lines == git(store, environment))
            #expect(lines.filter { $0.name == "http.proxy" }.map(\.value) == ["http://system", "http://xdg"])
            #expect(lines.last == Setting(name: "g.h", value: "true"))
        }
    }

    @Test func withoutARepositoryThoseOfThePersonCount() throws {
        try withLevels { _, home, environment throws in
            try FileSystem.write("[x]\n\ty = 1\n", to: home.appending(".gitconfig"))
            #expect(try Configuration.lines(of: nil, environment: environment) == git(nil, environment))
            var other = environment
            other["GIT_CONFIG_GLOBAL"] = "/dev/null"
            other["GIT_CONFIG_NOSYSTEM"] = "yes"
            #expect(try Configuration.lines(of: nil, environment: other) == [])
            #expect(try Configuration.lines(of: nil, environment: ["GIT_CONFIG_NOSYSTEM": "1"]) == [])
        }
    }

    @Test(arguments: [
        "include", "includeIf \"gitdir:~/**\"", "includeIf \"gitdir:/**/*.git\"",
        "includeIf \"gitdir/i:**/STORE/**\"",
        "includeIf \"gitdir:nowhere/\"", "includeIf \"onbranch:main\"", "includeIf \"onbranch:ma*\"",
        "includeIf \"onbranch:other\"", "includeIf \"hasconfig:remote.*.url:https://*.org/**\"",
        "includeIf \"hasconfig:remote.*.url:https://other/**\"", "includeIf \"what:else\"",
        "includeIf \"gitdir:./\"", "includeIf \"gitdir:./../\"",
    ])
    func whatIsIncludedCountsWhereGitSaysSo(section: String) throws {
        try withLevels { store, home, environment throws in
            try FileSystem.write(
                "[in]\n\tner = 1\n[include]\n\tpath = ../deeper\n", to: home.appending(".config/in"))
            try FileSystem.write("[deep]\n\ter = 2\n", to: home.appending("deeper"))
            try FileSystem.write(
                "[\(section)]\n\tpath = ~/.config/in\n\tpath = .config/in\n\tpath = missing\n[after]\n\tit = 3\n",
                to: home.appending(".gitconfig"))
            let config = store.appending("config")
            let own = String(decoding: try FileSystem.read(config), as: UTF8.self)
            try FileSystem.write(own + "[remote \"o\"]\n\turl = https://a.org/b/c\n", to: config)
            #expect(try Configuration.lines(of: store, environment: environment) == git(store, environment))
        }
    }

    @Test func whatIsWrongIsAnErrorAsWithGit() throws {
        try withLevels { store, home, environment throws in
            let own = home.appending(".gitconfig")
            for text in [
                "[x\n", "[include]\n\tpath = .gitconfig\n", "a = b\n", "[x]\n-a = b\n", "[x]\na: b\n",
                "[x]\na = \"b\n",
                "[x]\na = \\c\n", "[x \"y\n\"]\n", "[x \"y\"z]\n", "[x y]\n", "[x\\]\n", "[x \"\\",
            ] {
                try FileSystem.write(text, to: own)
                #expect(throws: GitError.self) { () throws in
                    _ = try Configuration.lines(of: store, environment: environment)
                }
            }
            try FileSystem.write("", to: own)
            for pair in [
                ("GIT_CONFIG_COUNT", "x"), ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_PARAMETERS", "'a.b=c"),
                ("GIT_CONFIG_PARAMETERS", "a.b=c"), ("GIT_CONFIG_PARAMETERS", "'ab=c'"),
            ] {
                var environment = environment
                environment[pair.0] = pair.1
                #expect(throws: GitError.self, "\(pair)") { () throws in
                    _ = try Configuration.lines(of: store, environment: environment)
                }
            }
        }
    }

    @Test func valuesAreReadAsGitReadsThem() {
        for text in ["true", "YES", "on", "1", "-1", "2k"] { #expect(Setting.flag(text) == true, "\(text)") }
        for text in ["false", "No", "off", "0", ""] { #expect(Setting.flag(text) == false, "\(text)") }
        for text in ["maybe", "1x", "k"] { #expect(Setting.flag(text) == nil, "\(text)") }
        let numbers: [(String, Int?)] = [
            ("0", 0), ("10k", 10_240), ("-2M", -2 << 20), ("1g", 1 << 30), ("", nil), ("1kk", nil), ("k", nil),
            ("9223372036854775807k", nil),
        ]
        for (text, number) in numbers { #expect(Setting.number(text) == number, "\(text)") }
    }
}
