import Files
import TestSupport

/// One way in which a store can be damaged, and what must come of it.
///
/// The list is data: whoever wants to know what Offbeat makes of damage goes through `Damage.all`.
struct Damage: Sendable, CustomStringConvertible {
    /// What a repair makes of it.
    enum Repair: Sendable {
        /// All is as it was, or as good.
        case mends
        /// What can be kept is kept; the rest is told to be lost, or left to a person.
        case tells
    }

    /// What was done to what: `flip a pack`.
    let name: String
    /// The kind of problem that a check must name.
    let kind: String
    /// What the problem's `what` must hold.
    let what: String
    /// What a repair makes of it.
    let repair: Repair
    /// Whether it is found only by reading every byte.
    let isDeep: Bool
    /// Does it.
    let make: @Sendable (DamagedPlace) throws -> Void

    init(
        _ name: String, _ kind: String, _ what: String = "", _ repair: Repair, deep: Bool = false,
        make: @escaping @Sendable (DamagedPlace) throws -> Void
    ) {
        self.name = name
        self.kind = kind
        self.what = what
        self.repair = repair
        isDeep = deep
        self.make = make
    }

    var description: String { name }

    /// Every way.
    static let all = objects + packs + references + records + pointers + files + surroundings
}

/// What is done to a file by itself.
enum Wound: String, Sendable, CaseIterable {
    case remove, cutOff = "cut off", flip, swap

    /// Does it to a file; `other` is the one that it is swapped with.
    func inflict(on file: FilePath, other: FilePath, in studio: Studio) throws {
        let bytes = try FileSystem.read(file)
        switch self {
        case .remove: try FileSystem.remove(file)
        case .cutOff: try studio.overwrite(file, with: Array(bytes.prefix(bytes.count / 2)))
        case .flip:
            var flipped = bytes
            flipped[bytes.count / 2] ^= 0x10
            try studio.overwrite(file, with: flipped)
        case .swap:
            try studio.overwrite(file, with: FileSystem.read(other))
            try studio.overwrite(other, with: bytes)
        }
    }
}

/// A store that is about to be damaged: three tracks, of which the first was edited and then given a stem.
struct DamagedPlace: Sendable {
    let studio: Studio
    /// The tracks' ids, in the order in which they were added.
    let tracks: [String]

    /// Calls `body` with a new one.
    static func with(_ body: (DamagedPlace) throws -> Void) throws {
        try Studio.with { studio in
            let template = try template.get()
            try FileSystem.makeDirectories(studio.store)
            for file in template.files {
                let path = studio.store.appending(file.path)
                try FileSystem.makeDirectories(path.parent)
                try FileSystem.write(file.bytes, to: path)
                try FileSystem.setMode(of: path, to: file.mode)
            }
            for folder in template.folders { try FileSystem.makeDirectories(studio.store.appending(folder)) }
            // A copy finds out that it is one, and takes an id of its own.
            let place = DamagedPlace(studio: studio, tracks: template.tracks)
            try studio.offbeat("edit", "\(place.tracks[0])", "title=Twice").done()
            try body(place)
        }
    }

    /// Made once and kept in memory: a store takes many commands.
    private static let template = Result { try DamagedPlaceTemplate() }

    /// A path in a track's folder.
    func path(_ name: String, track: Int = 0) -> String { "\(trackFolder(tracks[track]))/\(name)" }

    func store(_ name: String) -> FilePath { studio.store.appending(name) }

    /// The files of the packs, greatest first.
    func packs(_ suffix: String) throws -> [FilePath] {
        let folder = store("objects/pack")
        let names = try FileSystem.list(folder).map(\.name).filter { $0.fileExtension == suffix }
        return try names.map(folder.appending).sorted {
            try FileSystem.status(of: $0).size > FileSystem.status(of: $1).size
        }
    }

    /// Puts everything into two packs, of the versions up to the last but one and of the rest.
    func pack() throws {
        try studio.unpackAll()
        let old = try studio.git("rev-list", "--objects", "HEAD~2").done().out
        for list in [old, try studio.git("rev-list", "--objects", "HEAD", "^HEAD~2").done().out] {
            let names = studio.root.appending("names")
            try FileSystem.write(list, to: names)
            let words: [Word] = ["git", "pack-objects", "-q", Word(store("objects/pack/pack"))]
            try studio.run(words, in: studio.store, stdin: .file(names)).done()
        }
        try studio.git("prune-packed", "-q").done()
    }
}

/// A small store as the bytes of its files.
private struct DamagedPlaceTemplate: Sendable {
    struct File: Sendable {
        let path: FilePath
        let bytes: [UInt8]
        let mode: UInt32
    }

    let files: [File]
    /// Those that may be empty, and without which a directory is no store.
    let folders: [FilePath] = ["refs/heads", "refs/tags", "objects/pack", "objects/info", "lfs/tmp"]
    let tracks: [String]

    init() throws {
        (files, tracks) = try Studio.withStore { studio in
            let tracks = try (1...3).map {
                try studio.addedTrack(FilePath("song \($0).wav"), seed: $0, frames: 4000)
            }
            try studio.offbeat("edit", "\(tracks[0])", "title=Once").done()
            let start = studio.store.bytes.count + 1
            let files = try DirectoryWalk(studio.store).compactMap { item -> File? in
                guard case .file(let path) = item else { return nil }
                return File(
                    path: FilePath(bytes: path.bytes[start...]), bytes: try FileSystem.read(path),
                    mode: try FileSystem.status(of: path).mode)
            }
            return (files, tracks)
        }
    }
}
