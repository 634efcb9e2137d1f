import Files
import Testing

/// A page of the project's documentation, read from the sources.
///
/// These tests keep the pages true: what is shown as a session is run, what is shown as a record is read, and what is
/// said of commands and tests is held against their declarations.
struct Page {
    let lines: [String]
    let file: FilePath

    /// The top of the repository.
    static let top = FilePath(#filePath).parent.parent.parent

    init(_ path: String) throws {
        file = Self.top.appending(path)
        let text = String(decoding: try FileSystem.read(file), as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// A fenced block and what stands behind its opening fence.
    struct Block: CustomStringConvertible {
        let info: String
        let lines: [String]
        /// The number of its first line.
        let place: Int

        var text: String { lines.map { $0 + "\n" }.joined() }
        var description: String { "\(info), line \(place)" }
    }

    /// The fenced blocks of a language, in their order.
    func blocks(_ language: String) -> [Block] {
        var found: [Block] = []
        var open: (info: String, start: Int)?
        for (index, line) in lines.enumerated() where line.hasPrefix("```") {
            if let block = open {
                let body = lines[block.start..<index]
                found.append(Block(info: block.info, lines: Array(body), place: block.start + 1))
                open = nil
            } else {
                open = (String(line.dropFirst(3)), index + 1)
            }
        }
        return found.filter { $0.info.split(separator: " ").first.map(String.init) == language }
    }

    /// The lines below a heading, up to the next one of the same or a higher level.
    func section(_ heading: String) -> [String] {
        guard let start = lines.firstIndex(of: heading) else { return [] }
        let level = heading.prefix { $0 == "#" }.count
        let rest = lines[(start + 1)...]
        let end = rest.firstIndex { line in
            let marks = line.prefix { $0 == "#" }.count
            return marks > 0 && marks <= level && line.dropFirst(marks).hasPrefix(" ")
        }
        return Array(rest[..<(end ?? lines.endIndex)])
    }

    /// What stands in backquotes.
    var quoted: [String] {
        lines.flatMap { line in
            line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }
}
