import Files

/// A made-up library: a store with records and pointers, without files.
struct MadeLibrary {
    let path: FilePath
    /// Two versions; ten tracks differ.
    let before: String
    let after: String
    /// How many tracks it has.
    let count: Int
    /// Some of its tracks.
    let tracks: [String]

    /// Reads what the process that made it says.
    init(at path: FilePath, count: Int, from lines: [String]) throws {
        guard lines.count > 2 else { throw BenchError("the library at \(path) was not made") }
        self.path = path
        self.count = count
        before = lines[0]
        after = lines[1]
        tracks = Array(lines[2...])
    }

    /// Where git finds the record of a track.
    static func record(of track: String) -> String {
        let digits = track.prefix(3).map(String.init)
        return "tracks/\(digits.joined(separator: "/"))/\(track)/track.json"
    }
}
