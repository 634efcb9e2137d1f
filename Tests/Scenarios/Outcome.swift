import Catalog
import Files
import Testing

/// What came of one run of a program.
struct Outcome: CustomStringConvertible {
    let words: [Word]
    /// The exit status, or 128 plus the number of the signal that ended it.
    let status: Int32
    let out: [UInt8]
    let err: [UInt8]

    var text: String { String(decoding: out, as: UTF8.self) }
    var complaint: String { String(decoding: err, as: UTF8.self) }
    /// The standard output without the line's end.
    var line: String { text.hasSuffix("\n") ? String(text.dropLast()) : text }

    /// The standard output, which must be one JSON document and nothing else.
    func json() throws -> JSON {
        do { return try JSON.parse(out) } catch { throw Unexpected("not one JSON document (\(error)): \(self)") }
    }

    var description: String {
        "\(words.dropFirst().map(\.description).joined(separator: " ")) → \(status)\n\(text)\(complaint)"
    }

    /// The run itself, which must have done what it was asked to.
    @discardableResult
    func done() throws -> Outcome {
        if status != 0 { throw Unexpected("\(self)") }
        return self
    }

    /// Whether a check has met nothing but the locks of those who were just killed, which the next writer clears.
    var isOfLeftLock: Bool {
        let locks = ["refs/heads/main.lock", "config.lock", "packed-refs.lock"].map { "damaged lock \($0)" }
        return status == 6
            && text.split(separator: "\n").allSatisfy { line in locks.contains { line.hasPrefix($0) } }
    }

    /// Expects the document of an error with this status and code.
    func expectFailure(
        _ status: Int32, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(self.status == status, "\(self)", sourceLocation: sourceLocation)
        let error = try json()["error"]
        #expect(error?["code"]?.asString == code, "\(self)", sourceLocation: sourceLocation)
        let message = error?["message"]?.asString ?? ""
        #expect(!message.isEmpty && !message.contains("\n"), "\(self)", sourceLocation: sourceLocation)
    }
}

/// Asks again and again, for a minute at most.
func eventually(
    _ condition: () throws -> Bool, location: SourceLocation = #_sourceLocation
) throws {
    let watch = Stopwatch()
    while watch.seconds < 60 {
        if try condition() { return }
        SystemClock.sleep(seconds: 0.05)
    }
    Issue.record("it never came to be", sourceLocation: location)
}
