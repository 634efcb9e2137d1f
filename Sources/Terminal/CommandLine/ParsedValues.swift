/// The values that a call gave, by the names under which they were declared.
struct ParsedValues: Sendable {
    private var options: [String: any Sendable] = [:]
    private var arguments: [String: any Sendable] = [:]

    /// Reads the value of an option.
    ///
    /// Reading an option that the command did not declare is a mistake of the program, and stops it.
    subscript<Value>(option: Option<Value>) -> Value {
        guard let converted = options[option.declaration.name] as? Converted<Value> else {
            preconditionFailure("the command reads --\(option.declaration.name) but does not declare it")
        }
        return converted.value
    }

    /// Reads the value of an argument, under the same condition.
    subscript<Value>(argument: Argument<Value>) -> Value {
        guard let converted = arguments[argument.declaration.name] as? Converted<Value> else {
            preconditionFailure("the command reads \(argument.declaration.name) but does not declare it")
        }
        return converted.value
    }

    /// Converts the words given for an option and keeps the value.
    mutating func set(_ option: OptionDeclaration, from words: [Word]) throws(Failure) {
        do {
            options[option.name] = try option.convert(words)
        } catch {
            guard !words.isEmpty else {
                throw .usage("--\(option.name) \(error.reason)", hint: error.hint)
            }
            let word = words.count == 1 ? words[0] : words.first { (try? option.convert([$0])) == nil } ?? words[0]
            throw .usage("--\(option.name): '\(word)' \(error.reason)", hint: error.hint)
        }
    }

    /// Converts the words given for an argument and keeps the value.
    mutating func set(_ argument: ArgumentDeclaration, from words: [Word]) throws(Failure) {
        do {
            arguments[argument.name] = try argument.convert(words)
        } catch {
            throw .usage("\(argument.name): '\(error.word)' \(error.complaint.reason)", hint: error.complaint.hint)
        }
    }
}
