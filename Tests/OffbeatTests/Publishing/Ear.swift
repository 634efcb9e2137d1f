import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// A program that writes down what it is told, and the library that tells it.
struct Ear {
    let place: Place
    private let file: FilePath
    private let script: FilePath
    private static let end = "\n--end--\n"

    /// Sets it up; `commands` are run after it has written down what it was told.
    init(in place: Place, then commands: String = "") throws {
        self.place = place
        file = place.folder.appending("told")
        script = place.folder.appending("ear.sh")
        try setCommands(commands)
        try place.library.settings.set(.notifier, to: "sh '\(script)'")
    }

    /// Has it run other commands from now on.
    func setCommands(_ commands: String) throws {
        try FileSystem.write("cat >>'\(file)'\nprintf '\\n--end--\\n' >>'\(file)'\n\(commands)\n", to: script)
    }

    /// All that it was told since this was asked last, one document each.
    func heard() throws -> [JSON] {
        let text = String(decoding: try FileSystem.readIfExists(file) ?? [], as: UTF8.self)
        try FileSystem.remove(file)
        var documents: [JSON] = []
        var rest = text[...]
        while let range = rest.firstRange(of: Self.end) {
            documents.append(try JSON.parse(String(rest[..<range.lowerBound])))
            rest = rest[range.upperBound...]
        }
        #expect(rest.isEmpty)
        return documents
    }

    /// The states that it was told of, as `from → to`.
    func changes() throws -> [String] {
        try heard().map { document in
            func state(_ key: String) -> String { document[key]?.asString ?? "nothing" }
            #expect(document["event"] == "transition")
            return "\(state("from")) → \(state("to"))"
        }
    }
}

/// Lends a library with the workspace `band`, and a program that is told of its posts.
func withEar(_ body: (Place, Ear) throws -> Void) throws {
    try withBand { place in try body(place, Ear(in: place)) }
}
