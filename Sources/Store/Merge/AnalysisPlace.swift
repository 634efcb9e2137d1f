import Digest
import Git

/// What one version of an analyzer said of one file.
struct AnalysisPair: Equatable {
    var pointer: TreeEntry?
    var summary: TreeEntry?

    var entries: [TreeEntry] { [pointer, summary].compactMap(\.self) }
    var isEmpty: Bool { pointer == nil && summary == nil }
}

/// Where analyses lie in their tree: `<x>/<y>/<z>/<sha256>/<analyzer>-<version>.oba` and `.json`.
enum AnalysisPlace {
    /// Whether analyses lie below a folder of that path.
    static func isFolder(_ path: [EntryName]) -> Bool {
        let digits = path.prefix(3)
        guard digits.allSatisfy({ $0.bytes.count == 1 && Self.isDigit($0.bytes[0]) }) else { return false }
        return path.count <= 3 || isOfFile(path)
    }

    /// Whether a folder of that path is the one of a file's analyses.
    static func isOfFile(_ path: [EntryName]) -> Bool {
        guard path.count == 4, path[3].bytes.count == 64, path[3].bytes.allSatisfy(Self.isDigit) else {
            return false
        }
        return path.prefix(3).map(\.bytes) == path[3].bytes.prefix(3).map { [$0] }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// How many names lead to the folder of a file's analyses.
    static let depth = 4

    /// The names that lead to the analyses of a file.
    static func folder(of audio: ContentHash) -> [EntryName] {
        let digits = audio.hex.utf8
        return (digits.prefix(depth - 1).map { [$0] } + [Array(digits)]).compactMap { EntryName(bytes: $0) }
    }

    static func pointer(of key: AnalysisKey) -> TreePath { path(of: key, pointerEnding) }
    static func summary(of key: AnalysisKey) -> TreePath { path(of: key, summaryEnding) }

    private static func path(of key: AnalysisKey, _ ending: [UInt8]) -> TreePath {
        let name = EntryName(bytes: Array(key.analyzer.description.utf8) + ending)
        return TreePath(folder(of: key.audio) + [name].compactMap(\.self))
    }

    /// What git-lfs knows the blobs by.
    static let attributes = "*.oba filter=lfs diff=lfs merge=lfs -text\n"
    static let attributesFile = TreePath([EntryName(".gitattributes")].compactMap(\.self))

    /// The analyzer with its version, of a pointer's or a summary's name; nil for any other.
    static func key(of name: EntryName) -> [UInt8]? {
        for ending in [pointerEnding, summaryEnding] where name.bytes.count > ending.count {
            if name.bytes.suffix(ending.count).elementsEqual(ending) { return name.bytes.dropLast(ending.count) }
        }
        return nil
    }

    private static let pointerEnding = Array(".oba".utf8)
    private static let summaryEnding = Array(".json".utf8)

    /// The analyses in a file's folder.
    static func pairs(in folder: Tree) -> [[UInt8]: AnalysisPair] {
        var pairs: [[UInt8]: AnalysisPair] = [:]
        for entry in folder.entries {
            guard let key = key(of: entry.name) else { continue }
            if entry.name.bytes.count == key.count + pointerEnding.count {
                pairs[key, default: AnalysisPair()].pointer = entry
            } else {
                pairs[key, default: AnalysisPair()].summary = entry
            }
        }
        return pairs
    }
}
