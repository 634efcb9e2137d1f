import Glibc

/// The environment variables, read here at the edge and handed down as values.
struct Environment: Sendable {
    private let lookup: @Sendable (String) -> Word?
    /// All variables, as text: for programs and libraries that look for their own.
    let all: @Sendable () -> [String: String]

    /// The environment of this process.
    static var process: Environment {
        Environment(
            lookup: { name in
                guard let value = getenv(name) else { return nil }
                return Word(
                    bytes: UnsafeBufferPointer(start: value, count: strlen(value)).map(UInt8.init(bitPattern:)))
            }, all: variables)
    }

    private static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        var place = environ
        while let line = place.pointee {
            let words = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if words.count == 2 { variables[String(words[0])] = String(words[1]) }
            place += 1
        }
        return variables
    }

    /// Makes an environment that holds just these variables.
    init(_ variables: [String: Word]) {
        lookup = { variables[$0] }
        all = { variables.mapValues { String(decoding: $0.bytes, as: UTF8.self) } }
    }

    private init(
        lookup: @escaping @Sendable (String) -> Word?, all: @escaping @Sendable () -> [String: String]
    ) {
        self.lookup = lookup
        self.all = all
    }

    /// The value of a variable; nil if it is unset or empty.
    subscript(_ name: String) -> Word? {
        guard let value = lookup(name), !value.bytes.isEmpty else { return nil }
        return value
    }
}
