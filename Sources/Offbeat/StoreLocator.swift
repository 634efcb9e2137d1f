public import Files

/// Finds the store that a command means, and remembers the one that a person made first.
public struct StoreLocator: Sendable {
    private let current: FilePath
    private let configuration: FilePath?

    /// Makes a locator; `configurationHome` is where the person's configuration lies (`XDG_CONFIG_HOME`).
    public init(currentDirectory: FilePath, configurationHome: FilePath?) {
        current = currentDirectory
        configuration = configurationHome?.appending("offbeat").appending("store")
    }

    /// The named store; else the nearest at or above the current directory, one called `.offbeat` or the directory
    /// itself; else the person's own. With `damaged` a place counts too of which a part is missing.
    public func locate(named: FilePath?, damaged: Bool = false) throws(Failure) -> FilePath {
        if let named { return named }
        do {
            var place = current
            while true {
                for candidate in [place.appending(".offbeat"), place]
                where try Self.looksLikeStore(candidate, damaged: damaged) {
                    return candidate
                }
                if place.lastComponent == nil { break }
                place = place.parent
            }
            if let configuration, let bytes = try? FileSystem.read(configuration, limit: 65_536) {
                let path = FilePath(bytes: bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes)
                if try Self.looksLikeStore(path, damaged: damaged) { return path }
                throw Failure(
                    .notAStore, "your configured store \(path) is not there",
                    hint: "name one with --store, or write its place to \(configuration)")
            }
        } catch { throw Failure(error) }
        throw Failure(
            .notAStore, "there is no store at or above \(current)",
            hint: "make one with `offbeat init`, or name one with --store")
    }

    /// Remembers a person's first store; a later one changes nothing.
    public func rememberIfFirst(_ store: FilePath) throws(Failure) {
        guard let configuration else { return }
        do {
            guard try FileSystem.statusIfExists(of: configuration) == nil else { return }
            try FileSystem.makeDirectories(configuration.parent)
            try FileSystem.replaceAtomically(
                configuration, with: try store.absolute().bytes + [0x0A], mode: 0o644, durable: false)
        } catch { throw Failure(error) }
    }

    /// A bare repository with an lfs directory in it; more is checked when it is opened. Of a damaged one either `HEAD`
    /// or `refs` may be missing.
    static func looksLikeStore(_ path: FilePath, damaged: Bool = false) throws(FileError) -> Bool {
        var missing: [String] = []
        for part in ["HEAD", "objects", "refs", "lfs"]
        where try FileSystem.statusIfExists(of: path.appending(part)) == nil {
            missing.append(part)
        }
        return missing.isEmpty || damaged && (missing == ["HEAD"] || missing == ["refs"])
    }
}
