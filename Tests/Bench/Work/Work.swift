import Files

/// Parts of the bench that run in a process of their own: so they start from the same state each time, and the memory
/// that they need is not counted against the programs that are measured.
///
/// Each prints what it measured, in seconds, one figure a line.
enum Work {
    static func run(_ words: [String]) throws {
        switch words.first {
        case "one-pass": try onePass(from: FilePath(word(1)), to: FilePath(word(2)), sorting: word(3) == "sorting")
        case "hash-pass": try hashPass(over: FilePath(word(1)))
        case "fill": try fill(at: FilePath(word(1)), count: number(2))
        case "records": try writeRecords(at: FilePath(word(1)), count: number(2))
        case "files": try makeFiles(of: FilePath(word(1)), count: number(2))
        case "diff": try diff(at: FilePath(word(1)), from: word(2), to: word(3))
        case "index-build": try buildIndex(at: FilePath(word(1)))
        case "pages":
            try readPages(
                at: FilePath(word(1)), matching: word(2), sortedBy: word(3),
                expecting: (Int(word(4)) ?? 0)...(Int(word(5)) ?? .max))
        case "page-again": try readPageAgain(at: FilePath(word(1)))
        case "page-after": try readAfterChange(at: FilePath(word(1)), of: number(2), among: number(3))
        case "day-of-reads": try useLikePeople(at: FilePath(word(1)), among: number(2))
        case "million-reads": try readVeryOften(at: FilePath(word(1)))
        case "reads-beside-care": try readBesideCare(at: FilePath(word(1)), by: word(2))
        case "make-posts": try makePosts(at: FilePath(word(1)), waiting: number(2), published: number(3))
        case "read-history": try readHistory(at: FilePath(word(1)), wholly: word(2) == "posts")
        case "guest-start": try startGuests(at: FilePath(word(1)))
        case "guest-end": try endGuests(at: FilePath(word(1)), after: number(2), looking: word(3) == "looking")
        case "analyse": try analyse(FilePath(word(1)))
        case "loudness": try measureLoudness()
        case "analyse-once": try analyseOnce(FilePath(word(1)))
        case "decode": try decode(FilePath(word(1)))
        case "pack-analysis": try packAnalysis(of: FilePath(word(1)))
        case "read-analyses": try readAnalyses(at: FilePath(word(1)), remembering: word(2) == "memory")
        default: throw BenchError("no such work: \(words)")
        }
        func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }
        func number(_ index: Int) -> Int { Int(word(index)) ?? 0 }
    }
}
