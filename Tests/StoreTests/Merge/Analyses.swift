import Blobs
import Catalog
import Digest
import Git
import Testing

@testable import Store

/// Trees of analyses, as tests put them together.
enum Analyses {
    /// Where the analyses of a file with this content lie.
    static func place(of content: String) -> String {
        let hash = ContentHash(of: Array(content.utf8)).hex
        return "\(hash.prefix(3).map(String.init).joined(separator: "/"))/\(hash)"
    }

    /// What an analyzer said of a file: the blob consists of these words, and the summary repeats them.
    static func of(_ content: String, _ words: String, by analyzer: String = "offbeat-1") -> MadeTree {
        let stem = "\(place(of: content))/\(analyzer)"
        return ["\(stem).oba": .pointer(words), "\(stem).json": .text("{\"blob\": \"\(words)\"}\n")]
    }

    static func epoch(_ number: Int64) -> MadeTree {
        ["epoch.json": .bytes(JSON.object(["epoch": .integer(number)]).canonical())]
    }

    /// Of some words those whose blob has the smallest hash.
    static func smallest(_ words: String...) -> String {
        words.min { audio(of: $0).oid < audio(of: $1).oid } ?? ""
    }

    /// Each blob has its summary beside it, which speaks of it, and the other way round.
    static func expectWholePairs(in tree: MadeTree, _ comment: Comment, location: SourceLocation = #_sourceLocation)
    {
        for (path, file) in tree where path.hasSuffix(".oba") {
            let bytes = tree[path.dropLast(4) + ".json"]?.bytes ?? []
            let words = (try? JSON.parse(bytes)["blob"]?.asString) ?? ""
            #expect(file == .pointer(words), "\(path); \(comment)", sourceLocation: location)
        }
        let count = { (ending: String) in tree.keys.count { $0.hasSuffix(ending) && $0 != "epoch.json" } }
        #expect(count(".oba") == count(".json"), comment, sourceLocation: location)
    }
}

func + (left: MadeTree, right: MadeTree) -> MadeTree { left.merging(right) { $1 } }

extension Versions {
    /// What became of our version of the analyses.
    struct Met {
        let id: ObjectID
        let commit: Commit
        let files: MadeTree
        /// Whether a version was made.
        let isNew: Bool
        let report: MergeReport
    }

    /// Lets one version of the analyses meet another, and keeps the result.
    func meet(_ own: ObjectID, _ other: ObjectID, lastSeen: ObjectID? = nil) throws -> Met {
        let meeting = AnalysesMeeting(in: repository)
        let (id, report): (ObjectID, MergeReport?)
        switch try meeting.meet(own: own, other: other, lastSeen: lastSeen) {
        case .later(let version), .same(let version): (id, report) = (version.id, nil)
        case .merged(let commit, let made):
            (id, report) = (meeting.objects.make(commit), made)
            try write { writer in try meeting.objects.write(id, to: writer) }
        }
        let commit = try repository.readCommit(id)
        return Met(
            id: id, commit: commit, files: try files(of: commit.tree), isNew: report != nil,
            report: report ?? MergeReport())
    }

    /// What two laptops make of two trees that came from one, each for itself: it must be the same.
    func mergeAnalyses(
        _ base: MadeTree?, _ one: MadeTree, _ other: MadeTree, location: SourceLocation = #_sourceLocation
    ) throws -> Met {
        let parents = try base.map { [try commit($0, message: "base\n")] } ?? []
        let sides = try [
            commit(one, parents: parents, message: "one\n"), commit(other, parents: parents, message: "other\n"),
        ]
        let met = try meet(sides[0], sides[1])
        #expect(try meet(sides[1], sides[0]).id == met.id, sourceLocation: location)
        return met
    }
}
