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

@Test func aLockedConfigurationIsLeftToWhoeverHoldsIt() throws {
    try withFixture { fixture throws in
        let lock = fixture.path.appending("config.lock")
        try FileSystem.write("theirs", to: lock)
        let error = #expect(throws: GitError.self) { try fixture.repository.set("own.key", to: "x") }
        #expect(error?.code == .locked)
        try fixture.repository.clearDeadConfigurationLock(isDead: false, bootTime: 1)
        #expect(try FileSystem.read(lock) == Array("theirs".utf8))
        #expect(try fixture.repository.setting("own.key") == nil)
    }
}

@Test(arguments: [(true, nil), (false, Int64.max)])
func theConfigurationsLockOfADeadProgramIsCleared(isDead: Bool, bootTime: Int64?) throws {
    try withFixture { fixture throws in
        for name in ["config.lock", "config.lock.lock"] {
            try FileSystem.write("half", to: fixture.path.appending(name))
        }
        try fixture.repository.clearDeadConfigurationLock(isDead: isDead, bootTime: bootTime)
        try fixture.repository.set("own.key", to: "x")
        #expect(try fixture.repository.setting("own.key") == "x")
        #expect(try FileSystem.list(fixture.path).allSatisfy { !$0.name.string.hasSuffix(".lock") })
    }
}

@Test func theConfigurationKeepsItsPermissions() throws {
    try withFixture { fixture throws in
        let config = fixture.path.appending("config")
        try FileSystem.setMode(of: config, to: 0o640)
        try fixture.repository.set("own.key", to: "x")
        #expect(try FileSystem.status(of: config).mode & 0o777 == 0o640)
    }
}
