import Files

/// What a separator wrote: which of its files are to become which stems.
struct SeparatedFiles {
    /// The files that have a name of their own.
    private(set) var files: [(path: FilePath, type: String)] = []
    /// Those that cannot become stems, and why.
    private(set) var failed: [(path: FilePath, reason: String)] = []
    private let root: FilePath

    /// Looks in the folder itself, and in demucs' layout `<model>/<track>/<type>.wav` below it. Links, hidden files, and
    /// what does not call itself audio are passed over.
    init(in folder: FilePath) throws {
        root = folder
        try look(in: folder, depth: 0)
        guard files.count + failed.count <= Separator.Limits.parts else {
            throw Failure(
                .overLimit, "the separator wrote \(files.count + failed.count) audio files",
                hint: "at most \(Separator.Limits.parts) become stems; nothing was changed")
        }
    }

    /// A file's name as it is told to a person: below the folder that is gone by then.
    func name(of path: FilePath) -> FilePath {
        FilePath(bytes: path.bytes.dropFirst(root.bytes.count + 1))
    }

    private mutating func look(in folder: FilePath, depth: Int) throws {
        for entry in try FileSystem.list(folder) where entry.name.bytes.first != UInt8(ascii: ".") {
            let path = folder.appending(entry.name)
            switch entry.kind {
            case .directory where depth < 2: try look(in: path, depth: depth + 1)
            case .regular where Self.isCalledAudio(entry.name): take(path)
            default: break
            }
        }
    }

    private mutating func take(_ path: FilePath) {
        let type = Self.slug(path.stem)
        if type.isEmpty || type == "master" {
            failed.append((path, "its name makes no type of a stem"))
        } else if files.contains(where: { $0.type == type }) {
            failed.append((path, "another file makes the stem \(type) already"))
        } else {
            files.append((path, type))
        }
    }

    /// A name as a stem's type: small letters and digits, everything else a hyphen, at most 32.
    static func slug(_ name: String) -> String {
        let kept = name.lowercased().utf8.map { byte in
            let isKept =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            return isKept ? byte : UInt8(ascii: "-")
        }
        let words = kept.split(separator: UInt8(ascii: "-")).joined(separator: [UInt8(ascii: "-")])
        let cut = Array(words).prefix(32).reversed().drop { $0 == UInt8(ascii: "-") }.reversed()
        return String(decoding: Array(cut), as: UTF8.self)
    }

    /// Separators write notes beside the sounds; only what is called audio is expected to be some.
    private static func isCalledAudio(_ name: FilePath) -> Bool {
        guard let ending = name.string.split(separator: ".").last else { return false }
        return endings.contains(ending.lowercased())
    }

    private static let endings: Set<String> = [
        "wav", "wave", "w64", "rf64", "flac", "mp3", "ogg", "oga", "opus", "aif", "aiff", "aifc", "caf", "au",
    ]
}
