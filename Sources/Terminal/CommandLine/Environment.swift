import Glibc

/// The environment variables, read here at the edge and handed down as values.
struct Environment: Sendable {
    private let lookup: @Sendable (String) -> Word?

    /// The environment of this process.
    static var process: Environment {
        Environment { name in
            guard let value = getenv(name) else { return nil }
            return Word(bytes: UnsafeBufferPointer(start: value, count: strlen(value)).map(UInt8.init(bitPattern:)))
        }
    }

    /// Makes an environment that holds just these variables.
    init(_ variables: [String: Word]) {
        lookup = { variables[$0] }
    }

    private init(lookup: @escaping @Sendable (String) -> Word?) {
        self.lookup = lookup
    }

    /// The value of a variable; nil if it is unset or empty.
    subscript(_ name: String) -> Word? {
        guard let value = lookup(name), !value.bytes.isEmpty else { return nil }
        return value
    }
}
