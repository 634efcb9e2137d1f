import CGit2
import Files

/// How the configuration is changed, durably.
///
/// libgit2 flushes neither the new file nor its name, so that a power cut may leave the old file, or an empty one, long
/// after the change was said to be done. It is therefore given a copy to write to. The copy is git's own lock,
/// `config.lock`: nobody else changes the configuration meanwhile, and moving it to its name is the change.
extension Repository {
    private var configurationPath: FilePath { path.appending("config") }
    private var configurationLock: FilePath { path.appending("config.lock") }
    /// What libgit2 makes while it writes to the copy, and nobody else.
    private var lockOfTheLock: FilePath { path.appending("config.lock.lock") }

    /// Writes a setting, which survives a power cut once this returns.
    ///
    /// - Throws: `invalid` for a name without section and variable, `locked` while another program writes the file.
    public func set(_ name: String, to value: String) throws(GitError) {
        _ = try changeConfiguration { (configuration) throws(GitError) in
            try Libgit2.check(
                "git_config_set_string", about: name, git_config_set_string(configuration.raw, name, value))
            return true
        }
    }

    /// Removes a setting, as durably. Returns whether there was one.
    @discardableResult
    public func unset(_ name: String) throws(GitError) -> Bool {
        try changeConfiguration { (configuration) throws(GitError) in
            let status = git_config_delete_entry(configuration.raw, name)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return false
            }
            try Libgit2.check("git_config_delete_entry", about: name, status)
            return true
        }
    }

    /// Removes what a program left behind that was killed, or lost its power, while it changed the configuration.
    ///
    /// The caller holds the store's exclusive writer lock, and knows from its own notes if a dead writer was changing the
    /// configuration. A lock that was made before the machine was started is nobody's either. Any other stays.
    public func clearDeadConfigurationLock(isDead: Bool, bootTime: Int64?) throws(GitError) {
        try GitError.translating("clearDeadConfigurationLock") { () throws(FileError) in
            for lock in [lockOfTheLock, configurationLock] {
                guard let status = try FileSystem.statusIfExists(of: lock, followingLinks: false) else { continue }
                if isDead || status.changed.seconds < bootTime ?? .min { _ = try FileSystem.remove(lock) }
            }
        }
    }

    /// Changes a copy of the configuration and puts it in its place if `body` says that it changed something.
    private func changeConfiguration(
        _ body: (borrowing Handle<ConfigurationHandle>) throws(GitError) -> Bool
    ) throws(GitError) -> Bool {
        let mode = try lockConfiguration()
        do throws(GitError) {
            let isChanged = try changeCopy(body)
            try GitError.translating("changeConfiguration", about: path.string) { () throws(FileError) in
                // libgit2 has put another file in the place of the one that was locked.
                let copy = try FileDescriptor.open(configurationLock, .read)
                try copy.setMode(mode)
                try copy.sync()
                guard isChanged else { return _ = try FileSystem.remove(configurationLock) }
                try FileSystem.rename(configurationLock, to: configurationPath)
                try FileSystem.syncDirectory(path)
            }
            return isChanged
        } catch {
            for lock in [lockOfTheLock, configurationLock] { _ = try? FileSystem.remove(lock) }
            throw error
        }
    }

    /// Takes git's lock, as a copy of the configuration; answers the permissions.
    private func lockConfiguration() throws(GitError) -> UInt32 {
        do throws(FileError) {
            let bytes = try FileSystem.read(configurationPath)
            let mode = try FileSystem.status(of: configurationPath).mode
            let file = try FileDescriptor.open(configurationLock, .write, create: .exclusive, mode: mode)
            do throws(FileError) {
                try file.write(all: bytes)
            } catch {
                _ = try? FileSystem.remove(configurationLock)
                throw error
            }
            return mode
        } catch {
            guard error.code == .exists else { throw GitError(error, call: "lockConfiguration") }
            throw GitError(
                .locked, "another program is changing the configuration: \(configurationLock) exists",
                call: "lockConfiguration", path: configurationLock.string)
        }
    }

    private func changeCopy(
        _ body: (borrowing Handle<ConfigurationHandle>) throws(GitError) -> Bool
    ) throws(GitError) -> Bool {
        try Libgit2.start()
        let copy = configurationLock.string
        let configuration = try Handle<ConfigurationHandle>("git_config_open_ondisk", about: copy) {
            git_config_open_ondisk(&$0, copy)
        }
        return try body(configuration)
    }
}
