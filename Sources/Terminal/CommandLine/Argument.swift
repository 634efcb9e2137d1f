/// A word or words that a command takes by their place, declared and read like an `Option`.
struct Argument<Value: Sendable>: ArgumentDeclaring {
    let declaration: ArgumentDeclaration
}

/// Anything that declares an argument, whatever the type of its value.
protocol ArgumentDeclaring: Sendable {
    var declaration: ArgumentDeclaration { get }
}

/// All that parsing, help, completions and the manual page need to know of an argument.
struct ArgumentDeclaration: Sendable {
    /// The name in capitals, as it stands in the usage line.
    let name: String
    let completion: Completion
    let help: String
    /// How many words it needs.
    let minimum: Int
    /// How many words it can take; nil for any number.
    let maximum: Int?
    /// Turns the words given into a `Converted<Value>`.
    let convert: @Sendable ([Word]) throws(ArgumentComplaint) -> any Sendable

    /// How the usage line shows it: `ID`, `[DIR]`, `PATH…`, `[QUERY…]`.
    var usage: String {
        let repeated = maximum == nil ? name + "…" : name
        return minimum == 0 ? "[\(repeated)]" : repeated
    }
}

/// What is wrong with one of an argument's words, and which.
struct ArgumentComplaint: Error {
    let word: Word
    let complaint: Complaint
}

extension ValueKind {
    fileprivate func convertArgument(_ word: Word) throws(ArgumentComplaint) -> Value {
        do {
            return try convert(word)
        } catch {
            throw ArgumentComplaint(word: word, complaint: error)
        }
    }
}

extension Argument {
    /// Declares an argument that must be given.
    static func one(_ name: String, _ kind: ValueKind<Value>, help: String) -> Argument {
        Argument(
            declaration: ArgumentDeclaration(
                name: name, completion: kind.completion, help: help, minimum: 1, maximum: 1
            ) { words throws(ArgumentComplaint) in
                Converted(value: try kind.convertArgument(words[0]))
            })
    }

    /// Declares an argument that may be left out.
    static func optional<Base>(_ name: String, _ kind: ValueKind<Base>, help: String) -> Argument
    where Value == Base? {
        Argument(
            declaration: ArgumentDeclaration(
                name: name, completion: kind.completion, help: help, minimum: 0, maximum: 1
            ) { words throws(ArgumentComplaint) in
                guard let word = words.first else { return Converted<Base?>(value: nil) }
                return Converted<Base?>(value: try kind.convertArgument(word))
            })
    }

    /// Declares an argument that takes any number of words, but so many at least.
    static func many<Element>(
        _ name: String, _ kind: ValueKind<Element>, atLeast minimum: Int = 1, help: String
    ) -> Argument where Value == [Element] {
        Argument(
            declaration: ArgumentDeclaration(
                name: name, completion: kind.completion, help: help, minimum: minimum, maximum: nil
            ) { words throws(ArgumentComplaint) in
                var values: [Element] = []
                for word in words { values.append(try kind.convertArgument(word)) }
                return Converted(value: values)
            })
    }
}
