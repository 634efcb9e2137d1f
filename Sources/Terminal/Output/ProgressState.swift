import Catalog

/// How far a piece of work has come at one moment, and how that is told.
struct ProgressState: Sendable {
    let what: String
    let unit: Progress.Unit
    let done: Int64
    let total: Int64?
    let perSecond: Double

    /// The seconds that the rest takes at this speed; nil if nothing says how much is left.
    var secondsLeft: Double? {
        guard let total, total >= done, perSecond > 0 else { return nil }
        return Double(total - done) / perSecond
    }

    /// One line for people: `Adding files  1.2 GiB/4.0 GiB  30 %  210.5 MiB/s  0:14 left`.
    var line: String {
        var parts = [what, total.map { "\(amount(done))/\(amount($0))" } ?? amount(done)]
        if let total, total > 0 { parts.append("\(min(100, Int(Double(done) / Double(total) * 100))) %") }
        if perSecond > 0 { parts.append("\(amount(Int64(clamping: perSecond)))/s") }
        if let secondsLeft { parts.append("\(Quantity.duration(seconds: secondsLeft)) left") }
        return parts.joined(separator: "  ")
    }

    /// One line for programs: `{"progress":{"done":…,"perSecond":…,"secondsLeft":…,"total":…,"unit":…,"what":…}}`.
    var json: String {
        var fields: JSONObject = [
            "what": .string(what), "unit": .string(unit.rawValue), "done": .integer(done),
            "perSecond": JSON((perSecond * 10).rounded() / 10),
        ]
        fields["total"] = total.map(JSON.integer)
        fields["secondsLeft"] = secondsLeft.map { JSON(($0 * 10).rounded() / 10) }
        return JSON.object(["progress": .object(fields)]).description
    }

    private func amount(_ value: Int64) -> String {
        switch unit {
        case .items: Quantity.count(value)
        case .bytes: Quantity.size(value)
        }
    }
}

extension Int64 {
    /// Rounds a number, and stays in range where it is too large.
    fileprivate init(clamping value: Double) {
        self = value >= 9e18 ? .max : Int64(value.rounded())
    }
}
