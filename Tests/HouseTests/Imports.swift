/// Finds the modules that Swift source imports.
enum Imports {
    /// The words that may stand between `import` and the module's name.
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
    ]

    /// Returns the modules in the order of their import lines, whatever stands before the word `import`:
    /// `public import A`, `@testable import B`, `@_spi(C) import D`, `import struct E.F`.
    static func modules(in source: String) -> [String] {
        source.split(whereSeparator: \.isNewline).flatMap(modules(inLine:))
    }

    private static func modules(inLine line: Substring) -> [String] {
        line.split(separator: ";").compactMap { statement in
            let code = statement.firstRange(of: "//").map { statement[..<$0.lowerBound] } ?? statement
            let words = code.split(whereSeparator: \.isWhitespace)
            guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(isModifier) else {
                return nil
            }
            let name = words[(place + 1)...].first { !kinds.contains($0) }
            return name?.split(separator: ".").first.map(String.init)
        }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        return word.hasPrefix("@") || access.contains(word)
    }
}

/// Finds the targets of a manifest and what each depends on.
///
/// Reads only the form in which this package writes them: `room("Name", on: ["Other", …])`, and `.executableTarget`
/// or `.target` with `name:` and `dependencies:`.
enum Manifest {
    /// Returns the targets that are neither tests nor libraries of C, with their dependencies.
    static func targets(in manifest: String) -> [String: [String]] {
        var result: [String: [String]] = [:]
        let code = manifest.split(whereSeparator: \.isNewline).filter {
            !$0.drop(while: \.isWhitespace).hasPrefix("//")
        }.joined(separator: " ")
        for opening in ["room(", ".executableTarget(", ".target("] {
            for range in code.ranges(of: opening) {
                let call = code[range.upperBound...]
                let quoted = call.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
                // A definition such as `func room(_ name: String …)` names no target.
                guard quoted.count == 3, !quoted[0].contains(")"), let list = brackets(in: quoted[2]) else {
                    continue
                }
                result[String(quoted[1])] = strings(in: list)
            }
        }
        return result
    }

    private static func brackets(in text: Substring) -> Substring? {
        guard let open = text.firstIndex(of: "["), let close = text[open...].firstIndex(of: "]") else { return nil }
        return text[text.index(after: open)..<close]
    }

    private static func strings(in list: Substring) -> [String] {
        list.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
