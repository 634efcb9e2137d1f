public import Catalog
import Files
import Git
public import Store

/// What a program that serves a library does about audio that came in: it is analysed without anybody asking for it.
extension Library {
    private var arrivalsFile: FilePath { path.appending("cache").appending("arrivals.json") }

    /// In whose name a track is analysed where nobody asks: its owner's, else that of whom the library acts for.
    public func keeper(of track: TrackID) throws(Failure) -> Session {
        do {
            guard guest == nil, case .track(let folder)? = try store.snapshot().read(track),
                let owner = folder.track.owner
            else { return try session() }
            return try session(as: owner.hex)
        } catch { throw Failure(error) }
    }

    /// What came since arrivals were last seen to; nil where that is not known, or nothing did.
    public func arrivalsLeft() -> LibraryStep? {
        guard guest == nil, let bytes = try? FileSystem.readIfExists(arrivalsFile, limit: 4096),
            let seen = try? JSON.parse(bytes)["version"]?.asString.flatMap({ ObjectID(hex: $0) }),
            let now = try? heads(), Version(seen) != now.version
        else { return nil }
        return step(from: LibraryHeads(version: Version(seen), analyses: now.analyses), to: now)
    }

    /// Notes that all that came up to a version was seen to. Where it is lost, what came before is not looked at again.
    public func noteArrivals(seenTo version: Version) {
        guard guest == nil else { return }
        let document: JSON = ["version": .string(version.description)]
        _ = try? FileSystem.makeDirectories(arrivalsFile.parent)
        try? FileSystem.replaceAtomically(arrivalsFile, with: document.canonical(), durable: false)
    }
}
