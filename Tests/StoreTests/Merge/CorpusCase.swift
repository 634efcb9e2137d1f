import Blobs
import Files
import Git
import TestSupport
import Testing

@testable import Store

/// One case of the corpus: how its versions are made, and which two are merged.
///
/// The first line says what it shows. Then come versions: `@ name` alone, `@ name < parents` made of the first parent's
/// files and the changes below it, or `@ name = one other`, what a merge of those makes. A change is `+ path` with the
/// file's lines behind `|` (behind `/` the last one, where no line end follows), `x path` for a program, `l path` for a
/// link, `> path words` for the pointer to the file of those words, `- path` for a removal. `? one other` is what is merged.
struct CorpusCase {
    struct Step {
        enum Origin {
            case made(of: [String])
            case merged(String, String)
        }

        let name: String
        let origin: Origin
        var changes: [(path: String, file: MadeFile?)] = []
    }

    private(set) var steps: [Step] = []
    let merged: (String, String)

    init(_ text: String) throws {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        var merged: (String, String)?
        while let line = lines.popFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard let mark = words.first else { continue }
            switch mark {
            case "@": steps.append(Step(name: words[1], origin: try Self.origin(words.dropFirst(2))))
            case "?": merged = (words[1], words[2])
            default:
                let file = try Self.file(mark, words, &lines)
                steps[steps.count - 1].changes.append((words[1], file))
            }
        }
        self.merged = try #require(merged)
    }

    private static func origin(_ words: ArraySlice<String>) throws -> Step.Origin {
        let names = Array(words.dropFirst())
        if words.first == "=" { return .merged(names[0], names[1]) }
        return .made(of: names)
    }

    private static func file(
        _ mark: String, _ words: [String], _ lines: inout ArraySlice<Substring>
    ) throws -> MadeFile? {
        var text = ""
        while let line = lines.first, line.first == "|" || line.first == "/" {
            lines.removeFirst()
            text += line.dropFirst(2) + (line.first == "|" ? "\n" : "")
        }
        switch mark {
        case "+": return .text(text)
        case "x": return MadeFile(mode: .executable, content: .bytes(Array(text.utf8)))
        case "l": return .link(text)
        case ">": return .pointer(words[2])
        default:
            try #require(mark == "-", "\(mark)")
            return nil
        }
    }

    // MARK: Making it

    /// Makes the versions, the same each time and everywhere, and tells their ids.
    func make(in versions: Versions) throws -> [String: ObjectID] {
        var ids: [String: ObjectID] = [:]
        for (number, version) in steps.enumerated() {
            switch version.origin {
            case .merged(let one, let other):
                ids[version.name] = try versions.merge(#require(ids[one]), #require(ids[other])).id
            case .made(let names):
                let parents = try names.map { try #require(ids[$0]) }
                var files: MadeTree = [:]
                if let first = parents.first {
                    files = try versions.files(of: versions.repository.readCommit(first).tree)
                }
                for change in version.changes { files[change.path] = change.file }
                ids[version.name] = try versions.commit(
                    files, parents: parents, at: 1_800_000_000 + Int64(number), message: "Make \(version.name)\n")
            }
        }
        return ids
    }

    /// What came of the merge, as the corpus writes it down.
    func outcome(in versions: Versions) throws -> String {
        let ids = try make(in: versions)
        let (one, other) = (try #require(ids[merged.0]), try #require(ids[merged.1]))
        func name(_ version: Version) -> String { ids.first { $0.value == version.id }?.key ?? "?" }
        let outcomes = try [(one, other), (other, one)].map {
            try VersionMerge(in: versions.repository).merge($0.0, $0.1)
        }
        switch (outcomes[0], outcomes[1]) {
        case (.later(let version), .later(let mirrored)):
            #expect(version == mirrored)
            return "later \(name(version)) \(version.id)\n"
        case (.same(let version), .same(let mirrored)):
            #expect(version == mirrored)
            return "adopt \(name(version)) \(version.id)\n"
        default: return Self.text(of: try versions.merge(one, other))
        }
    }

    private static func text(of merged: Versions.Merged) -> String {
        var text = "commit \(merged.id)\ntree \(merged.commit.tree)\n"
        for conflict in merged.report.conflicts { text += "conflict \(conflict.path) \(conflict.key)\n" }
        for path in merged.report.arbitrary { text += "arbitrary \(path)\n" }
        for path in merged.report.tooLarge { text += "too large \(path)\n" }
        for (path, file) in merged.files.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text += "\(Self.mark(of: file)) \(path)\n"
            let lines = String(decoding: file.bytes ?? [], as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false)
            for line in lines.dropLast() { text += line.isEmpty ? "|\n" : "| \(line)\n" }
            if let last = lines.last, !last.isEmpty { text += "/ \(last)\n" }
        }
        return text
    }

    private static func mark(of file: MadeFile) -> String {
        switch file.mode {
        case .executable: "x"
        case .link: "l"
        default: "+"
        }
    }
}
