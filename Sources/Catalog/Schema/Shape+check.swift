/// What is wrong with a value, and where in it.
struct Fault: Error {
    var path: String
    let reason: String
    /// Whether the value is of the right form, but too long or out of range.
    var isLimit = false

    init(_ reason: String, isLimit: Bool = false) {
        path = ""
        self.reason = reason
        self.isLimit = isLimit
    }

    func inside(_ name: String) -> Fault {
        var fault = self
        fault.path = path.isEmpty ? name : "\(name).\(path)"
        return fault
    }
}

extension Shape {
    /// How strictly a value is looked at.
    enum Strictness {
        /// Only its types: what was written elsewhere is read as long as it makes sense.
        case reading
        /// Lengths, ranges, choices and the names of elements too.
        case editing
    }

    /// Throws what is wrong with a value.
    func check(_ value: JSON, _ strictness: Strictness) throws(Fault) {
        switch self {
        case .line(let limit): try checkText(value, limit, isLine: true, strictness)
        case .text(let limit): try checkText(value, limit, isLine: false, strictness)
        case .integer(let range): try checkInteger(value, range, strictness)
        case .number(let low, let high): try checkNumber(value, low, high, strictness)
        case .bool: guard value.asBool != nil else { throw wrong(value, "true or false") }
        case .choice(let words): try checkChoice(value, words, strictness)
        case .stamp: try checkScalar(value, "a stamp") { Stamp($0) != nil }
        case .hash: try checkScalar(value, "a SHA-256 (64 hexadecimal digits)") { ASCII.isHex($0, digits: 64) }
        case .identifier: try checkScalar(value, "an id (32 hexadecimal digits)") { ASCII.isHex($0, digits: 32) }
        case .name: try checkScalar(value, "a short name of a-z, 0-9 and hyphens") { Slug($0) != nil }
        case .localTime: try checkScalar(value, "a time such as 2026-11-20T09:00:00") { LocalTime($0) != nil }
        case .object(let fields): try Self.check(try object(value), fields, strictness)
        case .stamped(let fields): try checkStamped(try object(value), fields, strictness)
        case .list(let shape): try checkList(value, shape, strictness)
        case .set(let rule, let fields): try checkSet(try object(value), rule, fields, strictness)
        case .stamps: try checkStamps(try object(value))
        }
    }

    /// Throws what is wrong with the known members of an object; both sides are sorted, so one walk does it.
    static func check(_ object: JSONObject, _ fields: [Field], _ strictness: Strictness) throws(Fault) {
        var rest = object.entries[...]
        for field in fields {
            while let entry = rest.first, UTF8Order.precedes(entry.key, field.name) { rest.removeFirst() }
            guard let entry = rest.first, UTF8Order.equal(entry.key, field.name) else {
                if field.isRequired { throw Fault("is missing").inside(field.name) }
                continue
            }
            do throws(Fault) {
                try field.shape.check(entry.value, strictness)
            } catch {
                throw error.inside(field.name)
            }
        }
    }

    private func wrong(_ value: JSON, _ expected: String) -> Fault {
        Fault("is \(value.kindName), expected \(expected)")
    }

    private func object(_ value: JSON) throws(Fault) -> JSONObject {
        guard let object = value.asObject else { throw wrong(value, "an object") }
        return object
    }

    private func checkScalar(_ value: JSON, _ expected: String, _ isGood: (String) -> Bool) throws(Fault) {
        guard let text = value.asString else { throw wrong(value, expected) }
        guard isGood(text) else { throw Fault("is not \(expected)") }
    }

    private func checkText(_ value: JSON, _ limit: Int, isLine: Bool, _ strictness: Strictness) throws(Fault) {
        guard let text = value.asString else { throw wrong(value, "text") }
        if strictness == .editing { try Self.checkText(text, limit, isLine: isLine) }
    }

    private static func checkText(_ text: String, _ limit: Int, isLine: Bool) throws(Fault) {
        // Only long text is counted by scalar, which is slower than by byte.
        guard text.utf8.count <= limit || text.unicodeScalars.count <= limit else {
            throw Fault("is longer than \(limit) characters", isLimit: true)
        }
        for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
            if !isLine, scalar == "\n" || scalar == "\t" { continue }
            throw Fault(isLine ? "must be one line without control characters" : "contains a control character")
        }
    }

    private func checkInteger(
        _ value: JSON, _ range: ClosedRange<Int64>, _ strictness: Strictness
    ) throws(Fault) {
        guard let number = value.asInteger else { throw wrong(value, "a whole number") }
        if strictness == .editing, !range.contains(number) {
            throw Fault("must be from \(range.lowerBound) to \(range.upperBound)", isLimit: true)
        }
    }

    private func checkNumber(
        _ value: JSON, _ low: Double, _ high: Double, _ strictness: Strictness
    ) throws(Fault) {
        guard let number = value.asDouble else { throw wrong(value, "a number") }
        if strictness == .editing, !(number > low && number <= high) {
            throw Fault("must be above \(JSON(low)) and at most \(JSON(high))", isLimit: true)
        }
    }

    private func checkChoice(_ value: JSON, _ words: [String], _ strictness: Strictness) throws(Fault) {
        guard let text = value.asString else { throw wrong(value, "text") }
        if strictness == .editing, !words.contains(text) {
            throw Fault("must be one of: \(words.joined(separator: ", "))")
        }
    }

    private func checkStamped(
        _ object: JSONObject, _ fields: [Field], _ strictness: Strictness
    ) throws(Fault) {
        guard let at = object["at"]?.asString, Stamp(at) != nil else { throw Fault("is no stamp").inside("at") }
        try Self.check(object, fields, strictness)
    }

    private func checkList(_ value: JSON, _ shape: Shape, _ strictness: Strictness) throws(Fault) {
        guard let elements = value.asArray else { throw wrong(value, "a list") }
        for (index, element) in elements.enumerated() {
            do throws(Fault) { try shape.check(element, strictness) } catch { throw error.inside("\(index)") }
        }
    }

    private func checkStamps(_ object: JSONObject) throws(Fault) {
        for entry in object.entries where entry.value.asString.flatMap({ Stamp($0) }) == nil {
            throw Fault("is no stamp").inside(entry.key)
        }
    }

    private func checkSet(
        _ object: JSONObject, _ rule: ElementRule, _ fields: [Field], _ strictness: Strictness
    ) throws(Fault) {
        for entry in object.entries {
            do throws(Fault) {
                if strictness == .editing { try rule.check(entry.key) }
                let element = try self.object(entry.value)
                let isGone = try Self.isGone(element)
                try checkStamped(element, isGone ? [] : fields, strictness)
            } catch {
                throw error.inside(entry.key)
            }
        }
    }

    private static func isGone(_ element: JSONObject) throws(Fault) -> Bool {
        guard let gone = element["gone"] else { return false }
        guard let isGone = gone.asBool else { throw Fault("is not true").inside("gone") }
        return isGone
    }
}

extension Shape.ElementRule {
    /// Throws why a set cannot hold an element of that name.
    func check(_ element: String) throws(Fault) {
        switch self {
        case .line(let limit):
            guard !element.isEmpty else { throw Fault("must not be empty") }
            try Shape.line(limit).check(.string(element), .editing)
        case .identifier: guard TrackID(element) != nil else { throw Fault("is not an id") }
        case .conflict: guard Conflict.Key(element) != nil else { throw Fault("is not the key of a conflict") }
        }
    }
}
