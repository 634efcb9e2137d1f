import Blobs
import Digest
import Files
import Git

/// Finds out which of some files the trees of versions name, and the first that does.
///
/// A file that is here is known by the one blob that its pointer can be: the walk reads trees, each once, and a blob only
/// where it may be a pointer in other words, or is a record without its pointer. Several threads read at once, level by
/// level.
final class PointerWalk {
    private let table: PointerTable
    private let report: (Int) -> Void
    private var found: [FileNeeds.Origin?]
    private var seen: Set<ObjectID> = []

    init(for files: [Pointer], report: @escaping (Int) -> Void) {
        table = PointerTable(files)
        found = Array(repeating: nil, count: table.count)
        self.report = report
    }

    /// Whom each file is needed for first; nil where nobody names it.
    var origins: [ContentHash: FileNeeds.Origin?] { table.places.mapValues { found[$0] } }

    /// Walks trees of a repository; what an earlier walk met counts as that one's.
    func walk(trees: [PointerTable.Root], in repository: FilePath) throws {
        let readers = Readers(of: repository)
        let table = table
        var level = fresh(trees)
        while !level.isEmpty {
            let findings = try readers.forEachPortion(of: level) { try table.look(at: $1, in: $0) }
            for finding in findings { note(finding.named) }
            try walk(blobs: findings.flatMap(\.strangers), readers)
            report(seen.count)
            level = fresh(findings.flatMap(\.folders))
        }
    }

    /// Reads blobs of a repository that may be pointers.
    func walk(blobs: [PointerTable.Root], in repository: FilePath) throws {
        try walk(blobs: blobs, Readers(of: repository))
    }

    private func walk(blobs: [PointerTable.Root], _ readers: Readers) throws {
        let table = table
        let findings = try readers.forEachPortion(of: fresh(blobs)) { try table.read($1, in: $0) }
        for finding in findings { note(finding) }
    }

    private func fresh(_ roots: [PointerTable.Root]) -> [PointerTable.Root] {
        roots.filter { seen.insert($0.id).inserted }
    }

    private func note(_ named: [PointerTable.Named]) {
        for (place, origin) in named where found[place] == nil { found[place] = origin }
    }
}
