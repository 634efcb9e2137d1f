/// An option of a command, declared once as a static value and read with the same value: `invocation[Self.title]`.
///
/// So a name cannot be misspelt where it is read, and the type of what is read follows from the declaration.
struct Option<Value: Sendable>: OptionDeclaring {
    let declaration: OptionDeclaration
}

/// Anything that declares an option, whatever the type of its value.
protocol OptionDeclaring: Sendable {
    var declaration: OptionDeclaration { get }
}

/// All that parsing, help, completions and the manual page need to know of an option.
struct OptionDeclaration: Sendable {
    /// The long name, without dashes.
    let name: String
    /// The one letter that abbreviates it.
    let short: Character?
    /// What stands for the value in help; nil for a flag, which has none.
    let placeholder: String?
    let completion: Completion
    let help: String
    var isRepeatable = false
    var isRequired = false
    /// What is taken if the option is not given, for help.
    var defaultText: String?
    /// Turns the words given, in their order, into a `Converted<Value>`.
    let convert: @Sendable ([Word]) throws(Complaint) -> any Sendable

    var isFlag: Bool { placeholder == nil }
}

/// The value that an option or argument came to; the type tells apart "nothing given" and "not declared".
struct Converted<Value: Sendable>: Sendable {
    let value: Value
}

extension Option where Value == Bool {
    /// Declares an option without a value.
    static func flag(_ name: String, short: Character? = nil, help: String) -> Option {
        Option(
            declaration: OptionDeclaration(
                name: name, short: short, placeholder: nil, completion: .none, help: help
            ) { words in Converted(value: !words.isEmpty) })
    }
}

extension Option {
    /// Declares an option that need not be given; the last one given counts.
    static func optional<Base>(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Base>, value: String? = nil, help: String
    ) -> Option where Value == Base? {
        Option(
            declaration: OptionDeclaration(
                name: name, short: short, placeholder: value ?? kind.placeholder, completion: kind.completion,
                help: help
            ) { words throws(Complaint) in
                guard let last = words.last else { return Converted<Base?>(value: nil) }
                return Converted<Base?>(value: try kind.convert(last))
            })
    }

    /// Declares an option that has a value even if it is not given.
    static func defaulted(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, value: String? = nil,
        default fallback: Value, shown: String, help: String
    ) -> Option {
        var declaration = OptionDeclaration(
            name: name, short: short, placeholder: value ?? kind.placeholder, completion: kind.completion,
            help: help
        ) { words throws(Complaint) in
            guard let last = words.last else { return Converted(value: fallback) }
            return Converted(value: try kind.convert(last))
        }
        declaration.defaultText = shown
        return Option(declaration: declaration)
    }

    /// Declares an option that has one of a list of words as its value even if it is not given.
    static func defaulted(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, value: String? = nil,
        default fallback: Value, help: String
    ) -> Option where Value: Choice {
        defaulted(
            name, short: short, kind, value: value, default: fallback, shown: fallback.rawValue, help: help)
    }

    /// Declares an option that must be given.
    static func required(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, value: String? = nil, help: String
    ) -> Option {
        var declaration = OptionDeclaration(
            name: name, short: short, placeholder: value ?? kind.placeholder, completion: kind.completion,
            help: help
        ) { words throws(Complaint) in
            guard let last = words.last else { throw Complaint("is missing") }
            return Converted(value: try kind.convert(last))
        }
        declaration.isRequired = true
        return Option(declaration: declaration)
    }

    /// Declares an option that may be given several times; all values count, in their order.
    static func repeated<Element>(
        _ name: String, short: Character? = nil, _ kind: ValueKind<Element>, value: String? = nil, help: String
    ) -> Option where Value == [Element] {
        var declaration = OptionDeclaration(
            name: name, short: short, placeholder: value ?? kind.placeholder, completion: kind.completion,
            help: help
        ) { words throws(Complaint) in
            var values: [Element] = []
            for word in words { values.append(try kind.convert(word)) }
            return Converted(value: values)
        }
        declaration.isRepeatable = true
        return Option(declaration: declaration)
    }
}
