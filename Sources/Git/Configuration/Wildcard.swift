/// A pattern as git matches paths with: `*` and `?` stand for anything but a slash, `**` between slashes for any number of
/// folders, `[a-z]` for one character of a set, and a backslash takes a character as it is.
struct Wildcard {
    private let pattern: [UInt8]
    private let ignoresCase: Bool

    init(_ pattern: String, ignoringCase: Bool = false) {
        ignoresCase = ignoringCase
        self.pattern = Array((ignoringCase ? pattern.lowercased() : pattern).utf8)
    }

    func matches(_ text: String) -> Bool {
        var budget = 100_000
        let text = Array((ignoresCase ? text.lowercased() : text).utf8)
        return matches(pattern[...], text[...], &budget)
    }

    /// The budget ends patterns that nobody writes and that would take for ever.
    private func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ budget: inout Int) -> Bool {
        var (pattern, text) = (pattern, text)
        while let sign = pattern.first {
            budget -= 1
            if budget < 0 { return false }
            if sign == UInt8(ascii: "*") { return matchesStar(pattern, text, &budget) }
            guard let byte = text.first else { return false }
            switch sign {
            case UInt8(ascii: "?"):
                if byte == UInt8(ascii: "/") { return false }
                pattern.removeFirst()
            case UInt8(ascii: "["):
                guard let rest = Self.rest(of: pattern, ifSetHas: byte) else { return false }
                pattern = rest
            case UInt8(ascii: "\\") where pattern.count > 1:
                pattern.removeFirst()
                if pattern.removeFirst() != byte { return false }
            default:
                if sign != byte { return false }
                pattern.removeFirst()
            }
            text.removeFirst()
        }
        return text.isEmpty
    }

    private func matchesStar(
        _ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ budget: inout Int
    ) -> Bool {
        let stars = pattern.prefix { $0 == UInt8(ascii: "*") }
        let after = pattern[stars.endIndex...]
        let isAtStart = stars.startIndex == 0 || self.pattern[stars.startIndex - 1] == UInt8(ascii: "/")
        let crosses = stars.count > 1 && isAtStart && (after.isEmpty || after.first == UInt8(ascii: "/"))
        // "**/" is also no folder at all.
        if crosses, !after.isEmpty, matches(after.dropFirst(), text, &budget) { return true }
        var rest = text
        while true {
            if matches(after, rest, &budget) { return true }
            guard let byte = rest.first, crosses || byte != UInt8(ascii: "/") else { return false }
            rest.removeFirst()
        }
    }

    /// What follows the set, where it has that byte.
    private static func rest(of pattern: ArraySlice<UInt8>, ifSetHas byte: UInt8) -> ArraySlice<UInt8>? {
        var rest = pattern.dropFirst()
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var (has, isFirst) = (false, true)
        while let first = rest.popFirst() {
            if first == UInt8(ascii: "]"), !isFirst {
                return has != isNegated && byte != UInt8(ascii: "/") ? rest : nil
            }
            isFirst = false
            var (low, high) = (first, first)
            if first == UInt8(ascii: "\\"), let taken = rest.popFirst() { (low, high) = (taken, taken) }
            if rest.first == UInt8(ascii: "-"), let last = rest.dropFirst().first, last != UInt8(ascii: "]") {
                high = last
                rest.removeFirst(2)
            }
            if low <= byte, byte <= high { has = true }
        }
        return nil
    }
}
