import Files

/// What was asked for.
struct Options: Sendable {
    /// The names of the rows; none means all.
    var rows: [String] = []
    /// Where the figures go.
    var json: FilePath = ".build/bench.json"
    /// The directory that holds `offbeat`, `bench` and `bare`.
    var programs: FilePath = ".build/release"
    /// Whether to go up to a million tracks, which takes minutes.
    var growsToAMillion = false
    /// Where to measure, once the place is made; this is what the supervisor says, not a person.
    var place: FilePath?
    /// What kind of place that is.
    var placeWords = ""

    static let usage = """
        usage: bench [--rows NAME,…] [--json FILE] [--programs DIR] [--growth]
        rows: \(Row.all.map(\.name).joined(separator: ", "))
        """

    init(_ words: [String]) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--growth" {
                growsToAMillion = true
                continue
            }
            guard let value = rest.popFirst() else { throw BenchError("\(word) is not known\n\(Self.usage)") }
            switch word {
            case "--rows": rows = value.split(separator: ",").map(String.init)
            case "--json": json = FilePath(value)
            case "--programs": programs = FilePath(value)
            case "--at": place = FilePath(value)
            case "--at-words": placeWords = value
            default: throw BenchError("\(word) is not known\n\(Self.usage)")
            }
        }
        json = try json.absolute()
        programs = try programs.absolute()
        _ = try Row.chosen(rows)
    }

    /// The words that make another process measure at a place.
    func words(at place: FilePath, _ words: String) -> [String] {
        var all = ["--json", json.string, "--programs", programs.string, "--at", place.string, "--at-words", words]
        if !rows.isEmpty { all += ["--rows", rows.joined(separator: ",")] }
        if growsToAMillion { all.append("--growth") }
        return all
    }
}

/// Why nothing could be measured.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
