import Glibc

/// Who else may use the files of a shared repository, as git's `core.sharedRepository` says.
///
/// Whoever writes into a folder that several users share sets these permissions, whatever mask for new files the user
/// has: else the second user is locked out.
public struct SharedModes: Sendable, Hashable {
    /// What git does with the permissions that a new file would have.
    private enum Rule: Sendable, Hashable {
        case leave
        case add(UInt32)
        case set(UInt32)
    }

    private let rule: Rule

    /// Leaves permissions as they are.
    public static let unshared = SharedModes(configValue: nil)

    /// Reads the value of `core.sharedRepository` as git does; nil where it is not set.
    ///
    /// What git would refuse leaves the permissions as they are.
    public init(configValue: String?) {
        let value = configValue?.lowercased() ?? "umask"
        rule =
            switch value {
            case "group", "true", "yes", "on": .add(0o660)
            case "all", "world", "everybody": .add(0o664)
            default: UInt32(value, radix: 8).map(Self.rule) ?? .leave
            }
    }

    private static func rule(octal: UInt32) -> Rule {
        switch octal {
        case 1: .add(0o660)
        case 2: .add(0o664)
        // The owner can always read and write, and others never write.
        case let mode where mode & 0o600 == 0o600: .set(mode & 0o666)
        default: .leave
        }
    }

    /// The permissions of a file that would have these.
    public func file(_ mode: UInt32) -> UInt32 { shared(mode) }

    /// The permissions of a directory that would have these: new files in it belong to its group.
    public func directory(_ mode: UInt32) -> UInt32 {
        guard rule != .leave else { return mode }
        var mode = shared(mode)
        mode |= (mode & 0o444) >> 2
        return mode & 0o060 == 0 ? mode : mode | 0o2000
    }

    private func shared(_ mode: UInt32) -> UInt32 {
        switch rule {
        case .leave: mode
        case .add(let more): mode | Self.tweaked(more, for: mode)
        case .set(let wanted): mode & ~0o777 | Self.tweaked(wanted, for: mode)
        }
    }

    /// Nobody may write what its owner may not; and who may read what can be run may run it.
    private static func tweaked(_ wanted: UInt32, for mode: UInt32) -> UInt32 {
        var wanted = wanted
        if mode & 0o200 == 0 { wanted &= ~0o222 }
        if mode & 0o100 != 0 { wanted |= (wanted & 0o444) >> 2 }
        return wanted
    }

    /// Gives a directory of this user its permissions; another user's is left to that one.
    func apply(toDirectory path: FilePath) throws(FileError) {
        guard rule != .leave else { return }
        let status = try FileSystem.status(of: path)
        let wanted = directory(status.mode)
        guard status.owner == geteuid(), wanted != status.mode else { return }
        try FileSystem.setMode(of: path, to: wanted)
    }
}

extension FileSystem {
    /// Makes the directory and those above that are missing, but neither `root` nor what is above it, with the permissions
    /// that a shared repository has; answers with those it made, the uppermost first.
    ///
    /// Where a disk is gone that `root` lay on, nothing is made in its place.
    @discardableResult
    public static func makeDirectories(
        _ path: FilePath, inside root: FilePath, modes: SharedModes
    ) throws(FileError) -> [FilePath] {
        let made: [FilePath]
        do throws(FileError) {
            made = try makeDirectory(path) ? [path] : []
        } catch {
            guard error.code == .notFound, path.parent != root, path.parent != path else { throw error }
            let upper = try makeDirectories(path.parent, inside: root, modes: modes)
            made = try makeDirectory(path) ? upper + [path] : upper
        }
        // Also where it is there already: whoever made it may have been cut off before this.
        try modes.apply(toDirectory: path)
        return made
    }
}
