import Catalog

/// Members of the JSON of a blob, each with its own words where it is missing or of another kind.
extension JSONObject {
    func object(_ key: String) throws(AnalysisError) -> JSONObject {
        guard let value = self[key]?.asObject else { throw lacks(key, "an object") }
        return value
    }

    func list(_ key: String) throws(AnalysisError) -> [JSON] {
        guard let value = self[key]?.asArray else { throw lacks(key, "a list") }
        return value
    }

    func text(_ key: String) throws(AnalysisError) -> String {
        guard let value = self[key]?.asString else { throw lacks(key, "text") }
        return value
    }

    func double(_ key: String) throws(AnalysisError) -> Double {
        guard let value = self[key]?.asDouble else { throw lacks(key, "a number") }
        return value
    }

    func optionalDouble(_ key: String) throws(AnalysisError) -> Double? {
        self[key] == nil ? nil : try double(key)
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(AnalysisError) -> Int {
        guard let value = self[key]?.asInteger, range.contains(Int(value)) else {
            throw lacks(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(value)
    }

    private func lacks(_ key: String, _ kind: String) -> AnalysisError {
        AnalysisError(.damaged, "lacks \(kind) at \"\(key)\"")
    }
}
