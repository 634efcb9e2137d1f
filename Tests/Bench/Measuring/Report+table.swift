extension Report {
    /// The figures for people.
    var table: String {
        let heading = ["row", "what", "Offbeat", "against", "", "judged", "goal", "met"]
        let rows = [heading] + findings.map(\.cells)
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = "measured in \(place); \(machine.cores) cores, kernel \(machine.kernel), load \(machine.load)\n"
        if machine.isBusy { text += "other programs kept the machine busy: differences and times mean little\n" }
        text += "median [least–greatest]; what is judged is formed run by run\n\n"
        for row in rows {
            let line = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            text += line.joined(separator: "  ").trimmingEnd() + "\n"
        }
        var said: [String] = []
        for finding in findings where !finding.note.isEmpty {
            let note = "\(finding.row), \(finding.what): \(finding.note)"
            if !said.contains(note) { said.append(note) }
        }
        return text + (said.isEmpty ? "" : "\n" + said.joined(separator: "\n"))
    }
}

extension Finding {
    fileprivate var cells: [String] {
        let (judgement, limit) = judgement
        return [
            row, what, unit.text(ours), other?.name ?? "", other.map { unit.text($0.sample) } ?? "",
            judgement, limit, isMet.map { $0 ? "yes" : "NO" } ?? "",
        ]
    }

    private var judgement: (String, String) {
        switch goal {
        case .times(let limit): (timesText(judged), "≤ \(decimal(limit, 3)) ×")
        case .more(let limit): (unit.text(judged), "≤ other + \(unit.text(limit))")
        case .atMost(let limit): ("", "≤ \(unit.text(limit))")
        case .none: (other == nil ? "" : timesText(judged), "")
        }
    }

    private func timesText(_ sample: Sample) -> String {
        "\(decimal(sample.median, 3)) × [\(decimal(sample.least, 3))–\(decimal(sample.greatest, 3))]"
    }
}

extension Finding.Unit {
    /// A number in the size of unit that suits it.
    fileprivate func text(_ value: Double) -> String {
        let (scale, name) = size(for: value)
        return "\(decimal(value / scale, name == "" || name == "B" ? 0 : 2)) \(name)".trimmingEnd()
    }

    /// The median, least and greatest, all in the same size of unit.
    fileprivate func text(_ sample: Sample) -> String {
        let (scale, name) = size(for: sample.median)
        let digits = name == "" || name == "B" ? 0 : 2
        let (median, least, greatest) = (sample.median / scale, sample.least / scale, sample.greatest / scale)
        if sample.values.count == 1 { return "\(decimal(median, digits)) \(name)".trimmingEnd() }
        return "\(decimal(median, digits)) [\(decimal(least, digits))–\(decimal(greatest, digits))] \(name)"
            .trimmingEnd()
    }

    private func size(for value: Double) -> (Double, String) {
        switch self {
        case .seconds: abs(value) < 1 ? (0.001, "ms") : (1, "s")
        case .bytes: abs(value) < mebibyte ? (1, "B") : (mebibyte, "MiB")
        case .files, .races, .requests: (1, "")
        case .share: (0.01, "%")
        case .decibels: (1, "dB")
        }
    }
}

private let mebibyte = 1_048_576.0

/// A number with so many digits after the point.
func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let whole = Int((abs(value) * scale).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    if digits == 0 { return sign + String(whole) }
    let fraction = String(whole % Int(scale))
    return "\(sign)\(whole / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
