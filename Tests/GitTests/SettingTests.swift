import Files
import Git
import TestSupport
import Testing

@Test func settingsAreWrittenReadAndRemoved() throws {
    try withFixture { fixture throws in
        let repository = fixture.repository
        try repository.set("remote.Origin.url", to: "ssh://host/a b \"c\"")
        #expect(try repository.setting("remote.Origin.url") == "ssh://host/a b \"c\"")
        #expect(try repository.setting("REMOTE.Origin.URL") == "ssh://host/a b \"c\"")
        #expect(try repository.setting("remote.origin.url") == nil)
        #expect(try repository.settings().contains(Setting(name: "core.bare", value: "true")))
        try repository.set("remote.Origin.url", to: "other")
        #expect(try Repository(at: fixture.path).setting("remote.Origin.url") == "other")
        #expect(try repository.unset("remote.Origin.url"))
        #expect(try !repository.unset("remote.Origin.url"))
        #expect(try repository.setting("remote.Origin.url") == nil)
    }
}

@Test func aNameWithoutASectionIsRefused() throws {
    try withFixture { fixture throws in
        #expect(throws: GitError.self) { try fixture.repository.set("nosection", to: "x") }
        #expect(try fixture.repository.setting("nosection") == nil)
        #expect(try fixture.repository.setting("") == nil)
    }
}

@Test func includedFilesDoNotCount() throws {
    try withFixture { fixture throws in
        let other = fixture.folder.appending("other")
        try FileSystem.write("[core]\n\tbare = false\n[evil]\n\tkey = 1\n", to: other)
        let config = fixture.path.appending("config")
        let own = String(decoding: try FileSystem.read(config), as: UTF8.self)
        try FileSystem.write(own + "[include]\n\tpath = \(other)\n[own]\n\tflag\n", to: config)
        let repository = try Repository(at: fixture.path)
        #expect(try repository.setting("evil.key") == nil)
        #expect(try repository.setting("core.bare") == "true")
        #expect(try repository.setting("own.flag") == "true")
    }
}

@Test func aBrokenConfigurationIsAnErrorAndNoCrash() throws {
    try withFixture { fixture throws in
        try FileSystem.write("[core\nbare = \"x\n", to: fixture.path.appending("config"))
        #expect(throws: GitError.self) { try Repository(at: fixture.path).settings() }
    }
}
